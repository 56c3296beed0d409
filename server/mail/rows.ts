// Rows of a source: its lines, the long ones cut into pieces, counted as the octets come.

export interface Rows {
  readonly total: number;
  /** The octet at which every n-th row begins, from the first on. */
  readonly offsets: readonly number[];
}

const CR = 13;
const LF = 10;

/**
 * Counts rows, and notes where every `every`-th begins. A line ends with LF; a line that has, without that LF and a CR directly
 * before it, more than `width` octets is cut into rows of exactly `width`, and the last one has the rest and the end.
 */
export class RowCounter {
  readonly #every: number;
  readonly #width: number;
  readonly #offsets: number[] = [];
  #total = 0;
  #at = 0; // octets taken
  #lineStart = 0;
  #last = 0; // the octet before the next chunk

  constructor(every: number, width: number) {
    this.#every = every;
    this.#width = width;
  }

  take(chunk: Uint8Array): void {
    // Octet by octet: `indexOf` would be slower where every octet is a line end.
    for (let i = 0; i < chunk.length; i++) {
      if (chunk[i] !== LF) continue;
      const before = i > 0 ? chunk[i - 1] : this.#last;
      const end = this.#at + i;
      this.#line(before === CR ? end - 1 : end);
      this.#lineStart = end + 1;
    }
    this.#at += chunk.length;
    this.#last = chunk.at(-1) ?? this.#last;
  }

  end(): Rows {
    if (this.#at > this.#lineStart) this.#line(this.#at);
    return { total: this.#total, offsets: this.#offsets };
  }

  /** `end` is that of the line without its end. */
  #line(end: number): void {
    const rows = Math.max(1, Math.ceil((end - this.#lineStart) / this.#width));
    for (let row = this.#offsets.length * this.#every; row < this.#total + rows; row += this.#every) {
      this.#offsets.push(this.#lineStart + (row - this.#total) * this.#width);
    }
    this.#total += rows;
  }
}
