// The IMAP server: one loop that reads commands, checks whether they are allowed now, and completes them (RFC 9051).

import type { Connection } from '../net/connection.ts';
import { ConnectionEnded } from '../net/ended.ts';
import type { EndReason } from '../net/ended.ts';
import type { Protocol } from '../net/listener.ts';
import { ReaderPoint } from '../net/reader-point.ts';
import { begin } from '../net/begin.ts';
import { sendOff } from '../net/pace.ts';
import { capabilities, isTakenAway } from './capabilities.ts';
import { bad } from './command.ts';
import type { Command, Completion } from './command.ts';
import { COMMANDS } from './commands/table.ts';
import { BUG, completionLine, completionOf } from './completion.ts';
import type { ImapDeps } from './deps.ts';
import { renumber, stageOf, suffer } from './fault.ts';
import { tellNews } from './notify/news.ts';
import { openingOf, readCommand, withoutSecret } from './reader.ts';
import type { Limits, Opening } from './reader.ts';
import { createRecents } from './recent.ts';
import type { Recents } from './recent.ts';
import type { ImapSession, Phase } from './session.ts';
import { Cursor } from './syntax/cursor.ts';
import { sync } from './sync.ts';

/** What is said before the server itself ends a session; null where nobody listens any more. */
const GOODBYES: Readonly<Record<EndReason, string | null>> = {
  timeout: 'BYE Autologout: nothing was heard for too long',
  shutdown: 'BYE Shutting down',
  closed: 'BYE Closed by the operator',
  client: null,
  tls: null,
  fault: null,
};

const WRONG_PHASE: Readonly<Record<Phase, string>> = {
  greeted: 'Log in first',
  authenticated: 'Not before a mailbox is selected',
  selected: 'Not while a mailbox is selected',
  leaving: 'The session is over',
};

/** Why a command is not even read; null where it may run. */
function refusalOf(opening: Opening, command: Command | undefined, session: ImapSession): Completion | null {
  const { phase } = session.state;
  if (opening.verb === '') return bad('A command is missing');
  const unknown = command === undefined || (opening.byUid && command.uid !== true) || isTakenAway(session, opening.verb, opening.byUid);
  if (unknown) return bad(`Unknown command ${opening.verb}`);
  if (command.phases.includes(phase)) return command.refusal?.(session) ?? null;
  return bad(command.phases.includes('greeted') ? 'Already logged in' : WRONG_PHASE[phase]);
}

function limitsOf({ settings }: ImapDeps, command: Command | undefined): Limits {
  const literal = (command?.messages === true ? settings.maxMessageSize : settings.maxLiteral) || Infinity;
  return { line: settings.maxCommandLine || Infinity, literal, literals: command?.messages === true ? Infinity : literal };
}

/** Asks whether a fault steps in, and does what is to be done. */
function carryOut(
  session: ImapSession,
  command: Command,
  argument: unknown,
  { verb, tag, byUid }: Opening,
): Completion | null | Promise<Completion | null> {
  const mailbox = command.mailboxIn?.(argument) ?? null;
  const decision = session.point.ask(session.deps.decide, stageOf(verb), command.userIn?.(argument) ?? null, mailbox);
  if (decision === null) return command.run(session, argument, { tag, byUid });
  return suffer(session, decision, {
    lasts: command.lasts,
    failed: command.failed,
    async run() {
      if (decision.modifiers.uidValidity !== undefined && mailbox !== null) await renumber(session, mailbox, decision.faultId);
      return command.run(session, argument, { tag, byUid });
    },
  });
}

const isCompletion = (heard: unknown): heard is Completion => typeof heard === 'object' && heard !== null && 'status' in heard;

/** Runs one command whose first line has been read; null where its completion is written already. */
async function complete(session: ImapSession, opening: Opening): Promise<Completion | null> {
  const { connection, deps } = session;
  const command = COMMANDS.get(opening.verb);
  const refused = refusalOf(opening, command, session);
  const inflight = command?.messages === true ? deps.inflight : null;
  const { pieces, refusal, release } = await readCommand(connection, opening, limitsOf(deps, command), inflight, refused);
  try {
    if (refusal !== null || command === undefined) return refusal;
    connection.session.asked(`${opening.byUid ? 'UID ' : ''}${opening.verb}`);
    const cursor = new Cursor(pieces);
    const parsed = command.parse(cursor, session);
    const argument = command.hear === undefined ? parsed : await command.hear(session, parsed);
    if (command.hear !== undefined && isCompletion(argument)) return argument;
    const { byUid } = opening;
    const completion = await carryOut(session, command, argument, opening);
    // What could not be told with this command may be told after it.
    if (session.watch !== null) session.watch.stirred = true;
    if (completion !== null) await sync(session, { removals: command.numbersStay !== true || byUid, byUid });
    return completion;
  } finally {
    release();
  }
}

