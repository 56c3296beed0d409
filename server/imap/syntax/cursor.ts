// Reads one command from left to right: its text with the literals in their places (RFC 9051 §9). Pure.

import { ParseError } from '../../base/errors.ts';

/** A piece of a command: text as it stood in its lines (one character for each octet), or the octets of a literal. */
export type Piece = string | Buffer;

/** What may stand in an atom; `]` may not in a flag, but does in the atoms that clients send. */
const ATOM = /[^\x00-\x20\x7f-\xff(){%*"\\]+/y;
/** An astring may hold `]`; RFC 3501's clients also send 8-bit octets unquoted. */
const ASTRING = /[^\x00-\x20\x7f(){%*"\\]+/y;
const LIST_MAILBOX = /[^\x00-\x20\x7f(){"\\]+/y;
const NUMBER = /\d{1,19}/y;
const QUOTED = /"((?:[^\x00\r\n"\\]|\\["\\])*)"/y;
const SEQUENCE_SET = /(?:\d+|\*)(?::(?:\d+|\*))?(?:,(?:\d+|\*)(?::(?:\d+|\*))?)*/y;

/** A message number or UID has 32 bits (RFC 9051 §9, nz-number). */
const LARGEST = 0xffff_ffff;
const LARGEST_64 = 2n ** 63n - 1n;
const SAFE_DIGITS = 15;
const TEN_DIGITS = /\d{10}/;

/** One UTF-8 text; where the octets are none, each stands for itself. */
export function textOf(octets: Buffer): string {
  const text = octets.toString('utf8');
  return text.includes('\ufffd') ? octets.toString('latin1') : text;
}

export class Cursor {
  readonly #pieces: readonly Piece[];
  #piece = 0;
  #at = 0;
  /** Octets before the present piece, for the column of an error. */
  #before = 0;

  constructor(pieces: readonly Piece[]) {
    this.#pieces = pieces;
  }

  get #text(): string {
    const piece = this.#pieces[this.#piece];
    return typeof piece === 'string' ? piece : '';
  }

  get #literal(): Buffer | null {
    const piece = this.#pieces[this.#piece];
    return typeof piece === 'object' ? piece : null;
  }

  /** At a text's end the next piece begins. */
  #settle(): void {
    while (typeof this.#pieces[this.#piece] === 'string' && this.#at === this.#text.length && this.#piece < this.#pieces.length - 1) {
      this.#before += this.#at;
      this.#piece++;
      this.#at = 0;
    }
  }

  fail(message: string): never {
    throw new ParseError(message, this.#before + this.#at + 1);
  }

  get done(): boolean {
    this.#settle();
    return this.#literal === null && this.#at >= this.#text.length;
  }

  /** Nothing may follow. */
  end(): void {
    if (!this.done) this.fail('unexpected text after the command');
  }

  /** The next character, empty at the end and before a literal. */
  peek(): string {
    this.#settle();
    return this.#text[this.#at] ?? '';
  }

  /** Whether this text, whatever its case, is next. */
  nextIs(text: string): boolean {
    this.#settle();
    return this.#text.slice(this.#at, this.#at + text.length).toUpperCase() === text.toUpperCase();
  }

  /** Takes this text, whatever its case, if it is next. */
  take(text: string): boolean {
    if (!this.nextIs(text)) return false;
    this.#at += text.length;
    return true;
  }

  expect(text: string): void {
    if (!this.take(text)) this.fail(`expected ${JSON.stringify(text)}`);
  }

  space(): void {
    if (!this.take(' ')) this.fail('expected a space');
  }

  /** What a sticky pattern finds here; null where it finds nothing. */
  match(pattern: RegExp): string | null {
    this.#settle();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    if (found !== null) this.#at += found.length;
    return found;
  }

  #need(pattern: RegExp, what: string): string {
    return this.match(pattern) ?? this.fail(`expected ${what}`);
  }

  atom(): string {
    return this.#need(ATOM, 'an atom');
  }

  /** Up to 63 bits (RFC 9051 §9, number64): nothing here counts as far as the numbers that are exact. */
  number(): number {
    const digits = this.#need(NUMBER, 'a number');
    if (digits.length > SAFE_DIGITS && BigInt(digits) > LARGEST_64) this.fail('the number is too large');
    return Math.min(Number(digits), Number.MAX_SAFE_INTEGER);
  }

  /** A number that is not 0. */
  nzNumber(): number {
    return this.number() || this.fail('expected a number that is not 0');
  }

  /** The text of a sequence set, see `sequence-set.ts`; `$` is the saved result (RFC 5182). */
  sequenceSet(): string {
    if (this.take('$')) return '$';
    const set = this.#need(SEQUENCE_SET, 'a sequence set');
    return TEN_DIGITS.test(set) && set.split(/\D/).some((number) => Number(number) > LARGEST)
      ? this.fail('a number of the set is too large')
      : set;
  }

  /** Quoted or literal, as octets. */
  octets(): Buffer {
    this.#settle();
    const literal = this.#literal;
    if (literal !== null) {
      this.#before += literal.length;
      this.#piece++;
      this.#at = 0;
      return literal;
    }
    const quoted = this.#need(QUOTED, 'a string');
    return Buffer.from(quoted.slice(1, -1).replace(/\\(.)/g, '$1'), 'latin1');
  }

  string(): string {
    return textOf(this.octets());
  }

  nextIsString(): boolean {
    this.#settle();
    return this.#literal !== null || this.#text[this.#at] === '"';
  }

  astringOctets(): Buffer {
    return this.nextIsString() ? this.octets() : Buffer.from(this.#need(ASTRING, 'a word or a string'), 'latin1');
  }

  astring(): string {
    return textOf(this.astringOctets());
  }

  nstring(): string | null {
    return !this.nextIsString() && this.take('NIL') ? null : this.string();
  }

  /** A mailbox name that may hold `%` and `*`. */
  listMailbox(): string {
    return this.nextIsString() ? this.string() : textOf(Buffer.from(this.#need(LIST_MAILBOX, 'a mailbox pattern'), 'latin1'));
  }

  /** `(a b c)`, each read by `item`. */
  list<T>(item: () => T, least = 0): T[] {
    this.expect('(');
    const items: T[] = [];
    while (!this.take(')')) {
      if (items.length > 0) this.space();
      items.push(item());
    }
    return items.length >= least ? items : this.fail('the list is empty');
  }

  /** `\Seen`, `$Forwarded`, `work`. */
  flag(): string {
    return this.take('\\') ? `\\${this.atom()}` : this.atom();
  }
}
