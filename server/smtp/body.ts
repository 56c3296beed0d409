// The octets of a message while they come in: counted against the limits, kept until one is passed, and then only counted.

import type { Sink } from '../net/dotted.ts';
import type { Inflight } from './deps.ts';
import { NO_ROOM, TOO_LARGE } from './replies.ts';
import type { Reply } from './replies.ts';

/** Smaller chunks are copied together: a client that sends octet by octet must not cost a hundred times what it sends. */
const SMALL = 2 * 1024;
const BLOCK = 16 * 1024;

export class Body implements Sink {
  /** All octets so far, also those not kept. */
  octets = 0;
  /** Why nothing more is kept. */
  refusal: Reply | null = null;
  readonly #limit: number;
  readonly #inflight: Inflight;
  #reserved = 0;
  #parts: Buffer[] = [];
  #block: Buffer | null = null;
  #used = 0;

  /** `limit` in octets, 0 = unlimited. */
  constructor(limit: number, inflight: Inflight) {
    this.#limit = limit === 0 ? Infinity : limit;
    this.#inflight = inflight;
  }

  take(chunk: Buffer): void {
    this.octets += chunk.length;
    if (this.refusal !== null) return;
    if (this.octets > this.#limit) return this.#refuse(TOO_LARGE);
    if (!this.#inflight.reserve(chunk.length)) return this.#refuse(NO_ROOM);
    this.#reserved += chunk.length;
    if (chunk.length < SMALL && this.#parts.length > 0) this.#append(chunk);
    else {
      this.#closeBlock();
      this.#parts.push(chunk);
    }
  }

  #append(chunk: Buffer): void {
    if (this.#block === null || this.#used + chunk.length > this.#block.length) {
      this.#closeBlock();
      this.#block = Buffer.allocUnsafeSlow(BLOCK);
    }
    chunk.copy(this.#block, this.#used);
    this.#used += chunk.length;
  }

  #closeBlock(): void {
    if (this.#block !== null) this.#parts.push(this.#block.subarray(0, this.#used));
    this.#block = null;
    this.#used = 0;
  }

  /** The whole message. A small part of a large chunk is copied, so that it does not keep the rest alive. */
  raw(): Buffer {
    this.#closeBlock();
    const [first, second] = this.#parts;
    const alone = first !== undefined && second === undefined && first.length * 2 >= first.buffer.byteLength;
    const raw = alone ? first : Buffer.concat(this.#parts);
    this.#parts = [];
    return raw;
  }

  #refuse(refusal: Reply): void {
    this.refusal = refusal;
    this.release();
  }

  /** Gives the room back, when the message is stored or given up. */
  release(): void {
    this.#parts = [];
    this.#block = null;
    this.#inflight.release(this.#reserved);
    this.#reserved = 0;
  }
}
