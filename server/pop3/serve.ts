// The POP3 server: one loop that reads commands, checks whether they are allowed now, and answers (RFC 1939).

import { ParseError, Refusal } from '../base/errors.ts';
import type { Connection } from '../net/connection.ts';
import { ConnectionEnded, LineTooLong } from '../net/ended.ts';
import type { Protocol } from '../net/listener.ts';
import { lacks } from '../net/offered.ts';
import { ReaderPoint } from '../net/reader-point.ts';
import { begin } from '../net/begin.ts';
import { sendOff } from '../net/pace.ts';
import { timestamp } from '../net/sasl.ts';
import { warily } from '../net/shown.ts';
import { isTakenAway } from './commands/capa.ts';
import { mayLogIn, withoutSecret } from './commands/login.ts';
import { COMMANDS } from './commands/table.ts';
import type { Pop3Deps } from './deps.ts';
import type { Command, Dialogue } from './dialogue.ts';
import { stageOf, suffer } from './fault.ts';
import { noteRead } from './maildrop.ts';
import * as replies from './replies.ts';
import type { Reply } from './replies.ts';

/** Anything but tab, space and printable ASCII, in a line of octets. */
const ODD = /[^\t\x20-\x7e]/;
const CONTROL = /[\x00-\x08\x0a-\x1f\x7f]/;

const strictUtf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The line's octets as text, or the reply that refuses them. */
function decode(line: string): string | Reply {
  if (CONTROL.test(line)) return replies.CONTROL_CHARACTERS;
  try {
    return strictUtf8.decode(Buffer.from(line, 'latin1'));
  } catch {
    return replies.INVALID_UTF8;
  }
}

const verbOf = (line: string): string => (/^[^ ]*/.exec(line)?.[0] ?? '').toUpperCase();

/** Asks whether a fault steps in, and does what is to be done. */
function carryOut(dialogue: Dialogue, verb: string, command: Command, argument: string): Answer {
  const { point, deps, state } = dialogue;
  const decision = point.ask(deps.decide, stageOf(verb), command.userIn?.(argument, state) ?? null);
  if (decision === null) return command.run(dialogue, argument, state);
  return suffer(dialogue, decision, {
    last: command.last === true,
    run: () => command.run(dialogue, argument, state),
    failed: () => command.failed?.(dialogue, state),
  });
}

async function hearOut(dialogue: Dialogue, verb: string, command: Command, argument: string): Promise<Reply | null> {
  const heard = await command.hear?.(dialogue, argument, dialogue.state);
  if (heard === undefined || 'answer' in heard) return heard?.answer ?? null;
  return carryOut(dialogue, verb, command, heard.argument);
}

type Answer = Reply | null | Promise<Reply | null>;

function respond(dialogue: Dialogue, line: string): Answer {
  const { connection, state } = dialogue;
  if (connection.bareLf) connection.session.note('command ends in a bare LF');
  const text = ODD.test(line) ? decode(line) : line;
  if (typeof text !== 'string') return text;

  const space = text.indexOf(' ');
  const verb = verbOf(text);
  const command = COMMANDS.get(verb);
  if (command === undefined || isTakenAway(dialogue, verb)) return replies.UNKNOWN_COMMAND;
  connection.session.asked(verb);
  const rest = space < 0 ? '' : text.slice(space + 1);
  // Spaces belong to a password.
  const argument = verb === 'PASS' ? rest : rest.trim();
  const refusal = command.by[state.phase] ?? command.check?.(dialogue, argument, state) ?? null;
  if (refusal !== null) return refusal;
  return command.hear === undefined ? carryOut(dialogue, verb, command, argument) : hearOut(dialogue, verb, command, argument);
}

/** A bug in one command must not end the conversation, and its words are not for the client. */
function replyTo(error: unknown, connection: Connection): Reply {
  if (error instanceof ConnectionEnded) throw error;
  if (error instanceof LineTooLong) return replies.LINE_TOO_LONG;
  if (error instanceof ParseError) return replies.mistake(`Malformed argument: ${error.message}`);
  if (error instanceof Refusal) return replies.refusalReply(error.code, error.message);
  connection.report(error);
  return replies.LOCAL_ERROR;
}

