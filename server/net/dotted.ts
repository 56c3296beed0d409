// A message as SMTP and POP3 send it: ends at CRLF "." CRLF and nowhere else, other leading dots are doubled (RFC 5321 §4.5.2).

/** Takes the octets of a message or literal as they come; a chunk is the taker's to keep. */
export interface Sink {
  take(chunk: Buffer): void;
}

const CR = 13;
const LF = 10;
const DOT = 46;
const CRLF_DOT = Buffer.from('\r\n.');
const CR_OCTET = Buffer.from('\r');

// Where the octets read so far have left us.
const INSIDE = 0;
const CR_SEEN = 1;
const LINE_START = 2;
const DOT_SEEN = 3; // the dot is held back
const DOT_CR_SEEN = 4; // the dot and the CR are held back

export class DottedReader {
  #state = LINE_START;
  /** Octets of the message so far, without the doubled dots. */
  octets = 0;

  /**
   * Gives the message's octets in `chunk` to `sink`. Answers how many octets of the chunk belong to the message and its
   * end, or -1 while the end is not there. Dots are taken out in place: the chunk must be nobody else's.
   */
  feed(chunk: Buffer, sink: Sink): number {
    let kept = 0; // chunk[0, kept) is what the sink will get
    let from = 0; // chunk[from, …) is not yet decided
    const keep = (end: number): void => {
      if (from !== kept) chunk.copyWithin(kept, from, end);
      kept += end - from;
    };
    const give = (used: number): number => {
      this.octets += kept;
      if (kept > 0) sink.take(kept === chunk.length ? chunk : chunk.subarray(0, kept));
      return used;
    };

    // What the last chunk left open is closed octet by octet.
    let at = 0;
    for (; at < chunk.length && this.#state !== INSIDE;) {
      const octet = chunk[at];
      if (this.#state === CR_SEEN && octet === LF) this.#state = LINE_START;
      else if (this.#state === LINE_START && octet === DOT) {
        keep(at);
        from = at + 1;
        this.#state = DOT_SEEN;
      } else if (this.#state === DOT_SEEN && octet === CR) this.#state = DOT_CR_SEEN;
      else if (this.#state === DOT_CR_SEEN && octet === LF) return give(at + 1);
      else {
        if (this.#state === DOT_CR_SEEN && at === 0) {
          this.octets += 1;
          sink.take(CR_OCTET);
        }
        this.#state = INSIDE;
        continue;
      }
      at++;
    }
    if (this.#state !== INSIDE) {
      // A CR held back stands in this chunk or came with the one before; the next chunk decides on it.
      if (this.#state < DOT_SEEN) keep(chunk.length);
      return give(-1);
    }

    for (;;) {
      const hit = chunk.indexOf(CRLF_DOT, at);
      if (hit < 0) break;
      at = hit + 3;
      keep(hit + 2);
      from = at;
      if (at === chunk.length) this.#state = DOT_SEEN;
      else if (chunk[at] === CR && at + 1 === chunk.length) this.#state = DOT_CR_SEEN;
      else if (chunk[at] === CR && chunk[at + 1] === LF) return give(at + 2);
      else continue;
      return give(-1);
    }
    // Looked at before octets move in the chunk.
    const last = chunk[chunk.length - 1];
    if (last === CR) this.#state = CR_SEEN;
    else if (last === LF && chunk[chunk.length - 2] === CR) this.#state = LINE_START;
    keep(chunk.length);
    return give(-1);
  }
}
