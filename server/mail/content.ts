// What searching looks at inside a message: text, file names, links, codes and attachments, each found out when it is asked for.

import { isAscii, isUtf8 } from 'node:buffer';
import { codesIn } from './codes.ts';
import { headerEnd } from './header.ts';
import type { HeaderField } from './header.ts';
import { linksInHtml, linksInText } from './links.ts';
import { allParts, fileName, parseMime } from './mime.ts';
import type { MimePart } from './mime.ts';
import { cutAt, PIECE, piecesOf } from './pieces.ts';
import { createHtmlReader } from './snippet.ts';

export interface ContentLimits {
  /** Octets of a message's text, encoded, that are looked at: words beyond are not found. */
  readonly text: number;
  /** Parts that are looked into. */
  readonly mimeParts: number;
}

export const CONTENT_LIMITS: ContentLimits = { text: 4 * 1024 * 1024, mimeParts: 1_000 };

/** Everything is found at its first use and remembered. */
export interface Content {
  readonly fields: readonly HeaderField[];
  /** Decoded text of every text part, HTML without its tags. */
  readonly text: string;
  /** In lower case: what a word is looked for in. */
  readonly lowered: string;
  /** As `foldText` makes it: what a phrase is looked for in. */
  readonly words: string;
  /** Text that a snippet is made of: plain where there is any, else the HTML's. */
  readonly opening: string;
  /** Of attachments. */
  readonly filenames: readonly string[];
  readonly html: boolean;
  readonly attachments: number;
  readonly link: boolean;
  readonly code: boolean;
  /** Decodes the text in steps of a few ms, to be taken to its end; whoever asks for text before waits for all steps at once. */
  readonly decoding: Iterable<void>;
}

/** An attachment is what a reader would list as one: not text to read, not a container. */
export function isAttachment(part: MimePart): boolean {
  if (part.children.length > 0 || part.type === 'multipart') return false;
  if (part.disposition?.type === 'attachment' || fileName(part) !== null) return true;
  return part.type !== 'text' && !(part.type === 'message' && part.message !== null);
}

/** Text as it is compared: in lower case, every run of white space as one space, so that a phrase is found across a line end. */
export function foldText(text: string): string {
  return text.toLowerCase().replace(/\s\s+|[^\S ]/g, ' ');
}

interface Piece {
  readonly html: boolean;
  readonly text: string;
  readonly lowered: string;
}

/** What is known of a message before its text is decoded, and the text. */
interface Source {
  readonly filenames: readonly string[];
  readonly attachments: number;
  readonly html: boolean;
  readonly decoding: Iterator<void>;
  /** Complete when `decoding` has ended. */
  readonly pieces: readonly Piece[];
  link(): boolean;
}

const CONTENT_FIELD = /^content-[^\n]*(?:\n[ \t][^\n]*)*/gim;
const PLAIN_FIELD =
  /^content-(?:type:[ \t]*text\/plain(?:;\s*charset="?(?:us-ascii|utf-8)"?)?|transfer-encoding:[ \t]*[78]bit|language:[^\n]*)\s*$/i;
const LONG_HEADER = 16 * 1024;

/** The body of a message that is plain text as it stands, as most are; null where only the MIME tree can tell. Six times as fast. */
function plainBody(raw: Buffer): string | null {
  const start = headerEnd(raw);
  if (start > LONG_HEADER || raw.length - start > PIECE) return null;
  const fields = raw.toString('latin1', 0, start).match(CONTENT_FIELD);
  if (fields?.some((field) => !PLAIN_FIELD.test(field))) return null;
  const body = raw.subarray(start);
  if (isAscii(body)) return body.toString('latin1');
  return isUtf8(body) ? body.toString('utf8') : null;
}

function plainSource(body: string): Source {
  return {
    filenames: [],
    attachments: 0,
    html: false,
    decoding: [].values(),
    pieces: [{ html: false, text: body, lowered: body.toLowerCase() }],
    link: () => linksInText(body).length > 0,
  };
}

