// A layer between a connection and its socket that can be slowed down both ways, and be let go again.

import { Duplex } from 'node:stream';

export interface Pace {
  /** Octets a second that are read. */
  readonly in?: number;
  /** So many octets at a time, so many ms apart. */
  readonly out?: { readonly bytes: number; readonly every: number };
}

/** Of a rate, so that what comes is smooth: twenty pieces a second, or single octets. */
export function steps(bytesPerSecond: number): { readonly bytes: number; readonly every: number } {
  const bytes = Math.max(1, Math.floor(bytesPerSecond / 20));
  return { bytes, every: (bytes * 1000) / bytesPerSecond };
}

export class Paced extends Duplex {
  readonly #inner: Duplex;
  #pace: Pace = {};
  #timers = new Set<NodeJS.Timeout>();
  /** What is being waited for, to be done at once when the pace is taken away. */
  readonly #waiting = new Set<() => void>();

  constructor(inner: Duplex) {
    super({ allowHalfOpen: true });
    this.#inner = inner;
    inner.on('data', (chunk: Buffer) => this.#take(chunk));
    inner.on('end', () => this.push(null));
    inner.on('close', () => this.destroy());
    inner.on('error', (error) => this.destroy(error));
  }

  /** From now on; `{}` is as fast as it goes. */
  set pace(pace: Pace) {
    this.#pace = pace;
    for (const go of [...this.#waiting]) go();
  }

  #after(ms: number, go: () => void): void {
    const once = (): void => {
      if (!this.#waiting.delete(once)) return;
      clearTimeout(timer);
      this.#timers.delete(timer);
      go();
    };
    const timer = setTimeout(once, ms);
    this.#timers.add(timer);
    this.#waiting.add(once);
  }

  #take(chunk: Buffer): void {
    const rate = this.#pace.in;
    if (rate === undefined) {
      if (!this.push(chunk)) this.#inner.pause();
      return;
    }
    const { bytes, every } = steps(rate);
    this.#inner.pause();
    const [now, rest] = [chunk.subarray(0, bytes), chunk.subarray(bytes)];
    this.#after(every, () => {
      this.push(now);
      if (rest.length > 0) this.#take(rest);
      else this.#inner.resume();
    });
  }

  override _read(): void {
    if (this.#waiting.size === 0) this.#inner.resume();
  }

  override _write(chunk: Buffer, _: BufferEncoding, done: (error?: Error | null) => void): void {
    const { out } = this.#pace;
    if (out === undefined || chunk.length === 0) {
      if (this.#inner.write(chunk)) done();
      else this.#inner.once('drain', () => done());
      return;
    }
    this.#inner.write(chunk.subarray(0, out.bytes));
    const rest = chunk.subarray(out.bytes);
    if (rest.length === 0) done();
    else this.#after(out.every, () => this._write(rest, _, done));
  }

  override _final(done: () => void): void {
    this.#inner.end();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#waiting.clear();
    this.#inner.destroy();
    done(error);
  }
}
