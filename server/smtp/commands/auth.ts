// AUTH: logging in by a SASL mechanism (RFC 4954).

import { authenticate } from '../../net/sasl.ts';
import type { AuthOutcome } from '../../net/sasl.ts';
import { answerShown, HIDDEN } from '../../net/shown.ts';
import { command } from '../dialogue.ts';
import type { Dialogue, Peer } from '../dialogue.ts';
import { decideAtLogin } from '../fault-point.ts';
import { ALREADY_LOGGED_IN, AUTH_FAILURES, HELLO_FIRST, IN_TRANSACTION, LOGGED_IN, syntax } from '../replies.ts';
import type { Reply } from '../replies.ts';
import { suffer } from '../suffer.ts';

const USAGE = syntax('AUTH mechanism [initial-response]');
const ARGUMENT = /^([A-Za-z0-9_-]{1,20})(?:[ \t]+(\S+))?$/;

/** What the transcript shows in place of a line that may hold a password. */
export function withoutSecret(line: string): string {
  // Every line comes by here: a look at the first letter spares most of them the rest.
  const first = line.charCodeAt(0) | 0x20;
  return first > 0x20 && first !== 0x61 ? line : line.replace(/^(\s*auth\s+\S+\s+)\S.*$/i, `$1${HIDDEN}`);
}

function enter({ connection }: Dialogue, peer: Peer, outcome: AuthOutcome): Reply {
  if ('failure' in outcome) return AUTH_FAILURES[outcome.failure];
  peer.user = outcome.user;
  connection.session.user = outcome.user;
  return LOGGED_IN;
}

async function logIn(dialogue: Dialogue, peer: Peer, mechanism: string, initial: string | null): Promise<Reply | null> {
  const { connection, deps } = dialogue;
  const ask = (challenge: string): Promise<string> => {
    connection.writeLine(`334 ${challenge}`);
    return connection.readLine(deps.settings.maxCommandLine || Infinity, answerShown);
  };
  const outcome = await authenticate(mechanism, initial, ask, deps.users);
  if ('failure' in outcome && outcome.failure !== 'rejected') return AUTH_FAILURES[outcome.failure];
  // Real servers answer the credentials, not the command.
  const decision = decideAtLogin(dialogue, 'user' in outcome ? outcome.user : null);
  return decision === null ? enter(dialogue, peer, outcome) : suffer(dialogue, decision, { run: () => enter(dialogue, peer, outcome) });
}

export const auth = command<'ready'>({
  needs: 'tls',
  otherwise: { connected: HELLO_FIRST, mail: IN_TRANSACTION, chunks: IN_TRANSACTION },
  run(dialogue, argument, { peer }) {
    if (peer.user !== null) return ALREADY_LOGGED_IN;
    const [, mechanism, initial] = ARGUMENT.exec(argument) ?? [];
    if (mechanism === undefined) return USAGE;
    return logIn(dialogue, peer, mechanism, initial ?? null);
  },
});
