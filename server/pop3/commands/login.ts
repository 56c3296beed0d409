// Logging in: USER and PASS, APOP, AUTH (RFC 1939 §7, RFC 5034). Whoever is in has the maildrop open.

import { apop as checkApop, authenticate, mechanismsFor } from '../../net/sasl.ts';
import { answerShown, HIDDEN } from '../../net/shown.ts';
import { command } from '../dialogue.ts';
import type { Command, Dialogue, In } from '../dialogue.ts';
import { sayLines } from '../listing.ts';
import { openMaildrop } from '../maildrop.ts';
import { ALREADY_LOGGED_IN, AUTH_FAILURES, BAD_LOGIN, counted, IN_USE, mistake, ok, syntax, TLS_FIRST } from '../replies.ts';
import type { Reply } from '../replies.ts';

/** What the transcript shows in place of a line that may hold a password. */
export const withoutSecret = (line: string): string => line.replace(/^(\s*(?:pass\s|(?:apop|auth)\s+\S+\s+))(?=.*\S).*$/i, `$1${HIDDEN}`);

const USER_FIRST = mistake('Send USER first');
const NO_APOP = mistake('APOP is not offered here');
const SEND_PASSWORD = ok('Send PASS');

/** Whether logins are offered as things are. */
export const mayLogIn = ({ connection, deps }: Pick<Dialogue, 'connection' | 'deps'>): boolean =>
  connection.secure || !deps.settings.requireTls;

async function open(dialogue: Dialogue, user: string | null): Promise<Reply> {
  if (user === null) return BAD_LOGIN;
  const maildrop = await openMaildrop(dialogue.deps, user);
  if (maildrop === null) return IN_USE;
  dialogue.state = { phase: 'open', maildrop };
  dialogue.connection.session.user = user;
  return ok(`Maildrop has ${counted(maildrop.entries.length, 'message')}`);
}

const login = (run: (dialogue: Dialogue, argument: string, state: In<'greeted'>) => Reply | null | Promise<Reply | null>): Command =>
  command<'greeted'>({
    otherwise: { open: ALREADY_LOGGED_IN },
    run: (dialogue, argument, state) => (mayLogIn(dialogue) ? run(dialogue, argument, state) : TLS_FIRST),
  });

const forgetUser = (dialogue: Dialogue, state: In<'greeted'>): void => {
  dialogue.state = { ...state, user: null };
};

export const user = login((dialogue, argument, state) => {
  const name = argument.trim();
  if (name === '') return syntax('USER name');
  dialogue.state = { ...state, user: name };
  return SEND_PASSWORD;
});

/** All that follows the space is the password: it may be empty, and spaces belong to it. */
export const pass = login((dialogue, argument, state) => {
  if (state.user === null) return USER_FIRST;
  forgetUser(dialogue, state);
  return open(dialogue, dialogue.deps.users.login(state.user, argument));
});

export const apop = login((dialogue, argument, state) => {
  const { banner, deps } = dialogue;
  if (banner === null) return NO_APOP;
  const [, name, digest] = /^(.*\S) +(\S+)$/.exec(argument.trim()) ?? [];
  if (name === undefined || digest === undefined) return syntax('APOP name digest');
  forgetUser(dialogue, state);
  return open(dialogue, checkApop(deps.users, name, digest, banner));
});

export const auth = login(async (dialogue, argument, state) => {
  const { connection, deps } = dialogue;
  // Without a mechanism it asks which there are: no RFC says so, but clients do it.
  if (argument.trim() === '') return sayLines(connection, 'Mechanisms follow', mechanismsFor(deps.users));
  const [mechanism = '', initial, more] = argument.trim().split(/ +/);
  if (more !== undefined) return syntax('AUTH mechanism [initial-response]');
  forgetUser(dialogue, state);
  const ask = (challenge: string): Promise<string> => {
    connection.writeLine(`+ ${challenge}`);
    return connection.readLine(deps.settings.maxCommandLine || Infinity, answerShown);
  };
  const outcome = await authenticate(mechanism, initial ?? null, ask, deps.users);
  return 'failure' in outcome ? AUTH_FAILURES[outcome.failure] : open(dialogue, outcome.user);
});
