// Writes FETCH replies: many small ones as one text, the octets of messages in pieces, and no more than the client reads.

import type { Connection } from '../../net/connection.ts';
import { ConnectionEnded } from '../../net/ended.ts';
import { servedRange } from '../../store/served.ts';
import type { Answer } from './answers.ts';
import { lengthOf } from './octets.ts';
import type { Source, Span } from './octets.ts';

/** Octets that are read, and written, at a time. */
export const PIECE = 64 * 1024;

/** Replies that are kept together before they are written. */
const TEXT = 16 * 1024;

/** Lines of one answer that the transcript shows; of the rest it tells the octets. */
const SHOWN = 200;

/** An answer whose octets are at hand, as far as they are few. */
export type Ready = Answer;

export async function readAhead(source: Source, answer: Answer): Promise<Ready> {
  if (typeof answer === 'string' || Buffer.isBuffer(answer.octets)) return answer;
  const { entry, start, end } = answer.octets;
  if (end - start > PIECE) return answer;
  return { ...answer, octets: await servedRange(source.store, entry, start, end, source.traceHeaders) };
}

/** A literal8 only where a literal cannot hold the octets (RFC 3516 §4.2). */
const literal = (octets: Buffer | Span, binary: boolean): string =>
  `${binary && (!Buffer.isBuffer(octets) || octets.includes(0)) ? '~' : ''}{${lengthOf(octets)}}\r\n`;

export class Replies {
  readonly #connection: Connection;
  readonly #source: Source;
  #text = '';
  #lines = 0;
  /** As many lines as are shown have been written. */
  #told = false;

  constructor(connection: Connection, source: Source) {
    this.#connection = connection;
    this.#source = source;
  }

  get full(): boolean {
    return this.#text.length > TEXT || this.#connection.full;
  }

  /** One reply that is text alone. */
  line(line: string): void {
    this.#text += line;
    this.#end();
  }

  /** One reply with octets in it. */
  async message(number: number, answers: readonly Ready[]): Promise<void> {
    this.#text += `* ${number} FETCH (`;
    for (const [i, answer] of answers.entries()) {
      if (i > 0) this.#text += ' ';
      if (typeof answer === 'string') this.#text += answer;
      else {
        this.#text += `${answer.label} ${literal(answer.octets, answer.binary)}`;
        this.#write();
        if (Buffer.isBuffer(answer.octets)) this.#connection.writeOctets(answer.octets);
        else await this.#stream(answer.octets);
      }
    }
    this.#text += ')';
    this.#end();
  }

  /** What goes beyond `SHOWN` lines begins a text of its own. */
  #end(): void {
    this.#text += '\r\n';
    if (++this.#lines === SHOWN) this.#write();
  }

  #write(): void {
    const [text, told] = [this.#text, this.#told];
    this.#text = '';
    this.#told ||= this.#lines >= SHOWN;
    if (text === '') return;
    if (told) this.#connection.writeUnlisted(text);
    else this.#connection.write(text);
  }

  async #stream({ entry, start, end }: Span): Promise<void> {
    const { store, traceHeaders } = this.#source;
    for (let at = start; at < end; at += PIECE) {
      const piece = await servedRange(store, entry, at, Math.min(at + PIECE, end), traceHeaders).catch(() => null);
      if (piece === null) {
        // Its length is told already: what is deleted meanwhile can only be cut off.
        this.#connection.destroy();
        throw new ConnectionEnded('closed');
      }
      this.#connection.writeOctets(piece);
      if (this.#connection.full) await this.#connection.flush();
    }
  }

  /** Waits until there is room for more. */
  async pause(): Promise<void> {
    this.#write();
    if (this.#connection.full) await this.#connection.flush();
  }

  end(): void {
    this.#write();
  }
}
