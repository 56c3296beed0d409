// What is odd about the bytes of a message, whatever they mean (RFC 5322 §2.1, §2.3, RFC 5321 §4.5.3.1.6).

import { isAscii } from 'node:buffer';
import { allParts } from './mime.ts';
import type { MimePart } from './mime.ts';

const LF = 10;
const CR = 13;

/** Octets of a line without its line end. */
export const LINE_LIMIT = 998;

function lineDefects(raw: Buffer): string[] {
  const defects = new Set<string>();
  let start = 0;
  for (let lf = raw.indexOf(LF); lf >= 0; lf = raw.indexOf(LF, start)) {
    const crlf = lf > 0 && raw[lf - 1] === CR;
    if (!crlf) defects.add('bare-lf');
    if (lf - start - (crlf ? 1 : 0) > LINE_LIMIT) defects.add('long-line');
    start = lf + 1;
  }
  if (raw.length - start > LINE_LIMIT) defects.add('long-line');
  return [...defects];
}

function hasBareCr(raw: Buffer): boolean {
  for (let cr = raw.indexOf(CR); cr >= 0; cr = raw.indexOf(CR, cr + 1)) if (raw[cr + 1] !== LF) return true;
  return false;
}

/** True where a leaf carries 8-bit octets that its header does not announce (RFC 2045 §2.7, §6.2). */
function unlabelled(raw: Buffer, root: MimePart): boolean {
  for (const part of allParts(root)) {
    if (part.children.length > 0 || part.message || part.encoding === '8bit' || part.encoding === 'binary') continue;
    if (!isAscii(raw.subarray(part.bodyStart, part.bodyEnd))) return true;
  }
  return false;
}

/** `bare-lf`, `bare-cr`, `nul`, `long-line`, `8bit-without-label`. */
export function byteDefects(raw: Buffer, root: MimePart): string[] {
  const defects = lineDefects(raw);
  if (hasBareCr(raw)) defects.push('bare-cr');
  if (raw.includes(0)) defects.push('nul');
  if (unlabelled(raw, root)) defects.push('8bit-without-label');
  return defects;
}
