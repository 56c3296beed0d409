// What searching looks at inside a message: its decoded text, file names, and whether it has links, codes and attachments.

import { codesIn } from './codes.ts';
import { decodeText } from './decode.ts';
import { linksInHtml, linksInText } from './links.ts';
import type { HeaderField } from './header.ts';
import { allParts, fileName, parseMime } from './mime.ts';
import type { MimePart } from './mime.ts';
import { htmlToText } from './snippet.ts';

export interface Content {
  readonly fields: readonly HeaderField[];
  /** Decoded text of every text part, HTML without its tags. */
  readonly text: string;
  readonly filenames: readonly string[];
  readonly html: boolean;
  readonly attachments: number;
  readonly link: boolean;
  readonly code: boolean;
}

/** An attachment is what a reader would list as one: not text to read, not a container. */
export function isAttachment(part: MimePart): boolean {
  if (part.children.length > 0 || part.type === 'multipart') return false;
  if (part.disposition?.type === 'attachment' || fileName(part) !== null) return true;
  return part.type !== 'text' && !(part.type === 'message' && part.message !== null);
}

/** Reads a whole message for searching; never throws on odd mail. */
export function contentOf(raw: Buffer): Content {
  const root = parseMime(raw);
  const texts: string[] = [];
  const filenames: string[] = [];
  const found = { html: false, attachments: 0, link: false };
  for (const part of allParts(root)) {
    const name = fileName(part);
    if (name !== null) filenames.push(name);
    if (isAttachment(part)) found.attachments++;
    else if (part.type === 'text') {
      const source = decodeText(raw, part);
      const html = part.subtype === 'html';
      found.html ||= html;
      found.link ||= (html ? linksInHtml(source) : linksInText(source)).length > 0;
      texts.push(html ? htmlToText(source) : source);
    }
  }
  const text = texts.join('\n');
  return { fields: root.fields, text, filenames, ...found, code: codesIn(text).length > 0 };
}
