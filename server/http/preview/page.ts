// The guarded page of one message: its HTML behind two walls, or its text, or a line that says there is neither.

import { decodeBody } from '../../mail/decode.ts';
import { linksInText } from '../../mail/links.ts';
import { allParts } from '../../mail/mime.ts';
import type { OpenedMessage } from '../../mail/open.ts';
import { sniff } from '../../mail/sniff.ts';
import { PREVIEW_LIMITS } from './resources.ts';
import type { PreviewLimits } from './resources.ts';
import { escapeHtml, sanitize } from './sanitize.ts';

const RASTER = new Set(['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/bmp', 'image/avif', 'image/x-icon']);

// An opaque origin without script, form, frame or plug-in: the first wall, which holds alone.
const BASE_POLICY = "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'";
const END_POLICY = "form-action 'none'; base-uri 'none'; frame-ancestors 'self'";
const POLICY = {
  off: (images: string) => `${BASE_POLICY}; img-src ${images || 'data:'}; style-src 'unsafe-inline'; font-src data:; ${END_POLICY}`,
  on: (images: string) =>
    `${BASE_POLICY}; img-src ${images || 'data: http: https:'}; style-src 'unsafe-inline' http: https:; font-src data: http: https:; media-src http: https:; ${END_POLICY}`,
};

/** A guess at what readers that darken mail by themselves make of it: all is inverted, then pictures, and what has one behind it, back. */
const FORCED_DARK =
  '<style>html{background:#fff;filter:invert(1) hue-rotate(180deg)}' +
  'img,video,svg,[background],[style*="url("]:not([style*="data:,"]){filter:invert(1) hue-rotate(180deg)!important}' +
  ':is([background],[style*="url("]:not([style*="data:,"])) :is(img,video,svg){filter:none!important}</style>';

/** Inline pictures by Content-ID, each decoded when it is first asked for; only what its first octets say is a picture. */
export function inlineImages(raw: Buffer, { root }: OpenedMessage, limits: PreviewLimits): (contentId: string) => string | null {
  const parts = new Map([...allParts(root)].flatMap((part) => (part.id === null ? [] : [[part.id.replace(/^<|>$/g, ''), part] as const])));
  const made = new Map<string, string | null>();
  return (contentId) => {
    const known = made.get(contentId);
    if (known !== undefined) return known;
    const part = parts.get(contentId);
    // Base64 is a third longer than what it holds: far too long ones are not even decoded.
    const content = part && part.bodyEnd - part.bodyStart <= limits.image * 2 ? decodeBody(raw, part) : null;
    const type = content && content.length <= limits.image ? sniff(content) : null;
    const image = content && type !== null && RASTER.has(type) ? `data:${type};base64,${content.toString('base64')}` : null;
    made.set(contentId, image);
    return image;
  };
}

/** Plain text with its links, as text. */
export function textPage(text: string): string {
  const parts: string[] = [];
  let at = 0;
  for (const { href } of linksInText(text)) {
    const start = text.indexOf(href, at);
    if (start < 0) continue;
    parts.push(escapeHtml(text.slice(at, start)));
    parts.push(`<a href="${escapeHtml(href)}" target="_blank" rel="noopener noreferrer">${escapeHtml(href)}</a>`);
    at = start + href.length;
  }
  parts.push(escapeHtml(text.slice(at)));
  // Text has no colours of its own, so that it goes with the scheme that is looked at.
  return `<meta name="color-scheme" content="light dark"><pre style="white-space:pre-wrap;overflow-wrap:anywhere;margin:20px 24px;max-width:80ch;font:13px/1.55 ui-monospace,monospace">${parts.join('')}</pre>`;
}

const page = (content: string): string =>
  `<!doctype html><html><head><meta charset="utf-8"><base target="_blank"><title>Message preview</title>${content}`;

export interface PreviewOptions {
  /** Let the browser load what lies elsewhere. */
  readonly remote: boolean;
  readonly pictures?: boolean;
  readonly styles?: boolean;
  readonly forcedDark?: boolean;
  readonly limits?: PreviewLimits;
}

export function previewPage(raw: Buffer, opened: OpenedMessage, options: PreviewOptions): Response {
  const { remote, pictures = true, styles = true, forcedDark = false, limits = PREVIEW_LIMITS } = options;
  const sanitized =
    opened.html === null
      ? {
          html: textPage((opened.text ?? 'This message has neither HTML nor text.').slice(0, limits.html)),
          removed: new Map<string, number>(),
          remote: 0,
        }
      : sanitize(opened.html, { images: inlineImages(raw, opened, limits), remote, pictures, styles, limits });
  return new Response(page(forcedDark ? FORCED_DARK + sanitized.html : sanitized.html), {
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': POLICY[remote ? 'on' : 'off'](pictures ? '' : "'none'"),
      'Referrer-Policy': 'no-referrer',
      'X-Content-Type-Options': 'nosniff',
      'X-DNS-Prefetch-Control': 'off',
      'Cross-Origin-Resource-Policy': 'same-origin',
      'Cache-Control': 'no-store',
      'X-Mailrig-Removed': Array.from(sanitized.removed, ([what, count]) => `${what}=${count}`).join(', '),
      'X-Mailrig-Remote': String(sanitized.remote),
    },
  });
}
