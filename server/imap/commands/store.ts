// STORE and UID STORE: the flags of messages (RFC 9051 §6.4.6, RFC 7162 §3.1.3).

import { placeOf } from '../../store/accounts.ts';
import { withFlags } from '../../store/mailbox.ts';
import type { Entry } from '../../store/state.ts';
import { bad, command, no, ok } from '../command.ts';
import type { Completion, Given } from '../command.ts';
import { checkKeywords, distinct, flagList, permanentFlags, readFlag } from '../flags.ts';
import { viewIn } from '../mailboxes.ts';
import { switchOnCondstore } from '../selected.ts';
import type { SelectedView } from '../selected-view.ts';
import type { ImapSession } from '../session.ts';
import { fetchLine, tell } from '../sync.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { formatSet } from '../syntax/sequence-set.ts';
import { SELECTED } from './simple.ts';

type Mode = 'add' | 'remove' | 'replace';

interface Storing {
  readonly set: string;
  readonly unchangedSince: number | null;
  readonly mode: Mode;
  readonly silent: boolean;
  readonly flags: readonly string[];
}

function readFlags(cursor: Cursor): string[] {
  if (cursor.peek() === '(') return cursor.list(() => readFlag(cursor));
  const flags = [readFlag(cursor)];
  while (cursor.take(' ')) flags.push(readFlag(cursor));
  return flags;
}

function parse(cursor: Cursor): Storing {
  cursor.space();
  const set = cursor.sequenceSet();
  let unchangedSince: number | null = null;
  if (cursor.take(' (')) {
    cursor.expect('UNCHANGEDSINCE ');
    unchangedSince = cursor.number();
    cursor.expect(')');
  }
  cursor.space();
  const mode: Mode = cursor.take('+') ? 'add' : cursor.take('-') ? 'remove' : 'replace';
  cursor.expect('FLAGS');
  const silent = cursor.take('.SILENT');
  cursor.space();
  const flags = distinct(readFlags(cursor));
  cursor.end();
  return { set, unchangedSince, mode, silent, flags };
}

const same = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((flag) => b.includes(flag));

/** Keywords that the client has not seen listed are listed first. */
function introduce(session: ImapSession, view: SelectedView, flags: readonly string[]): void {
  if (!view.learn(flags)) return;
  session.untagged(`FLAGS (${flagList(view)})`);
  session.untagged(`OK [PERMANENTFLAGS (${permanentFlags(view)})] Flags that can be kept`);
}

async function run(
  session: ImapSession,
  { set, unchangedSince, mode, silent, flags: given }: Storing,
  { byUid }: Given,
): Promise<Completion> {
  const { deps, enabled, saved } = session;
  const view = viewIn(session);
  const picked = view.select(set, byUid, saved);
  if (!picked) return bad('No such message');
  if (unchangedSince !== null) switchOnCondstore(session);
  if (view.readOnly) return no('The mailbox is open for reading only', 'NOPERM');
  const flags = given.map((flag) => view.spelling(flag));
  if (mode !== 'remove') checkKeywords(view, flags);
  const entries = picked.flatMap(({ entry }) => entry ?? []);
  const flagsFor = withFlags(mode, flags);
  // What each will have as far as this client can know: where somebody else has changed it before, it cannot.
  const foreseen = new Map<Entry, readonly string[]>();
  if (silent) for (const entry of entries) if (view.knows(entry)) foreseen.set(entry, flagsFor(entry));
  const uids = entries.map(({ uid }) => uid);
  const condition = unchangedSince === null ? {} : { unchangedSince };
  const [outcome] =
    uids.length === 0
      ? []
      : await deps.store.commit([{ ...placeOf(view.mailbox), type: 'flags.set', uids, mode, flags, ...condition, via: 'imap' }]);
  const modified = new Set(outcome?.modified);

  if (mode !== 'remove' && modified.size < uids.length) introduce(session, view, flags);
  const lines: string[] = [];
  for (const { number, entry } of picked) {
    if (!entry || modified.has(entry.uid) || view.mailbox.entries.get(entry.uid) !== entry) continue;
    // Where somebody else changed it too, silence would keep that from the client: the next update tells.
    const flagsForeseen = foreseen.get(entry);
    if (silent && !(flagsForeseen && same(entry.flags, flagsForeseen))) continue;
    view.told(entry);
    if (!silent || enabled.has('CONDSTORE')) lines.push(fetchLine(session, number, entry, { flags: !silent, byUid }));
  }
  await tell(session, lines);
  if (modified.size > 0) {
    const failed = picked.filter(({ uid }) => modified.has(uid)).map(({ number, uid }) => (byUid ? uid : number));
    return ok('Some had been changed meanwhile', `MODIFIED ${formatSet(failed)}`);
  }
  if (!byUid && entries.length < picked.length) return no('Some of the messages are gone', 'EXPUNGEISSUED');
  return ok('Stored');
}

export const store = command<Storing>({ phases: SELECTED, uid: true, numbersStay: true, parse, run });
