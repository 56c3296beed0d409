// Finds addresses of web pages in plain text, so that they become links without any HTML being built.

export interface Piece {
  readonly text: string;
  readonly href?: string;
}

const WEB = /https?:\/\/[^\s<>"'`{}|\\^]+/g;
/** Of a sentence around the address, not of the address. */
const TAIL = /[.,;:!?]+$/;

/** Only these are opened from the page; any other scheme is shown, never followed. */
export const isWeb = (href: string): boolean => /^https?:\/\//i.test(href);

export function pieces(text: string): Piece[] {
  const found: Piece[] = [];
  let end = 0;
  for (const match of text.matchAll(WEB)) {
    let href = match[0].replace(TAIL, '');
    // A closing bracket belongs to the address only if it was opened there.
    while (href.endsWith(')') && !href.includes('(')) href = href.slice(0, -1).replace(TAIL, '');
    if (match.index > end) found.push({ text: text.slice(end, match.index) });
    found.push({ text: href, href });
    end = match.index + href.length;
  }
  if (end < text.length) found.push({ text: text.slice(end) });
  return found;
}
