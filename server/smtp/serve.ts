// The SMTP server: one loop that reads commands, checks whether they are allowed now, and answers (RFC 5321).

import { begin } from '../net/begin.ts';
import type { Connection } from '../net/connection.ts';
import { ConnectionEnded } from '../net/ended.ts';
import type { EndReason } from '../net/ended.ts';
import type { Protocol } from '../net/listener.ts';
import { sendOff } from '../net/pace.ts';
import { warily } from '../net/shown.ts';
import { withoutSecret } from './commands/auth.ts';
import { COMMANDS } from './commands/table.ts';
import type { SmtpDeps } from './deps.ts';
import { reset } from './dialogue.ts';
import type { Command, Dialogue } from './dialogue.ts';
import { isTakenAway } from './extensions.ts';
import { decideAt, SmtpPoint } from './fault-point.ts';
import { replyTo } from './failure.ts';
import { refuse } from './refuse.ts';
import * as replies from './replies.ts';
import { reply } from './replies.ts';
import type { Reply } from './replies.ts';
import { suffer } from './suffer.ts';

/** What is said before the server itself ends a session; null where nobody listens any more. */
const GOODBYES: Readonly<Record<EndReason, Reply | null>> = {
  timeout: reply(421, '4.4.2', 'Timeout exceeded, closing connection'),
  shutdown: reply(421, '4.3.2', 'Shutting down'),
  closed: reply(421, '4.3.2', 'Closed by the operator'),
  client: null,
  tls: null,
  fault: null,
};

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

/** What a client must do before this command, where the settings ask for it. */
function missing({ needs }: Command, { connection, deps: { settings } }: Dialogue): Reply | null {
  if (needs === 'nothing') return null;
  if (settings.requireTls && !connection.secure) return replies.TLS_FIRST;
  if (needs === 'login' && settings.requireAuth && connection.session.user === null) return replies.LOGIN_FIRST;
  return null;
}

function respond(dialogue: Dialogue, line: string): Reply | null | Promise<Reply | null> {
  const { connection, state, deps } = dialogue;
  if (connection.bareLf) {
    if (deps.settings.lineEndings === 'strict') return replies.BARE_LF;
    connection.session.note('command ends in a bare LF');
  }
  const text = ODD.test(line) ? decode(line) : line;
  if (typeof text !== 'string') return text;

  const space = text.indexOf(' ');
  const verb = space < 0 ? text : text.slice(0, space);
  const argument = space < 0 ? '' : text.slice(space + 1).trim();
  const commands = COMMANDS[deps.protocol];
  const command = commands.get(verb) ?? commands.get(verb.toUpperCase());
  if (command === undefined || isTakenAway(dialogue.offer, verb)) return replies.UNKNOWN_COMMAND;
  connection.session.asked(verb.toUpperCase());
  if (dialogue.barred && command !== commands.get('QUIT')) return replies.NO_SERVICE;
  const first = missing(command, dialogue);
  if (first !== null)
    return command === commands.get('MAIL') ? refuse(dialogue, { stage: 'mail', sender: argument, recipient: null }, first) : first;
  return command.by[state.phase] ?? command.run(dialogue, argument, state);
}

function say(connection: Connection, { before, line, faultId, unended }: Reply): void {
  if (before !== '') connection.write(before, faultId);
  if (unended === true) connection.write(line, faultId);
  else connection.writeLine(line, faultId);
}

/** After these whatever went wrong before has still gone wrong. */
const MENDS_NOTHING: readonly (string | null)[] = ['RSET', 'NOOP', 'QUIT'];

function judge({ session }: Connection, { code, line }: Reply): void {
  if (code >= 400) session.failed(line);
  else if (session.failure !== null && !MENDS_NOTHING.includes(session.command)) session.worked();
}

/** Up to the greeting; false where a fault has ended the session already. */
async function greet(dialogue: Dialogue, greeting: Reply): Promise<boolean> {
  const { connection } = dialogue;
  const decision = decideAt(dialogue, 'banner');
  const answer = decision === null ? greeting : await suffer(dialogue, decision, { run: () => greeting });
  if (answer === null) return false;
  judge(connection, answer);
  say(connection, answer);
  dialogue.barred = answer.code >= 500;
  return sendOff(connection, answer);
}

async function converse(dialogue: Dialogue): Promise<void> {
  const { connection, deps } = dialogue;
  const { maxErrors, maxCommandLine } = deps.settings;
  const limit = maxCommandLine || Infinity;
  const isCommand = (line: string): boolean => COMMANDS[deps.protocol].has((/^[^ ]*/.exec(line)?.[0] ?? '').toUpperCase());
  const shown = warily(connection.session, ['AUTH'], isCommand, withoutSecret);
  let mistakes = 0;
  while (!dialogue.over) {
    let answer: Reply | null;
    try {
      const line = connection.tryLine(limit, shown);
      if (line === undefined) {
        await connection.more(dialogue.state.phase !== 'mail' && dialogue.state.phase !== 'chunks');
        continue;
      }
      // Only what has to wait is awaited: most commands are answered in the turn in which they came.
      const response = respond(dialogue, line);
      if (response instanceof Promise) {
        answer = await response;
        connection.session.touch();
      } else answer = response;
    } catch (error) {
      answer = replyTo(error, connection);
    }
    if (answer === null) continue;
    if (replies.isMistake(answer) && ++mistakes > maxErrors && maxErrors > 0) answer = replies.TOO_MANY_ERRORS;
    judge(connection, answer);
    say(connection, answer);
    if ((answer.parting !== undefined || connection.out.pace !== null) && !(await sendOff(connection, answer))) return;
  }
}

export function createSmtp(deps: SmtpDeps): Protocol {
  const { protocol, settings } = deps;
  const greeting = reply(220, null, `${settings.name} ${protocol === 'lmtp' ? 'LMTP' : 'ESMTP'} Mailrig`);
  return {
    name: protocol,
    busy: reply(421, '4.3.2', 'Too many connections, try again later').line + '\r\n',
    async serve(connection) {
      const point = new SmtpPoint(connection.session);
      const dialogue: Dialogue = { connection, deps, point, state: { phase: 'connected' }, offer: null, barred: false, over: false };
      if (!(await begin(connection, (stage) => decideAt(dialogue, stage)))) return;
      try {
        if (await greet(dialogue, greeting)) await converse(dialogue);
      } catch (error) {
        if (!(error instanceof ConnectionEnded)) throw error;
        const goodbye = GOODBYES[error.reason];
        if (goodbye !== null) {
          judge(connection, goodbye);
          say(connection, goodbye);
        } else if (dialogue.state.phase === 'mail' || dialogue.state.phase === 'chunks')
          connection.session.failed('left in the middle of a message');
      } finally {
        reset(dialogue);
      }
    },
  };
}
