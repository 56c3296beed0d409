// The second wall before a mail's HTML: writes anew what may stay, token by token, and counts what goes.

import { attributeOf, readHtml } from '../../mail/html-tokens.ts';
import type { Attribute } from '../../mail/html-tokens.ts';
import { cleanAttributes, styleSheetOf } from './attributes.ts';
import type { Cleaning } from './attributes.ts';
import { cleanCss } from './css.ts';
import { ELEMENTS, META_NAMES, SVG_ELEMENTS, VOID, WITH_CONTENT } from './policy.ts';
import { createResources, PREVIEW_LIMITS } from './resources.ts';
import type { PreviewLimits } from './resources.ts';

export interface Sanitized {
  readonly html: string;
  /** What went, by kind, and how often. */
  readonly removed: ReadonlyMap<string, number>;
  /** How many distinct addresses elsewhere would be loaded. */
  readonly remote: number;
}

export interface SanitizeOptions {
  /** Inline pictures by Content-ID, as data: addresses. */
  readonly images: (contentId: string) => string | null;
  /** Keep addresses elsewhere. */
  readonly remote: boolean;
  /** False leaves out every picture, wherever it lies. */
  readonly pictures?: boolean;
  /** False leaves out `<style>` and style sheets, as some mail readers do; `style=` stays. */
  readonly styles?: boolean;
  readonly limits?: PreviewLimits;
}

/** How many kinds of what went are told apart. */
const KINDS = 40;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\0': '', '\u00a0': '&nbsp;' };

export const escapeHtml = (text: string): string => text.replace(/[&<>"\0\u00a0]/g, (char) => ESCAPES[char] ?? '');

const startTag = (name: string, attributes: readonly Attribute[]): string =>
  `<${name}${attributes.map(({ name: key, value }) => ` ${key}="${escapeHtml(value)}"`).join('')}>`;

/**
 * Works on tokens and not on a tree, so that depth costs nothing. Safe in whatever context a browser puts a token: text and values
 * are always escaped, comments go, and CSS never holds a `<`, so that no text can become a tag.
 */
export function sanitize(source: string, options: SanitizeOptions): Sanitized {
  const { images, remote, pictures = true, styles = true, limits = PREVIEW_LIMITS } = options;
  const removed = new Map<string, number>();
  // Names come from the mail and go into a header field.
  const remove = (what: string): void => {
    const kind = /^[a-z][a-z0-9-]{0,39}$/.test(what) && (removed.has(what) || removed.size < KINDS) ? what : 'other';
    removed.set(kind, (removed.get(kind) ?? 0) + 1);
  };
  const resources = createResources(images, remote, limits, remove);
  const cleaning: Cleaning = { resources, removed: remove, pictures };
  const text = source.slice(0, limits.html);
  if (text.length < source.length) remove('too-long');

  const out: string[] = [];
  /** The element that is dropped with its content, and how many of it are open. */
  let dropping = '';
  let dropped = 0;
  let svg = 0;
  let style: string | null = null;
  /** Addresses to show after links that cannot be followed; one for each open link. */
  const links: (string | null)[] = [];

  function keepText(piece: string): void {
    if (dropped > 0) return;
    if (style !== null) style += piece;
    else out.push(escapeHtml(piece));
  }

  /** Elements of the head that are no layout: most go, each for a reason of its own. True where that is all. */
  function openSpecial(element: string, given: readonly Attribute[]): boolean {
    if (element === 'link') {
      const address = styleSheetOf(given, cleaning);
      const link = [
        { name: 'rel', value: 'stylesheet' },
        { name: 'href', value: address ?? '' },
      ];
      if (address !== null && styles) out.push(startTag('link', link));
      return true;
    }
    if (element !== 'meta') return false;
    const [named, content] = [attributeOf(given, 'name').toLowerCase(), attributeOf(given, 'content')];
    if (/refresh|set-cookie|content-security-policy/i.test(attributeOf(given, 'http-equiv'))) remove('meta-http-equiv');
    const meta = [
      { name: 'name', value: named },
      { name: 'content', value: content },
    ];
    if (META_NAMES.has(named)) out.push(startTag('meta', meta));
    return true;
  }

  function open(written: string, given: readonly Attribute[], closed: boolean): void {
    if (style !== null) return;
    if (dropped > 0) {
      if (written === dropping && !closed) dropped++;
      return;
    }
    if (WITH_CONTENT.has(written)) {
      // A title is no danger, it has its place elsewhere; in SVG it would open a door to HTML.
      if (written !== 'title') remove(written);
      // Only foreign elements can close themselves; elsewhere the slash means nothing.
      if (!closed || (svg === 0 && written !== 'math')) [dropping, dropped] = [written, 1];
      return;
    }
    if (openSpecial(written, given)) return;
    const inSvg = svg > 0 || written === 'svg';
    const element = written === 'image' && !inSvg ? 'img' : written;
    if (!(inSvg ? SVG_ELEMENTS : ELEMENTS).has(element)) {
      // Word's own elements (o:p, v:rect) mean nothing to a browser.
      if (!element.includes(':')) remove(inSvg ? `svg-${element}` : element);
      return;
    }
    const { attributes: kept, shownAddress } = cleanAttributes(element, given, inSvg, cleaning);
    if (element === 'style') style = '';
    if (element !== 'style' || styles) out.push(startTag(element, kept));
    if (element === 'a') links.push(shownAddress);
    if (inSvg && closed) close(element);
    else if (element === 'svg') svg++;
  }

  function close(element: string): void {
    if (dropped > 0) {
      if (element === dropping) dropped--;
      return;
    }
    if (style !== null && element !== 'style') return;
    if (!(svg > 0 ? SVG_ELEMENTS : ELEMENTS).has(element) || (VOID.has(element) && svg === 0)) return;
    if (element === 'style') {
      if (style === null) return;
      const css = cleanCss(style, resources, remove);
      style = null;
      if (!styles) return;
      out.push(css);
    }
    if (element === 'svg') svg = Math.max(0, svg - 1);
    out.push(`</${element}>`);
    const shown = element === 'a' ? links.pop() : null;
    if (shown) out.push(` <code>${escapeHtml(shown)}</code>`);
  }

  readHtml(text, { open, close, text: keepText });
  if (style !== null && styles) out.push(cleanCss(style, resources, remove), '</style>');
  return { html: out.join(''), removed, remote: resources.remote.size };
}
