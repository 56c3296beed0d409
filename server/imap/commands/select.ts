// SELECT and EXAMINE, with CONDSTORE and QRESYNC (RFC 9051 §6.3.2, RFC 7162 §3.2.5); UNSELECT and CLOSE.

import { placeOf } from '../../store/accounts.ts';
import type { Mailbox } from '../../store/state.ts';
import { vanishedSince } from '../fetch/vanished.ts';
import { command, ok } from '../command.ts';
import type { Command, Completion } from '../command.ts';
import { flagList, permanentFlags } from '../flags.ts';
import { accountIn, mailboxId, mailboxNamed, viewIn } from '../mailboxes.ts';
import { nameLine, readNameGiven } from '../names.ts';
import type { NameGiven } from '../names.ts';
import type { SelectedView } from '../selected-view.ts';
import { firstUnseen, openView } from '../standing.ts';
import type { ImapSession } from '../session.ts';
import { fetchLine, tell } from '../sync.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { formatSet, inSet, parseSet } from '../syntax/sequence-set.ts';
import { LOGGED_IN, nothing, SELECTED } from './simple.ts';

/** What a client that comes back knows (RFC 7162 §3.2.5). */
interface Resync {
  readonly uidValidity: number;
  readonly modseq: number;
  /** The UIDs that it knows; null = all. */
  readonly known: string | null;
}

interface Selection {
  readonly mailbox: NameGiven;
  readonly condstore: boolean;
  readonly resync: Resync | null;
}

function readResync(cursor: Cursor): Resync {
  cursor.expect(' (');
  const uidValidity = cursor.nzNumber();
  cursor.space();
  const modseq = cursor.number();
  let known: string | null = null;
  // Neither `*` nor `$` is a UID that a client knows (RFC 7162 §7, known-uids).
  const numbers = (): string => {
    const set = cursor.sequenceSet();
    return /[*$]/.test(set) ? cursor.fail('expected numbers') : set;
  };
  if (cursor.take(' ')) {
    if (cursor.peek() !== '(') known = numbers();
    // Which message numbers the client had for which UIDs would spare old servers some lines; the log is exact without.
    if (known === null || cursor.take(' ')) {
      cursor.expect('(');
      numbers();
      cursor.space();
      numbers();
      cursor.expect(')');
    }
  }
  cursor.expect(')');
  return { uidValidity, modseq, known };
}

function parse(cursor: Cursor, { enabled }: ImapSession): Selection {
  cursor.space();
  const mailbox = readNameGiven(cursor, enabled);
  let [condstore, resync]: [boolean, Resync | null] = [false, null];
  if (cursor.take(' ')) {
    cursor.list(() => {
      if (cursor.take('CONDSTORE')) condstore = true;
      else if (cursor.take('QRESYNC')) resync = readResync(cursor);
      else cursor.fail('unknown parameter');
    }, 1);
  }
  cursor.end();
  if (resync !== null && !enabled.has('QRESYNC')) cursor.fail('QRESYNC is not enabled');
  return { mailbox, condstore, resync };
}

function describe(session: ImapSession, view: SelectedView, given: NameGiven): string[] {
  const { mailbox } = view;
  const rev2 = session.enabled.has('IMAP4rev2');
  const unseen = rev2 ? 0 : firstUnseen(mailbox);
  return [
    `FLAGS (${flagList(view)})`,
    `OK [PERMANENTFLAGS (${permanentFlags(view)})] Flags that can be kept`,
    `${view.length} EXISTS`,
    ...(rev2 ? [] : [`${view.recentCount} RECENT`]),
    ...(unseen > 0 ? [`OK [UNSEEN ${unseen}] First unseen`] : []),
    `OK [UIDVALIDITY ${mailbox.uidValidity}] UIDs are valid`,
    `OK [UIDNEXT ${mailbox.uidNext}] Predicted next UID`,
    `OK [HIGHESTMODSEQ ${mailbox.highestModseq}] Highest`,
    `OK [MAILBOXID (${mailboxId(mailbox)})] Its id`,
    ...(rev2 ? [nameLine(given, session.enabled)] : []),
  ];
}

/** What happened since the client was last here: removals before all else (RFC 7162 §3.2.6). */
function missed(session: ImapSession, view: SelectedView, { uidValidity, modseq, known }: Resync): string[] {
  const { mailbox } = view;
  if (uidValidity !== mailbox.uidValidity) return [];
  const ranges = parseSet(known ?? '1:*', mailbox.uidNext - 1) ?? [];
  const vanished = vanishedSince(mailbox, modseq, ranges);
  const changed = mailbox.entries.slice().filter((entry) => entry.modseq > modseq && inSet(ranges, entry.uid));
  return [
    ...(vanished.length > 0 ? [`VANISHED (EARLIER) ${formatSet(vanished)}`] : []),
    ...changed.map((entry) => fetchLine(session, view.numberOf(entry.uid), entry, { flags: true, byUid: true })),
  ];
}

function leave(session: ImapSession): void {
  session.saved = [];
  session.state = { phase: 'authenticated', account: accountIn(session) };
}

/** Also a SELECT that fails leaves the mailbox that was selected (RFC 9051 §6.3.2). */
function leaveFormer(session: ImapSession): void {
  if (session.state.phase !== 'selected') return;
  leave(session);
  session.untagged('OK [CLOSED] The mailbox before is closed');
}

async function found(session: ImapSession, name: string): Promise<Mailbox> {
  try {
    return await mailboxNamed(session, name);
  } finally {
    leaveFormer(session);
  }
}

const selecting = (readOnly: boolean): Command =>
  command<Selection>({
    phases: LOGGED_IN,
    parse,
    mailboxIn: ({ mailbox }) => mailbox.name,
    failed: leaveFormer,
    async run(session, { mailbox: given, condstore, resync }): Promise<Completion> {
      const mailbox = await found(session, given.name);
      if (condstore) session.enabled.add('CONDSTORE');
      const view = openView(mailbox, readOnly, session.recents);
      session.state = { phase: 'selected', account: accountIn(session), view };
      await tell(session, [...describe(session, view, given), ...(resync ? missed(session, view, resync) : [])]);
      return readOnly ? ok('Examined', 'READ-ONLY') : ok('Selected', 'READ-WRITE');
    },
  });

export const select = selecting(false);
export const examine = selecting(true);

export const unselect = command({
  phases: SELECTED,
  parse: nothing,
  run(session) {
    leave(session);
    return ok('Unselected');
  },
});

/** Removes what is marked `\Deleted` without a word, but not after EXAMINE (RFC 9051 §6.4.1). */
export const close = command({
  phases: SELECTED,
  parse: nothing,
  async run(session) {
    const view = viewIn(session);
    const uids = view.mailbox.entries
      .slice()
      .filter(({ uid, flags }) => flags.includes('\\Deleted') && view.numberOf(uid) > 0)
      .map(({ uid }) => uid);
    if (!view.readOnly && uids.length > 0)
      await session.deps.store.commit([{ ...placeOf(view.mailbox), type: 'entries.removed', uids, via: 'imap' }]);
    leave(session);
    // The new modseq is not told: the client would pass over removals that it was not told of (RFC 7162 §3.2.8).
    return ok('Closed');
  },
});
