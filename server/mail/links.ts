// The links of a message: of its HTML with their text, of plain text by their look.

import { attributeOf, readHtml } from './html-tokens.ts';

export interface Link {
  readonly href: string;
  /** What a reader sees of it; the address itself in plain text. */
  readonly text: string;
}

// Links that lead nowhere outside the mail, or run code.
const NO_LINK = /^(#|javascript:|vbscript:|data:|cid:|mid:|about:)/i;

/** Control characters and line ends do not count in an address (as browsers read it). */
const address = (href: string): string => href.replace(/[\t\r\n]/g, '').replace(/^[\x00-\x20]+|[\x00-\x20]+$/g, '');

/** Links of `<a>` and `<area>` in order; an image in a link counts with its alternative text. */
export function linksInHtml(html: string): Link[] {
  const links: Link[] = [];
  let open: { href: string; text: string } | null = null;
  const close = (): void => {
    if (open) links.push({ href: open.href, text: open.text.replace(/\s+/g, ' ').trim() });
    open = null;
  };
  readHtml(html, {
    open(name, attributes) {
      if (name === 'img' && open) open.text += ` ${attributeOf(attributes, 'alt')} `;
      if (name !== 'a' && name !== 'area') return;
      close();
      const href = address(attributeOf(attributes, 'href'));
      if (href === '' || NO_LINK.test(href)) return;
      open = { href, text: attributeOf(attributes, 'alt') };
      if (name === 'area') close();
    },
    text(piece) {
      if (open) open.text += piece;
    },
    close(name) {
      if (name === 'a') close();
    },
  });
  close();
  return links;
}

const URL_IN_TEXT = /\b(?:https?:\/\/|mailto:)[^\s<>"'`\u3000-\u303f\uff00-\uff65]{1,4000}/gi;
const PAIRS: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Cuts punctuation that ends the sentence and not the address; a closing bracket stays where its opening one is inside. */
function trimEnd(url: string): string {
  const counts = new Map<string, number>();
  for (const character of url) counts.set(character, (counts.get(character) ?? 0) + 1);
  let end = url.length;
  for (; end > 0; end--) {
    const last = url.charAt(end - 1);
    const opening = PAIRS[last];
    const surplus = opening !== undefined && (counts.get(last) ?? 0) > (counts.get(opening) ?? 0);
    if (!surplus && !/[.,;:!?*_~|]/.test(last)) break;
    counts.set(last, (counts.get(last) ?? 0) - 1);
  }
  return url.slice(0, end);
}

/** http, https and mailto addresses in plain text, in order. */
export function linksInText(text: string): Link[] {
  const urls = Array.from(text.matchAll(URL_IN_TEXT), ([url]) => trimEnd(url));
  return urls.filter((url) => /:(\/\/)?[^/]/.test(url)).map((url) => ({ href: url, text: url }));
}

/** The links of both forms, each address once; a text that says more than the address wins. */
export function linksOf(html: string | null, text: string | null): Link[] {
  const found = new Map<string, Link>();
  for (const link of [...(html === null ? [] : linksInHtml(html)), ...(text === null ? [] : linksInText(text))]) {
    const known = found.get(link.href);
    if (!known || known.text === '') found.set(link.href, link);
  }
  return [...found.values()];
}
