// Quoted-printable (RFC 2045 §6.7), tolerant: what is no escape stays as it is.

const LF = 10;
const CR = 13;
const SPACE = 32;
const TAB = 9;
const EQUALS = 61;

/** The value of each octet as a hexadecimal digit, -1 where it is none. */
const HEX = Int8Array.from({ length: 256 }, (_, octet) => {
  const digit = parseInt(String.fromCharCode(octet), 16);
  return Number.isNaN(digit) ? -1 : digit;
});

const hex = (octet: number | undefined): number => HEX[octet ?? 0] ?? -1;

/** The offset after white space and a line end at `at`, or -1 where something else follows. */
function lineEnd(bytes: Buffer, at: number): number {
  let i = at;
  while (bytes[i] === SPACE || bytes[i] === TAB) i++;
  if (i >= bytes.length) return i;
  if (bytes[i] === CR && bytes[i + 1] === LF) return i + 2;
  return bytes[i] === LF ? i + 1 : -1;
}

/** Decodes; white space before a line end was added on the way and is dropped (§6.7 rule 3). */
export function decodeQuotedPrintable(bytes: Buffer): Buffer {
  const out = Buffer.allocUnsafe(bytes.length);
  let size = 0;
  let blanks = -1; // where the present run of white space began in `out`
  for (let at = 0; at < bytes.length; at++) {
    const octet = bytes[at] as number;
    if (octet === EQUALS) {
      const high = hex(bytes[at + 1]);
      const low = hex(bytes[at + 2]);
      const soft = high < 0 ? lineEnd(bytes, at + 1) : -1;
      if (soft >= 0) {
        at = soft - 1;
        continue;
      }
      blanks = -1;
      out[size++] = high >= 0 && low >= 0 ? high * 16 + low : octet;
      if (high >= 0 && low >= 0) at += 2;
      continue;
    }
    if (octet === SPACE || octet === TAB) {
      if (blanks < 0) blanks = size;
    } else {
      if (blanks >= 0 && (octet === LF || (octet === CR && bytes[at + 1] === LF))) size = blanks;
      blanks = -1;
    }
    out[size++] = octet;
  }
  return out.subarray(0, blanks >= 0 ? blanks : size);
}
