// Addresses in a mail: which may be loaded, and what they become while nothing is loaded from elsewhere.

export interface PreviewLimits {
  /** Characters of HTML that are shown. */
  readonly html: number;
  /** Octets of one inline picture. */
  readonly image: number;
  /** Octets of all inline pictures of a page together, each as often as it is used. */
  readonly images: number;
}

export const PREVIEW_LIMITS: PreviewLimits = { html: 5_000_000, image: 5 * 1024 * 1024, images: 25 * 1024 * 1024 };

/** A grey box: stands where a picture cannot be shown. */
export const PLACEHOLDER =
  'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22 width=%2224%22 height=%2224%22%3E%3Crect width=%2224%22 height=%2224%22 fill=%22%23ccc%22/%3E%3C/svg%3E';

/** The address as a browser reads it: white space and control characters around it and line ends within do not count. */
export function readAddress(value: string): string {
  return value.replace(/[\u0000-\u001f\u007f-\u009f\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g, '').trim();
}

/** In lower case; empty for an address without scheme. */
export const schemeOf = (address: string): string => /^([a-z][a-z0-9+.-]*):/i.exec(address)?.[1]?.toLowerCase() ?? '';

const DATA_IMAGE = /^data:image\/(png|gif|jpe?g|webp|bmp|avif|x-icon|vnd\.microsoft\.icon|svg\+xml)[;,]/i;
const DATA_FONT = /^data:(font\/[a-z0-9.+-]+|application\/(x-)?font-[a-z0-9.+-]+|application\/vnd\.ms-fontobject)[;,]/i;

export interface Resources {
  /** Distinct addresses elsewhere. */
  readonly remote: ReadonlySet<string>;
  /** What to write for an address that would be loaded; null where it goes. */
  resolve(value: string): string | null;
}

/**
 * `images` gives the inline pictures by Content-ID as data: addresses. With `load` addresses elsewhere are kept, else they are only counted.
 * `removed` is told of every address that goes for good.
 */
export function createResources(
  images: (contentId: string) => string | null,
  load: boolean,
  limits: PreviewLimits,
  removed: (what: string) => void,
): Resources {
  const remote = new Set<string>();
  let inlined = 0;

  function inline(contentId: string): string {
    const image = images(contentId);
    if (image === null || inlined + image.length > limits.images * (4 / 3)) return PLACEHOLDER;
    inlined += image.length;
    return image;
  }

  function decoded(text: string): string {
    try {
      return decodeURIComponent(text);
    } catch {
      return text;
    }
  }

  return {
    remote,
    resolve(value) {
      const address = readAddress(value);
      const scheme = schemeOf(address);
      // Protocol-relative, also with the backslashes that browsers take for slashes.
      const elsewhere = /^[/\\]{2}/.test(address) ? `https:${address.replace(/^[/\\]{2}/, '//')}` : address;
      if (scheme === 'cid') return inline(decoded(address.slice(4)).replace(/^<|>$/g, ''));
      if (scheme === 'http' || scheme === 'https' || elsewhere !== address) {
        if (!URL.canParse(elsewhere)) return null;
        remote.add(elsewhere);
        return load ? elsewhere : null;
      }
      if (DATA_IMAGE.test(address) || DATA_FONT.test(address)) return address;
      // A relative one would name something of this server.
      if (address !== '') removed(scheme === '' ? 'relative-url' : `${scheme}-url`);
      return null;
    },
  };
}
