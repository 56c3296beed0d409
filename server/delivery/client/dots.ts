// A message in blocks, as BDAT sends it and as DATA does: every octet of it stays, for DATA dots that begin a line are doubled (RFC 5321 §4.5.2).

const CR = 13;
const LF = 10;
const DOT = 46;
const END = Buffer.from('.\r\n');
const LINE_END_AND_END = Buffer.from('\r\n.\r\n');

/** Octets of the message in one write. */
const BLOCK = 64 * 1024;

/** A line ends in CRLF: a dot after a bare LF is none that begins a line, and stays as it is. */
const CRLF_DOT = Buffer.from('\r\n.');

/** Octet by octet, where there is something to double. */
function fill(raw: Buffer, from: number, to: number): Buffer {
  const out = Buffer.allocUnsafe(to - from + Math.ceil((to - from) / CRLF_DOT.length) + 1);
  let at = 0;
  for (let i = from; i < to; i++) {
    const octet = raw[i] as number;
    if (octet === DOT && (i === 0 || (raw[i - 1] === LF && raw[i - 2] === CR))) out[at++] = DOT;
    out[at++] = octet;
  }
  return out.subarray(0, at);
}

function stuffed(raw: Buffer, from: number, to: number): Buffer {
  // With what may belong to a line end before the block.
  const dots = (from === 0 && raw[0] === DOT) || raw.subarray(Math.max(from - 2, 0), to).includes(CRLF_DOT);
  return dots ? fill(raw, from, to) : raw.subarray(from, to);
}

/** As it is. */
export function* blocks(raw: Buffer): Generator<Buffer, void> {
  for (let from = 0; from < raw.length; from += BLOCK) yield raw.subarray(from, from + BLOCK);
}

/** The last block is one with the end of the data: a line that lacks its CRLF gets one, since the dot stands alone on its line. */
export function* dotted(raw: Buffer): Generator<Buffer, void> {
  const end = raw.length === 0 || (raw.at(-1) === LF && raw.at(-2) === CR) ? END : LINE_END_AND_END;
  let from = 0;
  for (; raw.length - from > BLOCK; from += BLOCK) yield stuffed(raw, from, from + BLOCK);
  yield Buffer.concat([stuffed(raw, from, raw.length), end]);
}