/** Nobody is told where it fails: the client has the message all the same. */
async function mark({ connection, deps, state }: Dialogue): Promise<void> {
  if (state.phase === 'open') await noteRead(deps.store, state.maildrop).catch((error: unknown) => connection.report(error));
}

/** Nothing more to answer at once: what was sent so far counts as read. Then there may be more input, before anybody waits for it. */
async function rest(dialogue: Dialogue): Promise<void> {
  const { connection, state } = dialogue;
  if (state.phase !== 'open' || state.maildrop.read.length === 0) return connection.more(true);
  connection.send();
  await mark(dialogue);
}

/** After these whatever went wrong before has still gone wrong. */
const MENDS_NOTHING: readonly (string | null)[] = ['NOOP', 'QUIT'];

/** Null: many lines, which begin with `+OK`. */
function judge({ session }: Connection, answer: Reply | null): void {
  if (answer?.line.startsWith('-') === true) session.failed(answer.line);
  else if (session.failure !== null && !MENDS_NOTHING.includes(session.command)) session.worked();
}

/** False where a fault has ended the session already. */
async function greet(dialogue: Dialogue): Promise<boolean> {
  const { connection, deps, point } = dialogue;
  const decision = point.ask(deps.decide, 'greeting');
  const run = (): Reply => {
    if (lacks(dialogue.offer, 'APOP')) dialogue.banner = null;
    const { banner } = dialogue;
    return replies.ok(`${deps.settings.name} POP3 Mailrig is ready${banner === null ? '' : ` ${banner}`}`);
  };
  const answer = decision === null ? run() : await suffer(dialogue, decision, { last: false, run, failed: () => undefined });
  if (answer === null) return false;
  judge(connection, answer);
  connection.writeLine(answer.line, answer.faultId);
  // RFC 1939 §4 knows no other greeting than `+OK`: whoever gets another is turned away.
  return sendOff(connection, answer.line.startsWith('-') ? { parting: 'close', ...answer } : answer);
}

async function converse(dialogue: Dialogue): Promise<void> {
  const { connection, deps } = dialogue;
  const { maxErrors, maxCommandLine } = deps.settings;
  const shown = warily(connection.session, ['AUTH'], (line) => COMMANDS.has(verbOf(line)), withoutSecret);
  let mistakes = 0;
  while (!dialogue.over) {
    let answer: Reply | null;
    try {
      const line = connection.tryLine(maxCommandLine || Infinity, shown);
      if (line === undefined) {
        await rest(dialogue);
        continue;
      }
      const response = respond(dialogue, line);
      if (response instanceof Promise) {
        answer = await response;
        connection.session.touch();
      } else answer = response;
    } catch (error) {
      answer = replyTo(error, connection);
    }
    judge(connection, answer);
    if (answer?.mistake === true && ++mistakes > maxErrors && maxErrors > 0) answer = replies.TOO_MANY_ERRORS;
    if (answer !== null) connection.writeLine(answer.line, answer.faultId);
    const slow = connection.out.pace !== null || answer?.parting !== undefined;
    if (slow && !(await sendOff(connection, answer))) return;
  }
}

/** Only QUIT deletes; whatever else ends the session gives the maildrop free as it is (RFC 1939 §6). */
async function leave(dialogue: Dialogue): Promise<void> {
  if (dialogue.state.phase === 'open') dialogue.state.maildrop.release();
  await mark(dialogue);
}

export function createPop3(deps: Pop3Deps): Protocol {
  return {
    name: 'pop3',
    busy: `${replies.refused('Too many connections, try again later', 'SYS/TEMP').line}\r\n`,
    async serve(connection) {
      const point = new ReaderPoint('pop3', connection.session);
      if (!(await begin(connection, (stage) => point.ask(deps.decide, stage)))) return;
      const banner = mayLogIn({ connection, deps }) ? timestamp(deps.settings.name) : null;
      const dialogue: Dialogue = {
        connection,
        deps,
        point,
        banner,
        state: { phase: 'greeted', user: null, utf8: false },
        offer: null,
        over: false,
      };
      try {
        if (await greet(dialogue)) await converse(dialogue);
      } catch (error) {
        // Nothing is said to a client that has not asked: it would take that for the answer to its next command (RFC 1939 §3).
        if (!(error instanceof ConnectionEnded)) throw error;
      } finally {
        await leave(dialogue);
      }
    },
  };
}
