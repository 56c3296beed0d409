// The POP3 server: one loop that reads commands, checks whether they are allowed now, and answers (RFC 1939).

import { ParseError, Refusal } from '../base/errors.ts';
import type { Connection } from '../net/connection.ts';
import { ConnectionEnded, LineTooLong } from '../net/ended.ts';
import type { Protocol } from '../net/listener.ts';
import { timestamp } from '../net/sasl.ts';
import { warily } from '../net/shown.ts';
import { mayLogIn, withoutSecret } from './commands/login.ts';
import { COMMANDS } from './commands/table.ts';
import type { Pop3Deps } from './deps.ts';
import type { Dialogue } from './dialogue.ts';
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

function respond(dialogue: Dialogue, line: string): Reply | null | Promise<Reply | null> {
  const { connection, state } = dialogue;
  if (connection.bareLf) connection.session.note('command ends in a bare LF');
  const text = ODD.test(line) ? decode(line) : line;
  if (typeof text !== 'string') return text;

  const space = text.indexOf(' ');
  const verb = verbOf(text);
  const command = COMMANDS.get(verb);
  if (command === undefined) return replies.UNKNOWN_COMMAND;
  connection.session.asked(verb);
  const rest = space < 0 ? '' : text.slice(space + 1);
  // Spaces belong to a password.
  const argument = verb === 'PASS' ? rest : rest.trim();
  return command.by[state.phase] ?? command.run(dialogue, argument, state);
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

async function converse(dialogue: Dialogue): Promise<void> {
  const { connection, deps, banner } = dialogue;
  const { name, maxErrors, maxCommandLine } = deps.settings;
  const shown = warily(connection.session, ['AUTH'], (line) => COMMANDS.has(verbOf(line)), withoutSecret);
  let mistakes = 0;
  connection.writeLine(replies.ok(`${name} POP3 Mailrig is ready${banner === null ? '' : ` ${banner}`}`).line);
  for (;;) {
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
    if (answer === null) continue;
    if (answer.mistake && ++mistakes > maxErrors && maxErrors > 0) answer = replies.TOO_MANY_ERRORS;
    connection.writeLine(answer.line);
    if (answer.closes) return;
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
      if (connection.awaitsTls) await connection.startTls();
      const banner = mayLogIn({ connection, deps }) ? timestamp(deps.settings.name) : null;
      const dialogue: Dialogue = { connection, deps, banner, state: { phase: 'greeted', user: null, utf8: false } };
      try {
        await converse(dialogue);
      } catch (error) {
        // Nothing is said to a client that has not asked: it would take that for the answer to its next command (RFC 1939 §3).
        if (!(error instanceof ConnectionEnded)) throw error;
      } finally {
        await leave(dialogue);
      }
    },
  };
}
