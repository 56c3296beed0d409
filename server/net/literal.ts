// Octets of a stated number, as they come in, in one piece.

import type { Sink } from './dotted.ts';

/** What is claimed for them at first: a client may state any number and send nothing. */
const FIRST = 64 * 1024;

export class Literal implements Sink {
  readonly #count: number;
  #buffer: Buffer;
  #used = 0;

  constructor(count: number) {
    this.#count = count;
    this.#buffer = Buffer.allocUnsafeSlow(Math.min(count, FIRST));
  }

  take(chunk: Buffer): void {
    const used = this.#used + chunk.length;
    if (used > this.#buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.min(this.#count, Math.max(used, this.#buffer.length * 2)));
      this.#buffer.copy(larger, 0, 0, this.#used);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.#used);
    this.#used = used;
  }

  get octets(): Buffer {
    return this.#buffer.subarray(0, this.#used);
  }
}
