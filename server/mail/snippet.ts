// The first words that a reader sees of a message.

import { attributeOf, readHtml } from './html-tokens.ts';

const UNSEEN = new Set([
  'head',
  'style',
  'script',
  'template',
  'noscript',
  'title',
  'object',
  'iframe',
  'svg',
  'math',
  'select',
  'textarea',
]);
const BLOCK = new Set(
  'address article aside blockquote br center dd div dl dt fieldset footer form h1 h2 h3 h4 h5 h6 header hr li main nav ol p pre section table tr ul'.split(
    ' ',
  ),
);

/** HTML as its visible words: blocks on lines of their own, cells and images apart by a space, nothing of styles and scripts. */
export function htmlToText(html: string): string {
  let text = '';
  let unseen = 0;
  const gap = (name: string): void => {
    if (BLOCK.has(name)) text += '\n';
    else if (name === 'td' || name === 'th') text += ' ';
  };
  readHtml(html, {
    open(name, attributes, closed) {
      // <body> ends a head that was never closed.
      if (name === 'body') unseen = 0;
      if (UNSEEN.has(name) && !closed) unseen++;
      if (unseen > 0) return;
      gap(name);
      const alternative = name === 'img' ? attributeOf(attributes, 'alt') : '';
      if (alternative !== '') text += ` ${alternative} `;
    },
    text(piece) {
      if (unseen === 0) text += piece.replace(/\s+/g, ' ');
    },
    close(name) {
      if (UNSEEN.has(name) && unseen > 0) unseen--;
      if (unseen === 0) gap(name);
    },
  });
  return text
    .replace(/[ \t\u00a0]+/g, ' ')
    .replace(/ ?\n ?/g, '\n')
    .replace(/\n{3,}/g, '\n\n')
    .trim();
}

// Characters of no width, which senders use to push the rest of the mail out of the preview.
const FILLER = /\p{Cf}|[\u034f\u115f\u1160]|\u17b4|\u17b5/gu;

export const SNIPPET_LENGTH = 140;

/** One line of at most `length` characters, from the plain text if there is any, else from the HTML. */
export function snippet(text: string | null, html: string | null, length = SNIPPET_LENGTH): string {
  // Only the beginning is looked at: fillers are never twenty times the text, styles never two thousand times.
  const source = text !== null && text.trim() !== '' ? text.slice(0, length * 20) : htmlToText((html ?? '').slice(0, length * 2000));
  const line = source
    .slice(0, length * 20)
    .replace(FILLER, '')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim();
  const characters = Array.from(line.slice(0, length * 2));
  return characters.length <= length && characters.join('').length === line.length
    ? line
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}
