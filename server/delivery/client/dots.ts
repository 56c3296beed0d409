// A message as DATA sends it: every octet of it stays, dots that begin a line are doubled (RFC 5321 §4.5.2).

const CR = 13;
const LF = 10;
const DOT = Buffer.from('.');
const END = Buffer.from('.\r\n');
const LINE_END_AND_END = Buffer.from('\r\n.\r\n');

/** Octets of the message in one write. */
const BLOCK = 64 * 1024;

/** A line ends in CRLF: a dot after a bare LF is none that begins a line, and stays as it is. */
const CRLF_DOT = Buffer.from('\r\n.');

function stuffed(raw: Buffer, from: number, to: number, end: Buffer | null): Buffer {
  const pieces: Buffer[] = [];
  // The block, with what may belong to a line end before it.
  const start = Math.max(from - 2, 0);
  const part = raw.subarray(start, to);
  let at = from - start;
  if (from === 0 && raw[0] === DOT[0]) pieces.push(DOT);
  for (let hit = part.indexOf(CRLF_DOT); hit >= 0; hit = part.indexOf(CRLF_DOT, hit + 3)) {
    pieces.push(part.subarray(at, hit + 2), DOT);
    at = hit + 2;
  }
  pieces.push(part.subarray(at));
  if (end !== null) pieces.push(end);
  return pieces.length === 1 ? raw.subarray(from, to) : Buffer.concat(pieces);
}

/** In blocks, the last one with the end of the data: a line that lacks its CRLF gets one, since the dot stands alone on its line. */
export function* dotted(raw: Buffer): Generator<Buffer, void> {
  const end = raw.length === 0 || (raw.at(-1) === LF && raw.at(-2) === CR) ? END : LINE_END_AND_END;
  let from = 0;
  for (; raw.length - from > BLOCK; from += BLOCK) yield stuffed(raw, from, from + BLOCK, null);
  yield stuffed(raw, from, raw.length, end);
}
