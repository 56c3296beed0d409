// Tells a client what has happened in its mailbox: removals, arrivals, flags (RFC 9051 §7, RFC 7162 §3.2.10).

import { answer } from './fetch/fetch.ts';
import { flagsOf } from './selected.ts';
import { flagList, permanentFlags } from './flags.ts';
import type { ImapSession } from './session.ts';
import { formatSet } from './syntax/sequence-set.ts';
import type { Update } from './selected-view.ts';
import type { Entry } from '../store/state.ts';

/** Lines that are written before the client must have read some. */
const LINES = 1_000;

/** The lines of an update, without `* `. Message numbers are those after the lines before. */
function linesOf(session: ImapSession, update: Update, byUid: boolean): string[] {
  const { enabled, state } = session;
  if (state.phase !== 'selected') return [];
  const { view } = state;
  const lines: string[] = [];
  if (enabled.has('QRESYNC')) {
    if (update.removed.length > 0) lines.push(`VANISHED ${formatSet(update.removed)}`);
    // From the last one down no number changes by an expunge before it.
  } else for (let i = update.numbers.length - 1; i >= 0; i--) lines.push(`${update.numbers[i] ?? 0} EXPUNGE`);
  if (update.added > 0) {
    lines.push(`${view.length} EXISTS`);
    if (!enabled.has('IMAP4rev2')) lines.push(`${view.recentCount} RECENT`);
  }
  if (update.newKeywords) lines.push(`FLAGS (${flagList(view)})`, `OK [PERMANENTFLAGS (${permanentFlags(view)})] Flags that can be kept`);
  for (const entry of update.changed) lines.push(fetchLine(session, view.numberOf(entry.uid), entry, { flags: true, byUid }));
  // From the modseqs of these replies the client would take it that it knows of the removals, too, and never hear of them when it
  // comes back (RFC 7162 §3.2.5).
  if (update.wholeUpTo !== null && enabled.has('QRESYNC')) lines.push(`OK [HIGHESTMODSEQ ${update.wholeUpTo}] Removals are told later`);
  return lines;
}

/** What a FETCH reply tells of changed flags. */
export interface Told {
  readonly flags: boolean;
  /** The command was given by UID: so is the answer. */
  readonly byUid: boolean;
}

export function fetchLine({ enabled, state }: ImapSession, number: number, entry: Entry, { flags, byUid }: Told): string {
  const items: string[] = [];
  if (byUid || enabled.has('QRESYNC') || enabled.has('IMAP4rev2')) items.push(`UID ${entry.uid}`);
  if (enabled.has('CONDSTORE')) items.push(`MODSEQ (${entry.modseq})`);
  if (flags && state.phase === 'selected') {
    const list = enabled.has('IMAP4rev2') ? entry.flags : flagsOf(state.view, entry);
    items.push(`FLAGS (${list.join(' ')})`);
  }
  return `${number} FETCH (${items.join(' ')})`;
}

/** Writes untagged lines as fast as the client reads them. */
export async function tell({ connection }: ImapSession, lines: readonly string[]): Promise<void> {
  for (let i = 0; i < lines.length; i += LINES) {
    connection.write(
      lines
        .slice(i, i + LINES)
        .map((line) => `* ${line}\r\n`)
        .join(''),
    );
    if (connection.full) await connection.flush();
  }
}

/** Data items of new messages, where NOTIFY has asked for some (RFC 5465 §5.2). */
async function introduce(session: ImapSession, added: number): Promise<void> {
  const { state, watch } = session;
  if (state.phase !== 'selected' || added === 0 || !watch?.selected?.items.length) return;
  const { view } = state;
  await answer(session, view.select(`${view.length - added + 1}:${view.length}`, false, []) ?? [], watch.selected.items);
}

/**
 * Brings the client up to date. Without `removals` it is not told of them: its message numbers stay as they are. What NOTIFY does not
 * want of the selected mailbox is not told either, but for what the client does `own`.
 */
export async function sync(session: ImapSession, { removals = true, byUid = false, own = false } = {}): Promise<void> {
  const { state, watch, silence } = session;
  if (state.phase !== 'selected') return;
  const events = watch?.selected?.events;
  if (!own && watch !== null && events?.has('MessageNew') !== true) return;
  const update = state.view.update(removals && !silence.includes('expunge'), !silence.includes('exists'), !silence.includes('flags'));
  const flagsTold = own || watch === null || events?.has('FlagChange') === true;
  const lines = linesOf(session, flagsTold ? update : { ...update, changed: [] }, byUid);
  if (lines.length > 0) await tell(session, lines);
  await introduce(session, update.added);
}
