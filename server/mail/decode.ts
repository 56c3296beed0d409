// The content of a part: transfer encodings undone, bytes as text.

import type { MimePart } from './mime.ts';
import { decodeQuotedPrintable } from './quoted-printable.ts';
import { unflow } from './flowed.ts';
import { decodeCharset } from './words.ts';

/** Base64 as found in mail: line ends, blanks and foreign octets are passed over, several padded runs are joined. */
export function decodeBase64(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1');
  const padding = text.indexOf('=');
  if (padding < 0 || /^[=\s]*$/.test(text.slice(padding))) return Buffer.from(text, 'base64');
  return Buffer.concat(text.split(/=+/).map((run) => Buffer.from(run, 'base64')));
}

/** The bytes between `begin` and `end` of the uuencoded file in a body; the body itself where there is none. */
export function decodeUuencode(bytes: Buffer): Buffer {
  const lines = bytes.toString('latin1').split(/\r?\n/);
  const begin = lines.findIndex((line) => /^begin(-base64)? [0-7]{3,4} ./.test(line));
  if (begin < 0) return bytes;
  const runs: Buffer[] = [];
  for (const line of lines.slice(begin + 1)) {
    if (line === 'end') break;
    const size = (line.charCodeAt(0) - 32) & 63;
    const run: number[] = [];
    for (let i = 1; run.length < size; i += 4) {
      // Trailing blanks may be lost on the way: a missing character is a zero, as a blank is.
      const [a, b, c, d] = [0, 1, 2, 3].map((n) => ((line.charCodeAt(i + n) || 32) - 32) & 63) as [number, number, number, number];
      run.push((a << 2) | (b >> 4), ((b & 15) << 4) | (c >> 2), ((c & 3) << 6) | d);
    }
    runs.push(Buffer.from(run.slice(0, size)));
  }
  return Buffer.concat(runs);
}

const DECODERS: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  base64: decodeBase64,
  'quoted-printable': decodeQuotedPrintable,
  'x-uuencode': decodeUuencode,
  uuencode: decodeUuencode,
  'x-uue': decodeUuencode,
};

/** The decoded bytes of a part. Without an encoding, or with one that is unknown, it is a view of `raw`. */
export function decodeBody(raw: Buffer, part: Pick<MimePart, 'bodyStart' | 'bodyEnd' | 'encoding'>): Buffer {
  const body = raw.subarray(part.bodyStart, part.bodyEnd);
  const decode = Object.hasOwn(DECODERS, part.encoding) ? DECODERS[part.encoding] : undefined;
  return decode ? decode(body) : body;
}

/** The text of a part, line ends as LF, format=flowed paragraphs joined. */
export function decodeText(raw: Buffer, part: MimePart): string {
  const text = decodeCharset(decodeBody(raw, part), part.parameters['charset'] ?? '').replace(/\r\n?/g, '\n');
  if (part.subtype !== 'plain' || part.parameters['format']?.toLowerCase() !== 'flowed') return text;
  return unflow(text, part.parameters['delsp']?.toLowerCase() === 'yes');
}