/** After these whatever went wrong before has still gone wrong. */
const MENDS_NOTHING: readonly (string | null)[] = ['NOOP', 'LOGOUT', 'CAPABILITY', 'ID'];

/** Null: the command has said all itself. */
function judge({ connection: { session }, state }: ImapSession, completion: Completion | null): void {
  // What a fault has ended is no success.
  if (completion === null && state.phase === 'leaving') return;
  session.mailbox = state.phase === 'selected' ? state.view.mailbox.name : null;
  if (completion !== null && completion.status !== 'OK') session.failed(completionLine('', completion).trim());
  else if (session.failure !== null && !MENDS_NOTHING.includes(session.command)) session.worked();
}

/** A bug in one command must not end the conversation. */
function completionFor(error: unknown, connection: Connection): Completion {
  if (error instanceof ConnectionEnded) throw error;
  const completion = completionOf(error);
  if (completion !== null) return completion;
  connection.report(error);
  return BUG;
}

/** What counts against `maxErrors`: also who guesses passwords makes mistakes. */
const isMistake = ({ status, code, faultId }: Completion): boolean =>
  faultId === undefined && (status === 'BAD' || code === 'AUTHENTICATIONFAILED');

/** The greeting; false where a fault has ended the session already. */
async function greet(session: ImapSession): Promise<boolean> {
  const { connection, deps, point } = session;
  const decision = point.ask(deps.decide, 'greeting');
  const run = (): null => {
    session.untagged(`OK [CAPABILITY ${capabilities(session)}] ${deps.settings.name} Mailrig is ready`);
    return null;
  };
  const said = decision === null ? run() : await suffer(session, decision, { run });
  if (said !== null) connection.writeLine(completionLine('*', said), said.faultId);
  return (await sendOff(connection, said)) && session.state.phase !== 'leaving';
}

async function converse(session: ImapSession): Promise<void> {
  const { connection, deps } = session;
  const { maxErrors, maxCommandLine } = deps.settings;
  let mistakes = 0;
  while (session.state.phase !== 'leaving') {
    let tag = '*';
    let completion: Completion | null;
    try {
      const line = connection.tryLine(maxCommandLine || Infinity, withoutSecret);
      if (line === undefined) {
        await tellNews(session);
        await connection.more(true);
        continue;
      }
      const opening = openingOf(line);
      tag = opening?.tag ?? '*';
      completion = opening ? await complete(session, opening) : bad('A command begins with a tag');
    } catch (error) {
      completion = completionFor(error, connection);
    }
    connection.session.touch();
    judge(session, completion);
    if (completion !== null) connection.writeLine(completionLine(tag, completion), completion.faultId);
    const slow = connection.out.pace !== null || completion?.parting !== undefined;
    if (slow && !(await sendOff(connection, completion))) return;
    if (completion !== null && isMistake(completion) && ++mistakes > maxErrors && maxErrors > 0) {
      session.untagged('BYE Too many errors');
      return;
    }
  }
}

function newSession(connection: Connection, deps: ImapDeps, recents: Recents): ImapSession {
  return {
    connection,
    deps,
    recents,
    enabled: new Set(),
    state: { phase: 'greeted' },
    saved: [],
    watch: null,
    point: new ReaderPoint('imap', connection.session),
    offer: null,
    silence: [],
    due: false,
    untagged: (line) => connection.writeLine(`* ${line}`),
  };
}

export function createImap(deps: ImapDeps): Protocol {
  const recents = createRecents();
  return {
    name: 'imap',
    busy: '* BYE [UNAVAILABLE] Too many connections, try again later\r\n',
    async serve(connection) {
      const session = newSession(connection, deps, recents);
      if (!(await begin(connection, (stage) => session.point.ask(deps.decide, stage)))) return;
      try {
        if (await greet(session)) await converse(session);
      } catch (error) {
        if (!(error instanceof ConnectionEnded)) throw error;
        const goodbye = GOODBYES[error.reason];
        if (goodbye !== null) session.untagged(goodbye);
      } finally {
        session.watch?.stop();
      }
    },
  };
}
