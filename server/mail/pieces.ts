// The decoded text of a part, piece by piece, so that a long one holds nobody up.

import { decodeBody, decodeText } from './decode.ts';
import type { MimePart } from './mime.ts';

/** Octets of a piece: decoding them and reading them as HTML takes 4 ms. */
export const PIECE = 64 * 1024;

const CUT_ANYWHERE = new Set(['7bit', '8bit', 'binary', 'quoted-printable']);
const WIDE = /utf-?(?:16|32)|ucs/i;

/** Where a piece that begins at `start` ends: after its last line, else its last word. */
function pieceEnd(bytes: Buffer, start: number): number {
  const piece = bytes.subarray(start, start + PIECE);
  const last = piece.lastIndexOf(10);
  const cut = last > 0 ? last : piece.lastIndexOf(32);
  return start + (cut > 0 ? cut + 1 : piece.length);
}

/** A character whose octets stand on both sides of a cut, or a paragraph of flowed text, is not put together again. */
export function* piecesOf(raw: Buffer, part: MimePart): Generator<string> {
  if (part.bodyEnd - part.bodyStart <= PIECE || WIDE.test(part.parameters['charset'] ?? '')) {
    yield decodeText(raw, part);
    return;
  }
  // Base64 has no lines that mean anything: it is undone first, which is fast, and its content is cut.
  const base64 = part.encoding === 'base64';
  const bytes = base64 ? decodeBody(raw, part) : raw;
  const whole = base64 ? { ...part, encoding: 'binary', bodyStart: 0, bodyEnd: bytes.length } : part;
  // Of a uuencoded text only the beginning: it cannot be read from its middle.
  const last = CUT_ANYWHERE.has(whole.encoding) ? whole.bodyEnd : whole.bodyStart + PIECE;
  for (let at = whole.bodyStart; at < last;) {
    const next = last - at <= PIECE ? last : pieceEnd(bytes, at);
    yield decodeText(bytes, { ...whole, bodyStart: at, bodyEnd: next });
    at = next;
  }
}

/** The parts as far as `limit` octets of them go. */
export function cutAt(parts: readonly MimePart[], limit: number): MimePart[] {
  let room = limit;
  const cut: MimePart[] = [];
  for (const part of parts) {
    if (room <= 0) break;
    const bodyEnd = Math.min(part.bodyEnd, part.bodyStart + room);
    cut.push(bodyEnd === part.bodyEnd ? part : { ...part, bodyEnd });
    room -= bodyEnd - part.bodyStart;
  }
  return cut;
}
