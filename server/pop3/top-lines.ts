// Finds where TOP ends in a message: the header, the empty line, and so many lines of the body (RFC 1939 §7).

const CR = 13;
const LF = 10;

export class TopLines {
  readonly #wanted: number;
  /** Lines of the body so far; negative within the header. */
  #lines = -1;
  /** Octets of the line that the last chunk left unfinished, and whether all of them is one CR. */
  #open = 0;
  #openCr = false;

  constructor(wanted: number) {
    this.#wanted = wanted;
  }

  /** How many octets of the chunk belong to it, or -1 where all do and more may follow. */
  feed(chunk: Buffer): number {
    let start = 0;
    for (let lf = chunk.indexOf(LF); lf >= 0; lf = chunk.indexOf(LF, start)) {
      if (this.#lines >= 0 || this.#isEmpty(chunk, start, lf)) this.#lines++;
      this.#open = 0;
      start = lf + 1;
      if (this.#lines >= this.#wanted) return start;
    }
    if (start < chunk.length) {
      this.#openCr = this.#open === 0 && chunk.length - start === 1 && chunk[start] === CR;
      this.#open += chunk.length - start;
    }
    return -1;
  }

  #isEmpty(chunk: Buffer, start: number, lf: number): boolean {
    if (this.#open > 0) return lf === start && this.#openCr;
    return lf === start || (lf === start + 1 && chunk[start] === CR);
  }
}
