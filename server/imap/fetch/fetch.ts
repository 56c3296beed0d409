// FETCH and UID FETCH (RFC 9051 §6.4.5, RFC 7162 §3.1.4).

import { Refusal } from '../../base/errors.ts';
import { placeOf } from '../../store/accounts.ts';
import { pause, sliceOver } from '../../store/slices.ts';
import type { Entry } from '../../store/state.ts';
import type { Completion, Given } from '../command.ts';
import { bad, command, no, ok } from '../command.ts';
import { flagsOf as toldFlags, selectedView, switchOnCondstore } from '../selected.ts';
import type { ImapSession } from '../session.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { pageOf, readPage } from '../syntax/page.ts';
import type { Page } from '../syntax/page.ts';
import { formatSet, parseSet } from '../syntax/sequence-set.ts';
import type { Numbered, View } from '../view.ts';
import { answererFor, UnknownEncoding } from './answers.ts';
import type { Answer, Asked } from './answers.ts';
import { readItems } from './items.ts';
import type { Attribute, Item } from './items.ts';
import { readAhead, Replies } from './reply.ts';
import { vanishedSince } from './vanished.ts';

interface FetchArgument {
  readonly set: string;
  readonly items: readonly Item[];
  readonly changedSince: number | null;
  readonly vanished: boolean;
  /** Only these of the messages in the set (RFC 9394 §3.4). */
  readonly page: Page | null;
}

/** Messages that are read at the same time. */
const AHEAD = 16;

type Modifiers = Pick<FetchArgument, 'changedSince' | 'vanished' | 'page'>;

const UNMODIFIED: Modifiers = { changedSince: null, vanished: false, page: null };

function readModifiers(cursor: Cursor): Modifiers {
  let { changedSince, vanished, page } = UNMODIFIED;
  cursor.list(() => {
    if (cursor.take('CHANGEDSINCE ')) changedSince = cursor.number();
    else if (cursor.take('PARTIAL ')) page = readPage(cursor);
    else if (cursor.take('VANISHED')) vanished = true;
    else cursor.fail('unknown modifier');
  }, 1);
  return { changedSince, vanished, page };
}

function parse(cursor: Cursor): FetchArgument {
  cursor.space();
  const set = cursor.sequenceSet();
  cursor.space();
  const items = readItems(cursor);
  const modifiers = cursor.take(' ') ? readModifiers(cursor) : UNMODIFIED;
  cursor.end();
  return { set, items, ...modifiers };
}

const asks = (items: readonly Item[], label: Attribute): boolean => items.some((item) => item.label === label);
const attributes = (...labels: readonly Attribute[]): Item[] => labels.map((label) => ({ kind: 'attribute', label }));

/** What is answered though it was not asked for. */
function completed({ items, changedSince }: FetchArgument, byUid: boolean): Item[] {
  return [
    ...attributes(...(byUid && !asks(items, 'UID') ? (['UID'] as const) : [])),
    ...items,
    ...attributes(...(changedSince !== null && !asks(items, 'MODSEQ') ? (['MODSEQ'] as const) : [])),
  ];
}

/** Marks as seen what is not yet; answers which those were. */
async function markSeen({ deps }: ImapSession, { mailbox }: View, messages: readonly Numbered[]): Promise<Set<Entry>> {
  const unseen = messages.flatMap(({ entry }) => (entry && !entry.flags.includes('\\Seen') ? [entry] : []));
  if (unseen.length > 0) {
    const uids = unseen.map(({ uid }) => uid);
    await deps.store.commit([{ type: 'flags.set', ...placeOf(mailbox), uids, mode: 'add', flags: ['\\Seen'], via: 'imap' }]);
  }
  return new Set(unseen);
}

const isText = (answers: readonly unknown[]): answers is readonly string[] => {
  for (const answer of answers) if (typeof answer !== 'string') return false;
  return true;
};

/** Null for a message that went away while it was read. */
async function readAnswers(asked: Asked, answers: readonly (Answer | Promise<Answer>)[]): Promise<readonly Answer[] | null> {
  const read: Answer[] = [];
  try {
    for (const answer of answers) read.push(await readAhead(asked, await answer));
    return read;
  } catch (error) {
    if (error instanceof Refusal) return null;
    throw error;
  }
}

/** A message whose answers are being read. */
interface Reading {
  readonly number: number;
  readonly answers: Promise<readonly Answer[] | null>;
}

