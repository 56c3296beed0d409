// Decides attribute by attribute what of a start tag stays.

import type { Attribute } from '../../mail/html-tokens.ts';
import { cleanCss } from './css.ts';
import { FORBIDDEN_ATTRIBUTES, HIDDEN_SCHEMES, IDLE_ATTRIBUTES, LINK_SCHEMES, LOADED, LOADED_LISTS, PAINT } from './policy.ts';
import { readAddress, schemeOf } from './resources.ts';
import type { Resources } from './resources.ts';

export interface Cleaned {
  readonly attributes: readonly Attribute[];
  /** The address of a link that cannot be followed here, to be shown after it. */
  readonly shownAddress: string | null;
}

export interface Cleaning {
  readonly resources: Resources;
  /** Told of everything that goes, by a short name. */
  readonly removed: (what: string) => void;
  /** False where the page is to have none: their addresses are still counted. */
  readonly pictures: boolean;
}

const NAME = /^[a-z_][\w:.-]*$/;

/** The candidates of a srcset; all of them, or none where one goes. */
function loadedList(value: string, { resources }: Cleaning): string | null {
  const candidates = value.split(/,\s+|,(?=https?:|\/\/)/i).map((text) => text.trim().split(/\s+/));
  const resolved = candidates
    .filter(([address]) => address)
    .map(([address = '', ...rest]) => ({ address: resources.resolve(address), rest }));
  if (resolved.length === 0 || resolved.some(({ address }) => address === null)) return null;
  return resolved.map(({ address, rest }) => [address?.replace(/[\s,]+/g, encodeURIComponent), ...rest].join(' ')).join(', ');
}

function linkAddress(value: string, cleaning: Cleaning): { href: string | null; shown: string | null } {
  const address = readAddress(value);
  const scheme = schemeOf(address);
  if (LINK_SCHEMES.has(scheme) || address.startsWith('#')) return { href: address, shown: null };
  if (scheme === '' && /^[/\\]{2}/.test(address)) return { href: `https:${address.replace(/^[/\\]{2}/, '//')}`, shown: null };
  if (address === '') return { href: null, shown: null };
  cleaning.removed(scheme === '' ? 'relative-url' : `${scheme}-url`);
  return { href: null, shown: scheme === '' || HIDDEN_SCHEMES.has(scheme) ? null : address };
}

const LINKS = new Set(['a', 'area']);
/** SVG elements whose href may name something within the page. */
const REFERENCES = new Set(['use', 'textpath', 'lineargradient', 'radialgradient', 'pattern', 'filter', 'mask', 'marker']);

export function cleanAttributes(element: string, given: readonly Attribute[], inSvg: boolean, cleaning: Cleaning): Cleaned {
  const kept = new Map<string, string>();
  let shownAddress: string | null = null;
  const { resources, removed, pictures } = cleaning;

  for (const { name, value } of given) {
    // The first of two of one name counts (HTML §13.2.5.33).
    if (kept.has(name) || IDLE_ATTRIBUTES.has(name) || !NAME.test(name)) continue;
    if (name.startsWith('on')) removed('event');
    else if (FORBIDDEN_ATTRIBUTES.has(name)) removed(name);
    else if (name === 'style') kept.set(name, cleanCss(value, resources, removed));
    else if (LOADED_LISTS.has(name)) {
      const list = loadedList(value, cleaning);
      if (list !== null && pictures) kept.set(name, list);
    } else if (LOADED.has(name)) {
      const address = resources.resolve(value);
      if (address !== null && pictures) kept.set(name, address);
    } else if (name === 'href' || name === 'xlink:href') {
      if (LINKS.has(element) && !inSvg && name === 'href') {
        const { href, shown } = linkAddress(value, cleaning);
        shownAddress = shown;
        if (href !== null) kept.set(name, href);
      } else if (element === 'image') {
        const address = resources.resolve(value);
        if (address !== null && pictures) kept.set(name, address);
      } else if (REFERENCES.has(element) && value.trim().startsWith('#')) kept.set(name, value.trim());
      else removed('href');
    } else kept.set(name, PAINT.has(name) ? cleanCss(value, resources, removed) : value);
  }

  if (LINKS.has(element) && kept.has('href')) {
    // A link within the page stays there; SVG would not heed the page's <base>, so every link says it itself.
    kept.set('target', kept.get('href')?.startsWith('#') ? '_self' : '_blank');
    kept.set('rel', 'noopener noreferrer');
  }
  return { attributes: Array.from(kept, ([name, value]) => ({ name, value })), shownAddress };
}

/** The address of a style sheet; null for every other kind of <link>. */
export function styleSheetOf(given: readonly Attribute[], { resources, removed }: Cleaning): string | null {
  const of = (wanted: string): string => given.find(({ name }) => name === wanted)?.value ?? '';
  const kinds = of('rel').toLowerCase().split(/\s+/);
  if (!kinds.includes('stylesheet') || kinds.includes('alternate')) {
    removed('link');
    return null;
  }
  return resources.resolve(of('href'));
}
