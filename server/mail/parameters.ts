// The values of Content-Type and Content-Disposition: a token and parameters (RFC 2045 §5.1, RFC 2231).

import { decodeCharset, decodeWords } from './words.ts';

export type Parameters = Readonly<Record<string, string>>;

export interface Structured {
  /** The part before the first `;`, lower case: `text/plain`, `attachment`. */
  readonly value: string;
  /** Decoded and joined, names in lower case. */
  readonly parameters: Parameters;
  /** As written, names in lower case, in order: `filename*0*` and `filename*1*` are still two pieces. */
  readonly pairs: readonly (readonly [name: string, value: string])[];
}

const SKIP = /(?:[ \t\r\n]|\((?:[^()\\]|\\[^])*\))*/y;
const NAME = /[^\s=;"()]+/y;
const QUOTED = /"((?:[^"\\]|\\[^])*)("|$)/y;
// Unquoted values end at ";": file names with spaces and without quotes are common. A comment after white space is none of it.
const BARE = /(?:[^;\s]|[ \t\r\n]+(?=[^;\s(]))*/y;

function take(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at;
  return pattern.exec(text);
}

function skip(text: string, at: number): number {
  return at + (take(SKIP, text, at)?.[0].length ?? 0);
}

/** Splits without decoding. Whatever cannot be read is passed over up to the next `;`. */
function readPairs(text: string): { value: string; pairs: [string, string][] } {
  let at = skip(text, 0);
  const value = /[^;\s(]*/y;
  value.lastIndex = at;
  const first = value.exec(text)?.[0] ?? '';
  const pairs: [string, string][] = [];
  at = nextParameter(text, at + first.length);
  while (at < text.length) {
    at = skip(text, at);
    const name = take(NAME, text, at)?.[0] ?? '';
    at = skip(text, at + name.length);
    if (name !== '' && text[at] === '=') {
      at = skip(text, at + 1);
      const quoted = take(QUOTED, text, at);
      const bare = quoted ? '' : (take(BARE, text, at)?.[0] ?? '');
      pairs.push([name.toLowerCase(), quoted ? (quoted[1] ?? '').replace(/\\([^])/g, '$1') : bare]);
      at += quoted ? quoted[0].length : bare.length;
    }
    at = nextParameter(text, at);
  }
  return { value: first.toLowerCase(), pairs };
}

function nextParameter(text: string, at: number): number {
  const semicolon = text.indexOf(';', at);
  return semicolon < 0 ? text.length : semicolon + 1;
}

function percentBytes(text: string): Buffer {
  const plain = text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  // A character over 255 cannot stand here by the grammar; what is written as UTF-8 instead is kept so.
  return /^[\x00-\xff]*$/.test(plain) && plain !== text ? Buffer.from(plain, 'latin1') : Buffer.from(text, 'utf8');
}

interface Piece {
  readonly index: number;
  readonly extended: boolean;
  readonly value: string;
}

/** Joins `name*0*`, `name*1`, … (RFC 2231 §3, §4.1): bytes are joined before decoding, as a character may be split. */
function join(pieces: Piece[]): string {
  pieces.sort((a, b) => a.index - b.index);
  const run: Piece[] = [];
  for (const piece of pieces) if (piece.index === run.length) run.push(piece);
  const first = run[0];
  if (!first) return '';
  const charset = first.extended ? /^([^']*)'[^']*'/.exec(first.value) : null;
  const bytes = run.map((piece, i) => {
    const text = i === 0 && charset ? piece.value.slice(charset[0].length) : piece.value;
    return piece.extended ? percentBytes(text) : Buffer.from(text, 'utf8');
  });
  return decodeCharset(Buffer.concat(bytes), charset?.[1] ?? '');
}

/** Reads a structured field value (unfolded). Never throws; an empty text has an empty value. */
export function readStructured(text: string): Structured {
  const { value, pairs } = readPairs(text);
  // No prototype: a parameter may be called `__proto__`.
  const parameters = Object.create(null) as Record<string, string>;
  const extended = new Map<string, Piece[]>();
  for (const [name, written] of pairs) {
    const [, base = name, index, star] = /^([^*]+)(?:\*(\d{1,4}))?(\*)?$/.exec(name) ?? [];
    if (index === undefined && star === undefined) parameters[name] ??= decodeWords(written);
    else {
      const pieces = extended.get(base) ?? [];
      pieces.push({ index: Number(index ?? 0), extended: star !== undefined, value: written });
      extended.set(base, pieces);
    }
  }
  // The extended form wins over the plain one that senders add for old readers (RFC 6266 §4.3 says the same of HTTP).
  for (const [base, pieces] of extended) parameters[base] = join(pieces);
  return { value, parameters, pairs };
}

/** Octets that the extended form does not write as they are (RFC 2231 §7, attribute-char). */
const NO_ATTRIBUTE = /[^A-Za-z0-9!#$&+\-.^_`{|}~]/g;

const percentOf = (text: string): string =>
  text.replace(NO_ATTRIBUTE, (character) =>
    Buffer.from(character).reduce((sum, octet) => `${sum}%${octet.toString(16).toUpperCase().padStart(2, '0')}`, ''),
  );

const CONTINUED = /^([^*]+)\*(\d{1,4})(\*)?$/;

/** One parameter of its pieces; null where one is missing. */
function whole(base: string, pieces: Piece[]): readonly [string, string] | null {
  pieces.sort((a, b) => a.index - b.index);
  if (pieces.some(({ index }, i) => index !== i)) return null;
  if (!pieces.some(({ extended }) => extended)) return [base, pieces.map(({ value }) => value).join('')];
  // The charset stands before the first piece; where that is not extended there is none.
  const start = pieces[0]?.extended ? '' : "''";
  return [`${base}*`, start + pieces.map(({ extended, value }) => (extended ? value : percentOf(value))).join('')];
}

/** Pairs with continued ones put together, as servers of IMAP do for clients (RFC 2231 §6); those with a piece missing stay as written. */
export function joinContinued(pairs: Structured['pairs']): Structured['pairs'] {
  const pieces = new Map<string, Piece[]>();
  for (const [name, value] of pairs) {
    const [, base, index, star] = CONTINUED.exec(name) ?? [];
    if (base === undefined) continue;
    const piece = { index: Number(index), extended: star !== undefined, value };
    const known = pieces.get(base);
    if (known) known.push(piece);
    else pieces.set(base, [piece]);
  }
  if (pieces.size === 0) return pairs;
  // Each stands where its first piece did.
  const told = new Map<string, readonly [string, string] | null | undefined>(
    Array.from(pieces, ([base, some]) => [base, whole(base, some)]),
  );
  return pairs.flatMap((pair): Structured['pairs'] => {
    const base = CONTINUED.exec(pair[0])?.[1] ?? '';
    const joint = told.get(base);
    if (!told.has(base) || joint === null) return [pair];
    told.set(base, undefined);
    return joint ? [joint] : [];
  });
}