function* readPieces(raw: Buffer, parts: readonly MimePart[], into: Piece[]): Generator<void> {
  for (const part of parts) {
    const html = part.subtype === 'html';
    const reader = html ? createHtmlReader() : null;
    const add = (text: string): void => {
      if (text !== '') into.push({ html, text, lowered: text.toLowerCase() });
    };
    for (const source of piecesOf(raw, part)) {
      add(reader ? reader.read(source) : source);
      yield;
    }
    if (reader) add(reader.end());
  }
}

function linksIn(raw: Buffer, part: MimePart): boolean {
  const find = part.subtype === 'html' ? linksInHtml : linksInText;
  for (const source of piecesOf(raw, part)) if (find(source).length > 0) return true;
  return false;
}

function mimeSource(raw: Buffer, root: MimePart, limit: number): Source {
  const parts = [...allParts(root)];
  const attached = parts.filter(isAttachment);
  const texts = cutAt(
    parts.filter((part) => part.type === 'text' && !isAttachment(part)),
    limit,
  );
  const pieces: Piece[] = [];
  return {
    filenames: attached.map(fileName).filter((name) => name !== null),
    attachments: attached.length,
    html: texts.some(({ subtype }) => subtype === 'html'),
    decoding: readPieces(raw, texts, pieces),
    pieces,
    link: () => texts.some((part) => linksIn(raw, part)),
  };
}

/** A class, as getters of its own would make every object a shape of its own, which V8 keeps until a major collection. */
class LazyContent implements Content {
  readonly #raw: Buffer;
  readonly #limits: ContentLimits;
  #root: MimePart | null = null;
  #source: Source | null = null;
  #lowered: string | null = null;
  #words: string | null = null;
  #link: boolean | null = null;
  #code: boolean | null = null;

  constructor(raw: Buffer, limits: ContentLimits) {
    this.#raw = raw;
    this.#limits = limits;
  }

  #tree(): MimePart {
    return (this.#root ??= parseMime(this.#raw, { mimeParts: this.#limits.mimeParts }));
  }

  #read(): Source {
    if (this.#source) return this.#source;
    const body = plainBody(this.#raw);
    return (this.#source = body === null ? mimeSource(this.#raw, this.#tree(), this.#limits.text) : plainSource(body));
  }

  #pieces(): readonly Piece[] {
    const { decoding, pieces } = this.#read();
    while (!decoding.next().done);
    return pieces;
  }

  get fields(): readonly HeaderField[] {
    return this.#tree().fields;
  }
  get text(): string {
    return this.#pieces()
      .map(({ text }) => text)
      .join('\n');
  }
  get lowered(): string {
    return (this.#lowered ??= this.#pieces()
      .map(({ lowered }) => lowered)
      .join('\n'));
  }
  get words(): string {
    return (this.#words ??= foldText(this.lowered));
  }
  get opening(): string {
    const readable = this.#pieces().filter(({ text }) => text.trim() !== '');
    return (readable.find(({ html }) => !html) ?? readable[0])?.text ?? '';
  }
  get filenames(): readonly string[] {
    return this.#read().filenames;
  }
  get html(): boolean {
    return this.#read().html;
  }
  get attachments(): number {
    return this.#read().attachments;
  }
  get link(): boolean {
    return (this.#link ??= this.#read().link());
  }
  get code(): boolean {
    return (this.#code ??= codesIn(this.text.replace(/\r\n?/g, '\n')).length > 0);
  }
  get decoding(): Iterable<void> {
    const { decoding } = this.#read();
    return { [Symbol.iterator]: () => decoding };
  }
}

/** Reads a whole message for searching; never throws on odd mail. */
export function contentOf(raw: Buffer, limits: Partial<ContentLimits> = {}): Content {
  return new LazyContent(raw, { ...CONTENT_LIMITS, ...limits });
}
