// The header block: where it ends, and its fields in order with their byte offsets (RFC 5322 §2.2).

import { isAscii, isUtf8 } from 'node:buffer';
import iconv from 'iconv-lite';

export interface HeaderField {
  /** As written; compare in lower case. Empty for a line that is no field. */
  readonly name: string;
  /** Unfolded and trimmed, encoded words not decoded. */
  readonly value: string;
  /** The bytes with their line ends, as text. */
  readonly raw: string;
  /** Offsets in the message; `end` is after the line end. */
  readonly start: number;
  readonly end: number;
}

export interface HeaderBlock {
  readonly fields: readonly HeaderField[];
  /** Where the body starts: after the empty line, or the end where there is none. */
  readonly end: number;
  readonly defects: readonly string[];
}

export interface HeaderLimits {
  /** Octets of a header block that are looked at; fields beyond are not seen. */
  readonly headerSize: number;
}

export const HEADER_LIMITS: HeaderLimits = { headerSize: 1024 * 1024 };

const LF = 10;
const CR = 13;

/** The offset after the first empty line of `raw[start, end)`, or `end`. */
export function headerEnd(raw: Buffer, start = 0, end = raw.length): number {
  let line = start;
  while (line < end) {
    if (raw[line] === LF) return line + 1;
    if (raw[line] === CR && raw[line + 1] === LF && line + 1 < end) return line + 2;
    const next = raw.indexOf(LF, line);
    if (next < 0 || next >= end) return end;
    line = next + 1;
  }
  return end;
}

/** Where to stop looking at the header block `raw[start, end)`: its end, or the last line that is whole within the limit. */
export function visibleEnd(raw: Buffer, start: number, end: number, limits: HeaderLimits): number {
  const limit = start + limits.headerSize;
  return end <= limit ? end : raw.subarray(start, limit).lastIndexOf(LF) + 1 + start;
}

/** One field in the text of a header block: `colon` is -1 where the line is none. */
export interface FieldSpan {
  readonly start: number;
  readonly colon: number;
  readonly end: number;
}

const isBlank = (code: number): boolean => code === 32 || code === 9;

/** True where `text[start, end)` can be a field name: printable, no space inside (RFC 5322 §2.2); space before the colon is obsolete syntax. */
function isName(text: string, start: number, end: number): boolean {
  let last = end;
  while (last > start && isBlank(text.charCodeAt(last - 1))) last--;
  if (last === start) return false;
  for (let i = start; i < last; i++) {
    const code = text.charCodeAt(i);
    if (code <= 32 || code === 127) return false;
  }
  return true;
}

/** Splits the text of a header block (one character per octet) into fields; stops at the empty line. */
export function splitFields(text: string): FieldSpan[] {
  const spans: FieldSpan[] = [];
  let start = 0;
  while (start < text.length) {
    const first = text.charCodeAt(start);
    if (first === LF || (first === CR && text.charCodeAt(start + 1) === LF)) break;
    let end = text.indexOf('\n', start) + 1;
    while (end > 0 && end < text.length && isBlank(text.charCodeAt(end))) end = text.indexOf('\n', end) + 1;
    if (end === 0) end = text.length;
    const colon = text.indexOf(':', start);
    spans.push({ start, colon: colon >= 0 && colon < end && isName(text, start, colon) ? colon : -1, end });
    start = end;
  }
  return spans;
}

/** Octets that may be UTF-8 or, failing that, some 8-bit charset. */
export function textOf(bytes: Buffer, fallback = 'windows-1252'): string {
  if (isAscii(bytes)) return bytes.toString('latin1');
  return isUtf8(bytes) ? bytes.toString('utf8') : iconv.decode(bytes, fallback);
}

/** Removes the line ends of a folded value (RFC 5322 §2.2.3) and the space around it. */
export function unfold(value: string): string {
  return (value.includes('\n') ? value.replace(/\r?\n/g, '') : value).trim();
}

/** Reads the header block of `raw[start, end)`. `fallback` is the charset of 8-bit text that is not UTF-8. */
export function readHeader(raw: Buffer, start = 0, end = raw.length, fallback = 'windows-1252', limits = HEADER_LIMITS): HeaderBlock {
  const bodyStart = headerEnd(raw, start, end);
  const seen = visibleEnd(raw, start, bodyStart, limits);
  const defects = new Set<string>();
  if (seen < bodyStart) defects.add('long-header');
  const fields = splitFields(raw.toString('latin1', start, seen)).map((span): HeaderField => {
    const [from, to] = [start + span.start, start + span.end];
    if (span.colon < 0) defects.add('malformed-header-line');
    return {
      name: span.colon < 0 ? '' : raw.toString('latin1', from, start + span.colon).trimEnd(),
      value: unfold(textOf(raw.subarray(span.colon < 0 ? from : start + span.colon + 1, to), fallback)),
      raw: textOf(raw.subarray(from, to), 'latin1'),
      start: from,
      end: to,
    };
  });
  return { fields, end: bodyStart, defects: [...defects] };
}

/** The first field of that name (given in lower case). */
export function fieldOf(fields: readonly HeaderField[], name: string): HeaderField | undefined {
  return fields.find((field) => field.name.length === name.length && field.name.toLowerCase() === name);
}

/** What is looked at of the header block of a whole message. */
export const headerBlock = (raw: Buffer, limits = HEADER_LIMITS): Buffer => raw.subarray(0, visibleEnd(raw, 0, headerEnd(raw), limits));

/** The values of the fields of a name in lower case, unfolded; none where there is no such field. */
export type ValuesOf = (name: string) => readonly string[];

/** The values of the fields in a header block, by their names in lower case. */
export function valuesIn(block: Buffer): ValuesOf {
  const ascii = isAscii(block);
  const text = block.toString('latin1');
  const found = new Map<string, string[]>();
  for (const { start, colon, end } of splitFields(text)) {
    if (colon < 0) continue;
    const name = text.slice(start, colon).trimEnd().toLowerCase();
    const value = unfold(ascii ? text.slice(colon + 1, end) : textOf(block.subarray(colon + 1, end)));
    const values = found.get(name);
    if (values) values.push(value);
    else found.set(name, [value]);
  }
  return (name) => found.get(name) ?? [];
}
