// What the header block alone tells of a message. Runs for every message before the 250: a few microseconds.

import { isAscii, isUtf8 } from 'node:buffer';
import { memo } from '../base/memo.ts';
import { addressList } from './address-list.ts';
import type { AddressList } from './address-list.ts';
import { parseDate } from './date.ts';
import { HEADER_LIMITS, headerEnd, splitFields, textOf, unfold, visibleEnd } from './header.ts';
import type { FieldSpan } from './header.ts';
import type { HeaderFacts } from './message.ts';
import { decodeWords } from './words.ts';

/** Fields that may stand once only (RFC 5322 §3.6). */
const SINGLETONS = new Set(['date', 'from', 'sender', 'reply-to', 'to', 'cc', 'bcc', 'message-id', 'in-reply-to', 'references', 'subject']);

const NOBODY: AddressList = { addresses: [], count: 0 };

/** `<a@b>` with or without comments around it: the part in the angle brackets, else all of it. */
function identifier(value: string): string | null {
  const open = value.indexOf('<');
  const close = value.indexOf('>', open);
  return (open >= 0 && close > open ? value.slice(open + 1, close) : value).trim() || null;
}

/** A longer field is not worth keeping for the addresses that were cut from it. */
const SHARED = 2048;

// V8 keeps the whole text alive for a slice of it, and facts stay in memory as long as the message.
const own = (text: string): string => Buffer.from(text, 'utf8').toString('utf8');

function ownAddresses(list: AddressList, size: number): AddressList {
  if (size < SHARED) return list;
  return { addresses: list.addresses.map(({ name, address }) => ({ name: own(name), address: own(address) })), count: list.count };
}

/** Shared by all messages that have the same field: facts never change. */
const ownList = memo((value) => ownAddresses(addressList(value), value.length));

/** Facts and defects of a raw message; only its header block is read. */
export function headerFacts(raw: Buffer, limits = HEADER_LIMITS): { header: HeaderFacts; defects: string[] } {
  const end = headerEnd(raw);
  const block = raw.subarray(0, visibleEnd(raw, 0, end, limits));
  const ascii = isAscii(block);
  const text = block.toString('latin1');
  const defects: string[] = [];
  if (end > block.length) defects.push('long-header');
  if (!ascii) defects.push(isUtf8(block) ? 'non-ascii-header' : 'undeclared-charset-header');

  const found = new Map<string, FieldSpan[]>();
  let named = 0;
  for (const span of splitFields(text)) {
    if (span.colon < 0) {
      if (defects[defects.length - 1] !== 'malformed-header-line') defects.push('malformed-header-line');
      continue;
    }
    named++;
    const name = text.slice(span.start, span.colon).trimEnd().toLowerCase();
    if (!SINGLETONS.has(name)) continue;
    const spans = found.get(name);
    if (spans) spans.push(span);
    else found.set(name, [span]);
  }

  // From the bytes and not a slice of `text`, which would keep the header block in memory.
  const valueOf = ({ colon, end: stop }: FieldSpan): string =>
    unfold(ascii ? block.toString('latin1', colon + 1, stop) : textOf(block.subarray(colon + 1, stop)));
  const first = (name: string): string | null => {
    const span = found.get(name)?.[0];
    return span ? valueOf(span) : null;
  };
  // A second To or Cc is against the rules, but its recipients are real.
  const list = (name: string): AddressList => {
    const spans = found.get(name);
    if (!spans) return NOBODY;
    const value = spans.length === 1 && spans[0] ? valueOf(spans[0]) : spans.map(valueOf).join(', ');
    return ownList(value);
  };

  if (named === 0) defects.push('no-header');
  for (const name of ['from', 'date', 'message-id']) if (!found.has(name)) defects.push(`no-${name}`);
  for (const [name, spans] of found) if (spans.length > 1) defects.push(`duplicate-${name}`);
  const date = first('date');
  const time = date === null ? null : parseDate(date);
  if (date !== null && time === null) defects.push('bad-date');
  const to = list('to');
  const header: HeaderFacts = {
    from: list('from').addresses,
    to: to.addresses,
    cc: list('cc').addresses,
    bcc: list('bcc').addresses,
    toCount: to.count,
    subject: decodeWords(first('subject') ?? ''),
    messageId: identifier(first('message-id') ?? ''),
    date: time,
  };
  return { header, defects };
}
