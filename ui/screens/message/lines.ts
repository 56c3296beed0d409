// Cuts bytes that come in pieces into lines of text.

export class LineReader {
  readonly #decoder = new TextDecoder();
  #rest = '';
  #lines: string[] = [];

  /** All lines so far; an unfinished one waits for its end, or for the last piece. */
  push(bytes: Uint8Array, last: boolean): string[] {
    const cut = (this.#rest + this.#decoder.decode(bytes, { stream: !last })).split(/\r?\n/);
    this.#rest = cut.pop() ?? '';
    if (last && this.#rest !== '') cut.push(this.#rest);
    return (this.#lines = this.#lines.concat(cut));
  }
}
