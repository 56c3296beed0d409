// What a client has sent and nobody has read yet: chunks as they came, looked through only once.

const LF = 10;
const CR = 13;

/** So many chunks in a row are joined: a client that sends octet by octet must not cost a hundred times what it sends. */
const MAX_CHUNKS = 32;
const MAX_JOINED = 128 * 1024;

export class Input {
  #chunks: Buffer[] = [];
  /** Octets of the first chunk that are already read. */
  #head = 0;
  /** Octets from the head that hold no LF. */
  #searched = 0;
  /** A line beyond its limit is being dropped. */
  #dropping = false;
  /** Octets not yet read. */
  length = 0;
  /** Whether the newest line ended in a bare LF. */
  bareLf = false;

  push(chunk: Buffer): void {
    if (this.#chunks.length >= MAX_CHUNKS && this.length < MAX_JOINED) this.#join();
    this.#chunks.push(chunk);
    this.length += chunk.length;
  }

  clear(): void {
    this.#chunks = [];
    this.#head = 0;
    this.#searched = 0;
    this.#dropping = false;
    this.length = 0;
  }

  /** Everything that is here, read. */
  takeAll(): Buffer[] {
    const first = this.peek();
    const all = first === undefined ? [] : [first, ...this.#chunks.slice(1)];
    this.clear();
    return all;
  }

  /** The next octets in a row, without reading them. */
  peek(): Buffer | undefined {
    const first = this.#chunks[0];
    return first === undefined || this.#head === 0 ? first : first.subarray(this.#head);
  }

  /** Reads `octets` of what `peek` gave. */
  skip(octets: number): void {
    const first = this.#chunks[0];
    if (first === undefined) return;
    this.#head += octets;
    this.length -= octets;
    this.#searched = 0;
    if (this.#head >= first.length) {
      this.#chunks.shift();
      this.#head = 0;
    }
  }

  /**
   * The next line without its end, one character for each octet (latin1): nothing is lost where it is no UTF-8.
   * `undefined` until it is whole, null where it had more than `limit` octets: then it is gone, up to its end.
   */
  line(limit: number): string | null | undefined {
    const end = this.#findLf();
    if (end < 0) {
      if (this.length > limit) this.#drop();
      return undefined;
    }
    if (this.#dropping || end + 1 > limit) {
      this.#dropping = false;
      this.#skipFar(end + 1);
      return null;
    }
    if (end >= (this.#chunks[0]?.length ?? 0) - this.#head) this.#join();
    const first = this.#chunks[0];
    if (first === undefined) return undefined;
    const lf = this.#head + end;
    this.bareLf = end === 0 || first[lf - 1] !== CR;
    const text = first.toString('latin1', this.#head, this.bareLf ? lf : lf - 1);
    this.skip(end + 1);
    return text;
  }

  /** Distance of the next LF from the head, -1 where there is none. */
  #findLf(): number {
    let before = 0; // octets from the head to the chunk looked at
    let start = this.#head;
    for (const chunk of this.#chunks) {
      const here = chunk.length - start;
      if (before + here > this.#searched) {
        const found = chunk.indexOf(LF, start + Math.max(0, this.#searched - before));
        if (found >= 0) return before + found - start;
      }
      before += here;
      start = 0;
    }
    this.#searched = before;
    return -1;
  }

  #drop(): void {
    this.clear();
    this.#dropping = true;
  }

  #skipFar(octets: number): void {
    for (let rest = octets; rest > 0;) {
      const here = Math.min(rest, (this.#chunks[0]?.length ?? 0) - this.#head);
      this.skip(here);
      rest -= here;
    }
  }

  #join(): void {
    const first = this.peek();
    if (first === undefined) return;
    this.#chunks = [Buffer.concat([first, ...this.#chunks.slice(1)])];
    this.#head = 0;
  }
}
