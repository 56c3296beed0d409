// APPEND: messages put into a mailbox by a client, several at once (RFC 9051 §6.3.12, RFC 3502, RFC 3516, RFC 6855).

import { Refusal } from '../../base/errors.ts';
import { headerFacts } from '../../mail/facts.ts';
import type { Message } from '../../mail/message.ts';
import type { Change } from '../../store/changes.ts';
import { makeRoom, roomChanges } from '../../store/retention.ts';
import type { Mailbox } from '../../store/state.ts';
import { uidCode } from '../capabilities.ts';
import { command, no, ok } from '../command.ts';
import type { Completion } from '../command.ts';
import { distinct, readFlag } from '../flags.ts';
import { accountIn, findMailbox } from '../mailboxes.ts';
import { readName } from '../names.ts';
import type { ImapSession } from '../session.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { readDateTime } from '../syntax/date-time.ts';
import { formatSet } from '../syntax/sequence-set.ts';
import { LOGGED_IN } from './simple.ts';

interface Appended {
  readonly raw: Buffer;
  readonly flags: readonly string[];
  readonly internalDate: number | null;
}

interface Appending {
  readonly name: string;
  readonly messages: readonly Appended[];
}

function readMessage(cursor: Cursor): Appended {
  const flags = cursor.peek() === '(' ? distinct(cursor.list(() => readFlag(cursor))) : [];
  if (flags.length > 0 || cursor.peek() === ' ') cursor.take(' ');
  const internalDate = cursor.peek() === '"' ? readDateTime(cursor) : null;
  if (internalDate !== null) cursor.space();
  const utf8 = cursor.take('UTF8 (');
  cursor.take('~');
  if (cursor.peek() !== '' || cursor.done) cursor.fail('expected a literal');
  const raw = cursor.octets();
  if (utf8) cursor.expect(')');
  return { raw, flags, internalDate };
}

function parse(cursor: Cursor, { enabled }: ImapSession): Appending {
  cursor.space();
  const name = readName(cursor, enabled);
  const messages: Appended[] = [];
  do {
    cursor.space();
    messages.push(readMessage(cursor));
  } while (!cursor.done);
  return { name, messages };
}

function messageOf({ connection: { session }, deps }: ImapSession, raw: Buffer): Message {
  const { header, defects } = headerFacts(raw);
  return {
    id: deps.ids(),
    receivedAt: deps.store.clock.now(),
    size: raw.length,
    envelope: { sender: '', recipients: [] },
    refused: [],
    header,
    origin: {
      source: 'append',
      sessionId: session.id,
      client: session.client,
      user: session.user,
      host: deps.host,
      helo: null,
      protocol: 'IMAP',
      by: deps.settings.name,
    },
    defects,
  };
}

/** What must go so that the messages fit; appended ones are not counted, only weighed. */
function room({ deps: { store, limits } }: ImapSession, size: number): Change[] {
  const found = makeRoom(store.state, { ...limits, maxMessages: 0 }, size);
  if (found) return roomChanges(found);
  store.events.emit({ type: 'storage.full', limit: 'maxSize' });
  throw new Refusal('storage-full', 'There is no room for it');
}

async function add(session: ImapSession, { account, name }: Mailbox, messages: readonly Appended[]): Promise<readonly number[]> {
  const { store } = session.deps;
  const size = messages.reduce((sum, { raw }) => sum + raw.length, 0);
  room(session, size);
  const bodies = await Promise.all(messages.map(({ raw }) => store.put(raw)));
  const added = messages.map(({ raw, flags, internalDate }, i): Change => {
    const entry = { account, mailbox: name, deliveredTo: [], flags, ...(internalDate === null ? {} : { internalDate }) };
    return {
      type: 'message.added',
      message: messageOf(session, raw),
      body: bodies[i] as (typeof bodies)[0],
      captured: false,
      entries: [entry],
    };
  });
  const outcomes = await store.commit([...room(session, size), ...added]);
  return outcomes.flatMap(({ uids = [] }) => uids);
}

async function run(session: ImapSession, { name, messages }: Appending): Promise<Completion> {
  const mailbox = await findMailbox(session, name);
  if (!mailbox) return no('There is no such mailbox', 'TRYCREATE');
  // An empty literal takes back the whole command (RFC 3502 §3.1).
  if (messages.some(({ raw }) => raw.length === 0)) return no('A message is empty', 'CANNOT');
  const uids = await add(session, mailbox, messages);
  // Its account may have lost it meanwhile, and made another of that name.
  const { uidValidity } = accountIn(session).mailboxes.get(name) ?? mailbox;
  return ok('Appended', ...uidCode(session, `APPENDUID ${uidValidity} ${formatSet(uids)}`));
}

export const append = command<Appending>({ phases: LOGGED_IN, messages: true, parse, mailboxIn: ({ name }) => name, run });
