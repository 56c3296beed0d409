// What a search or a sort gives back: which of its messages, and in which form (RFC 4731, RFC 5182, RFC 5267, RFC 9394).

import type { ImapSession } from '../session.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { pageOf, readPage } from '../syntax/page.ts';
import type { Page } from '../syntax/page.ts';
import { formatSet } from '../syntax/sequence-set.ts';
import type { Given } from '../command.ts';
import { imapString } from '../fetch/string.ts';
import type { Candidate } from './reading.ts';

export type ReturnOption = 'MIN' | 'MAX' | 'ALL' | 'COUNT' | 'SAVE';

export interface ReturnOptions {
  readonly options: ReadonlySet<ReturnOption>;
  readonly partial: Page | null;
}

const OPTION = /MIN|MAX|ALL|COUNT|SAVE/iy;

/** ` RETURN (…)` if it is next; an empty list means ALL. */
export function readReturn(cursor: Cursor): ReturnOptions | null {
  if (!cursor.take(' RETURN (')) return null;
  const options = new Set<ReturnOption>();
  let partial: Page | null = null;
  let count = 0;
  while (!cursor.take(')')) {
    if (count++ > 0) cursor.space();
    if (cursor.take('PARTIAL ')) partial = readPage(cursor);
    else options.add((cursor.match(OPTION) ?? cursor.fail('unknown return option')).toUpperCase() as ReturnOption);
  }
  if (partial && options.has('ALL')) cursor.fail('ALL and PARTIAL exclude each other');
  if (count === 0) options.add('ALL');
  return { options, partial };
}

/** `found` stands in the order of the result. */
export interface Result {
  readonly found: readonly Candidate[];
  /** Their modseqs are told with them. */
  readonly modseq: boolean;
}

const highest = (found: readonly Candidate[]): number => found.reduce((most, { entry }) => Math.max(most, entry.modseq), 0);

/** Those that the result names one by one, and that SAVE keeps (RFC 5182 §2.1, RFC 4731 §3.2). */
function namedBy({ options, partial }: ReturnOptions, found: readonly Candidate[]): readonly Candidate[] {
  if (options.has('ALL') || options.has('COUNT')) return found;
  const [first, last] = [found[0], found.at(-1)];
  const ends = [...(options.has('MIN') && first ? [first] : []), ...(options.has('MAX') && last ? [last] : [])];
  if (partial) return [...ends, ...pageOf(found, partial)];
  return options.has('MIN') || options.has('MAX') ? ends : found;
}

function data({ options, partial }: ReturnOptions, numbers: readonly number[]): string[] {
  const parts: string[] = [];
  if (numbers.length > 0) {
    if (options.has('MIN')) parts.push(`MIN ${numbers[0]}`);
    if (options.has('MAX')) parts.push(`MAX ${numbers.at(-1)}`);
  }
  if (options.has('COUNT')) parts.push(`COUNT ${numbers.length}`);
  if (options.has('ALL') && numbers.length > 0) parts.push(`ALL ${formatSet(numbers)}`);
  if (partial) parts.push(`PARTIAL (${partial.text} ${formatSet(pageOf(numbers, partial)) || 'NIL'})`);
  return parts;
}

function save(session: ImapSession, returned: ReturnOptions, found: readonly Candidate[]): void {
  if (!returned.options.has('SAVE')) return;
  const uids = new Set(namedBy(returned, found).map(({ entry }) => entry.uid));
  session.saved = [...uids].sort((a, b) => a - b);
}

const DEFAULT: ReturnOptions = { options: new Set(['ALL']), partial: null };

/** One untagged reply: `name` is that of the plain form, `SEARCH` or `SORT`. */
export function tellResult(
  session: ImapSession,
  { tag, byUid }: Given,
  name: 'SEARCH' | 'SORT',
  asked: ReturnOptions | null,
  { found, modseq }: Result,
): void {
  const numbers = found.map(({ number, entry }) => (byUid ? entry.uid : number));
  // IMAP4rev2 knows no other form of a search (RFC 9051 §7.3.4).
  const returned = asked ?? (name === 'SEARCH' && session.enabled.has('IMAP4rev2') ? DEFAULT : null);
  if (!returned) {
    const list = numbers.length > 0 ? ` ${numbers.join(' ')}` : '';
    session.untagged(`${name}${list}${modseq && numbers.length > 0 ? ` (MODSEQ ${highest(found)})` : ''}`);
    return;
  }
  save(session, returned, found);
  // With SAVE alone the client wants no reply (RFC 5182 §2.1).
  if (returned.options.size === 1 && returned.options.has('SAVE') && !returned.partial) return;
  const parts = data(returned, numbers);
  if (modseq && numbers.length > 0) parts.push(`MODSEQ ${highest(namedBy(returned, found))}`);
  session.untagged([`ESEARCH (TAG ${imapString(tag)})`, ...(byUid ? ['UID'] : []), ...parts].join(' '));
}

/** Nothing was found, since the command failed (RFC 5182 §2.1). */
export function forget(session: ImapSession, asked: ReturnOptions | null): void {
  if (asked?.options.has('SAVE')) session.saved = [];
}
