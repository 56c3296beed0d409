// What is to be sent to a client and has not left yet: text and octets in the order in which they were written.

import type { Duplex } from 'node:stream';

/** Octets, about, that are put together before they are sent, where the pieces are small. */
const COPIED = 128 * 1024;
const SMALL = 16 * 1024;

/** The longest that a timer can wait, ms. */
const LONGEST = 2 ** 31 - 1;

function joined(pieces: readonly (string | Buffer)[]): Buffer {
  const [only] = pieces;
  if (pieces.length === 1 && typeof only === 'object') return only;
  let length = 0;
  for (const piece of pieces) length += Buffer.byteLength(piece);
  const whole = Buffer.allocUnsafe(length);
  let at = 0;
  for (const piece of pieces) at += typeof piece === 'string' ? whole.write(piece, at) : piece.copy(whole, at);
  return whole;
}

/** So many octets at a time, so many ms apart. */
export interface OutputPace {
  readonly bytes: number;
  readonly every: number;
  /** Sends the next piece. */
  readonly again: () => void;
  /** Takes back what would end it. */
  readonly stop: () => void;
}

export class Output {
  #pace: OutputPace | null = null;
  #text = '';
  /** What was written before the text, where octets came between; empty most of the time. */
  #before: (string | Buffer)[] = [];
  #beforeLength = 0;
  /** Octets that may still leave; the rest is cut off. */
  #left = Infinity;
  #onLast: (() => void) | undefined;
  /** Until the next piece may leave. */
  #timer: NodeJS.Timeout | null = null;

  /** Octets, about: a character of text counts as one. */
  get length(): number {
    return this.#beforeLength + this.#text.length;
  }

  get pace(): OutputPace | null {
    return this.#pace;
  }

  /** From now on, in the place of whatever it was; null: as fast as it can. */
  setPace(pace: OutputPace | null): void {
    this.#pace?.stop();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#pace = pace;
  }

  /** Leaves as UTF-8. */
  write(text: string): void {
    this.#text += text;
  }

  writeOctets(octets: Buffer): void {
    if (this.#text !== '') this.#before.push(this.#text);
    this.#before.push(octets);
    this.#beforeLength += this.#text.length + octets.length;
    this.#text = '';
  }

  /** Only so many octets more leave, whatever is written; `sent` is called when they have. */
  limit(octets: number, sent?: () => void): void {
    this.#left = octets;
    this.#onLast = sent;
  }

  /** What was written is not sent. */
  discard(): void {
    this.#text = '';
    if (this.#before.length === 0) return;
    this.#before = [];
    this.#beforeLength = 0;
  }

  /** True once everything that may leave has left. */
  #sendPart(socket: Duplex): boolean {
    const pace = this.#pace;
    if (pace !== null && this.#timer !== null) return false;
    // What is left of an answer is in one piece already.
    const whole = this.#text === '' ? joined(this.#before) : joined([...this.#before, this.#text]);
    this.discard();
    if (!socket.writable) return false;
    const part = whole.subarray(0, Math.min(this.#left, pace?.bytes ?? Infinity));
    if (pace !== null && part.length < whole.length && part.length < this.#left) {
      this.writeOctets(whole.subarray(part.length));
      this.#timer = setTimeout(
        () => {
          this.#timer = null;
          pace.again();
        },
        Math.min(pace.every, LONGEST),
      );
    }
    this.#left -= part.length;
    const last = this.#left === 0;
    socket.write(part, last ? this.#onLast : undefined);
    return last;
  }

  /** Hands everything to the socket, for one system call. True where that was the last that may leave. */
  sendTo(socket: Duplex): boolean {
    if (this.#left !== Infinity || this.#pace !== null) return this.#sendPart(socket);
    const { length } = this;
    const [before, text] = [this.#before, this.#text];
    this.discard();
    if (!socket.writable) return false;
    if (before.length === 0) {
      if (text !== '') socket.write(text);
      return false;
    }
    if (text !== '') before.push(text);
    // Copying some octets costs less than handing over many pieces; but a large message must not be copied piece by piece.
    if (length <= COPIED && length <= before.length * SMALL) socket.write(joined(before));
    else {
      socket.cork();
      for (const piece of before) socket.write(piece);
      socket.uncork();
    }
    return false;
  }
}
