// The octets of a message's sections, each read only when it is written, and only as far as it is asked for.

import { decodeBody } from '../../mail/decode.ts';
import { splitFields } from '../../mail/header.ts';
import { findPart } from '../../mail/mime.ts';
import { servedPrefix, servedPrefixSize, servedRange, servedSize } from '../../store/served.ts';
import type { Entry } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import type { Partial, Section } from './items.ts';
import type { Outline } from './outline.ts';
import { readHeaderBlock, treeOf } from './reading.ts';

/** What the octets are read from. */
export interface Source {
  readonly store: Store;
  readonly traceHeaders: boolean;
}

/** Octets of a message as its account sees it; `end` is exclusive. */
export interface Span {
  readonly entry: Entry;
  readonly start: number;
  readonly end: number;
}

/** What is at hand, or where it lies; null for a part that is not there. */
export type Octets = Buffer | Span | null;

export const lengthOf = (octets: Buffer | Span): number => (Buffer.isBuffer(octets) ? octets.length : octets.end - octets.start);

/** The range of the octets that a partial FETCH wants; beyond their end there is none. */
export function cut(octets: Buffer | Span, partial: Partial | null): Buffer | Span {
  if (partial === null) return octets;
  const from = Math.min(partial.origin, lengthOf(octets));
  const to = Math.min(from + partial.length, lengthOf(octets));
  return Buffer.isBuffer(octets) ? octets.subarray(from, to) : { ...octets, start: octets.start + from, end: octets.start + to };
}

const range = (source: Source, { entry, start, end }: Span): Promise<Buffer> =>
  servedRange(source.store, entry, start, end, source.traceHeaders);

/** Only the fields of those names, or only the others, and the empty line (RFC 9051 §6.4.5.1). */
export function selectFields(block: Buffer, fields: readonly string[], wanted: boolean): Buffer {
  const text = block.toString('latin1');
  let selected = '';
  for (const { start, colon, end } of splitFields(text)) {
    const named = colon >= 0 && fields.includes(text.slice(start, colon).trimEnd().toLowerCase());
    if (named === wanted) selected += text.slice(start, end);
  }
  // The header may end within its last field.
  const open = selected !== '' && !selected.endsWith('\n');
  return Buffer.from(`${selected}${open ? '\r\n' : ''}\r\n`, 'latin1');
}

/** The header of the message itself, with the trace lines. */
async function header(source: Source, entry: Entry): Promise<Buffer> {
  const block = await readHeaderBlock(source.store, entry.kept);
  const prefix = servedPrefix(entry, source.traceHeaders);
  return prefix.length === 0 ? block : Buffer.concat([prefix, block]);
}

/** Where the header of a part, or of the message, is. The trace lines stand before the raw bytes. */
function headerSpan(entry: Entry, { headerStart, bodyStart }: Outline, prefix: number): Span {
  return { entry, start: headerStart === 0 ? 0 : prefix + headerStart, end: prefix + bodyStart };
}

const bodySpan = (entry: Entry, { bodyStart, bodyEnd }: Outline, prefix: number): Span => ({
  entry,
  start: prefix + bodyStart,
  end: prefix + bodyEnd,
});

/** Nothing needs to be read to say where that is. */
const wholeMessage = ({ traceHeaders }: Source, entry: Entry): Span => ({ entry, start: 0, end: servedSize(entry, traceHeaders) });

/** A section of the message itself: its tree is not needed. */
async function ofMessage(source: Source, entry: Entry, { what, fields }: Section): Promise<Octets> {
  const end = servedSize(entry, source.traceHeaders);
  const block = await header(source, entry);
  if (what === 'text') return { entry, start: block.length, end };
  return what === 'header' ? block : selectFields(block, fields, what === 'fields');
}

export function sectionOf(source: Source, entry: Entry, section: Section): Octets | Promise<Octets> {
  if (section.part !== '') return ofPart(source, entry, section);
  return section.what === 'all' ? wholeMessage(source, entry) : ofMessage(source, entry, section);
}

async function ofPart(source: Source, entry: Entry, section: Section): Promise<Octets> {
  const part = findPart((await treeOf(source.store, entry.kept)).outline, section.part);
  if (!part) return null;
  const prefix = servedPrefixSize(entry, source.traceHeaders);
  if (section.what === 'all') return bodySpan(entry, part, prefix);
  if (section.what === 'mime') return headerSpan(entry, part, prefix);
  // The others are of messages: of this part there is none.
  if (!part.message) return null;
  if (section.what === 'text') return bodySpan(entry, part.message, prefix);
  const span = headerSpan(entry, part.message, prefix);
  return section.what === 'header' ? span : selectFields(await range(source, span), section.fields, section.what === 'fields');
}

const IDENTITY = new Set(['7bit', '8bit', 'binary']);
const KNOWN = new Set([...IDENTITY, 'base64', 'quoted-printable', 'x-uuencode', 'uuencode', 'x-uue']);

/** The octets of a part without its transfer encoding (RFC 3516 §4.2); `unknown` where that is none that we know. */
export async function decodedOf(source: Source, entry: Entry, part: string): Promise<Octets | 'unknown'> {
  if (part === '') return wholeMessage(source, entry);
  const found = findPart((await treeOf(source.store, entry.kept)).outline, part);
  if (!found) return null;
  const span = bodySpan(entry, found, servedPrefixSize(entry, source.traceHeaders));
  // What holds other parts has no encoding of its own (RFC 2045 §6.4).
  if (IDENTITY.has(found.encoding) || found.children.length > 0) return span;
  if (!KNOWN.has(found.encoding)) return 'unknown';
  const body = await range(source, span);
  return decodeBody(body, { bodyStart: 0, bodyEnd: body.length, encoding: found.encoding });
}
