// The first words that a reader sees of a message.

import { attributeOf, createHtmlTokens } from './html-tokens.ts';

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

export interface HtmlReader {
  /** The visible words of the next piece of HTML. */
  read(html: string): string;
  /** Those of the last piece, and of what was left unfinished. */
  end(html?: string): string;
}

/** Reads HTML in pieces: blocks on lines of their own, cells and images apart by a space, nothing of styles and scripts. */
export function createHtmlReader(): HtmlReader {
  let text = '';
  let unseen = 0;
  const gap = (name: string): void => {
    if (BLOCK.has(name)) text += '\n';
    else if (name === 'td' || name === 'th') text += ' ';
  };
  const reader = createHtmlTokens({
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
  function taken(): string {
    const words = text
      .replace(/[ \t\u00a0]+/g, ' ')
      .replace(/ ?\n ?/g, '\n')
      .replace(/\n{3,}/g, '\n\n')
      .trim();
    text = '';
    return words;
  }
  return {
    read(html) {
      reader.write(html);
      return taken();
    },
    end(html = '') {
      reader.write(html);
      reader.end();
      return taken();
    },
  };
}

/** HTML as its visible words. */
export function htmlToText(html: string): string {
  return createHtmlReader().end(html);
}

// Characters of no width, which senders use to push the rest of the mail out of the preview.
const FILLER = /\p{Cf}|[\u034f\u115f\u1160]|\u17b4|\u17b5/gu;

export const SNIPPET_LENGTH = 140;

const lineOf = (source: string): string =>
  source
    .replace(FILLER, '')
    .replace(/[\s\u00a0]+/g, ' ')
    .trim();

/** One line of at most `length` characters, from the plain text if there is any, else from the HTML. */
export function snippet(text: string | null, html: string | null, length = SNIPPET_LENGTH): string {
  // Only the beginning is looked at: fillers are never twenty times the text, styles never two thousand times.
  const source = text !== null && text.trim() !== '' ? text : htmlToText((html ?? '').slice(0, length * 2000));
  // Most text has no fillers: a piece of it is enough.
  const first = lineOf(source.slice(0, length * 4));
  const line = first.length > length * 2 ? first : lineOf(source.slice(0, length * 20));
  const characters = Array.from(line.slice(0, length * 2));
  return characters.length <= length && characters.join('').length === line.length
    ? line
    : `${characters
        .slice(0, length - 1)
        .join('')
        .trimEnd()}…`;
}