/** Answers the items of each message; resolves to how many of them are not there any more. */
export async function answer(session: ImapSession, found: readonly Numbered[], items: readonly Item[]): Promise<number> {
  const view = selectedView(session);
  const { store, settings } = session.deps;
  const rev2 = session.enabled.has('IMAP4rev2');
  // Flags without their modseq are told again with it: the client could store on no condition with the modseq that it has.
  const whole = !session.enabled.has('CONDSTORE') || asks(items, 'MODSEQ');
  let seen: ReadonlySet<Entry> | null = null;
  function flagsOf(entry: Entry): string {
    if (whole || seen?.has(entry)) view.told(entry);
    return (rev2 ? entry.flags : toldFlags(view, entry)).join(' ');
  }
  const asked: Asked = { store, traceHeaders: settings.traceHeaders, flagsOf };
  const marks = !view.readOnly && items.some((item) => 'marks' in item && item.marks);
  const answerers = items.map(answererFor);
  const marked = [
    ...answerers,
    ...[
      ...attributes(...(asks(items, 'FLAGS') ? [] : (['FLAGS'] as const))),
      ...attributes(...(session.enabled.has('CONDSTORE') && !asks(items, 'MODSEQ') ? (['MODSEQ'] as const) : [])),
    ].map(answererFor),
  ];
  const replies = new Replies(session.connection, asked);
  let missing = 0;
  let reading: Reading[] = [];
  async function finish(): Promise<void> {
    const begun = reading;
    reading = [];
    // All are taken in before one of them can fail.
    await Promise.allSettled(begun.map(({ answers }) => answers));
    for (const { number, answers } of begun) {
      const ready = await answers;
      if (ready === null) missing++;
      else await replies.message(number, ready);
    }
  }
  try {
    for (let at = 0; at < found.length; at++) {
      if (at % AHEAD === 0) {
        if (replies.full) await replies.pause();
        if (sliceOver()) await pause();
        if (marks) seen = await markSeen(session, view, found.slice(at, at + AHEAD));
      }
      const { number, entry } = found[at] as Numbered;
      if (!entry) {
        missing++;
        continue;
      }
      const answers = (seen?.has(entry) ? marked : answerers).map((answerer) => answerer(asked, entry));
      if (reading.length === 0 && isText(answers)) replies.line(`* ${number} FETCH (${answers.join(' ')})`);
      else if (reading.push({ number, answers: readAnswers(asked, answers) }) === AHEAD) await finish();
    }
    await finish();
  } finally {
    // Nobody asks any more for those that were left when it broke off.
    void Promise.allSettled(reading.map(({ answers }) => answers));
    replies.end();
  }
  return missing;
}

/** Tells what is gone before what has changed (RFC 7162 §3.2.6); what the client still counts is told with the next update. */
function tellVanished(session: ImapSession, view: View, { set, changedSince }: FetchArgument): void {
  const ranges = set === '$' ? [] : (parseSet(set, view.mailbox.uidNext - 1) ?? []);
  const gone = vanishedSince(view.mailbox, changedSince ?? 0, ranges).filter((uid) => view.numberOf(uid) === 0);
  if (gone.length > 0) session.untagged(`VANISHED (EARLIER) ${formatSet(gone)}`);
}

async function run(session: ImapSession, argument: FetchArgument, { byUid }: Given): Promise<Completion> {
  const view = selectedView(session);
  const { changedSince, vanished, page } = argument;
  if (vanished && (!byUid || changedSince === null || !session.enabled.has('QRESYNC'))) {
    return bad('VANISHED goes with UID FETCH, CHANGEDSINCE and ENABLE QRESYNC');
  }
  if (page !== null && !byUid) return bad('PARTIAL goes with UID FETCH');
  const named = view.select(argument.set, byUid, session.saved);
  if (!named) return bad('No such message');
  const picked = page === null ? named : pageOf(named, page);
  const items = completed(argument, byUid);
  if (asks(items, 'MODSEQ')) switchOnCondstore(session);
  if (vanished) tellVanished(session, view, argument);
  const found = changedSince === null ? picked : picked.filter(({ entry }) => entry !== undefined && entry.modseq > changedSince);
  try {
    const missing = await answer(session, found, items);
    return missing > 0 ? ok('Fetched; some messages are there no more', 'EXPUNGEISSUED') : ok('Fetched');
  } catch (error) {
    if (error instanceof UnknownEncoding) return no('The transfer encoding is not known', 'UNKNOWN-CTE');
    throw error;
  }
}

export const fetchCommand = command<FetchArgument>({ phases: ['selected'], uid: true, numbersStay: true, parse, run });
