// Logging in: USER and PASS, APOP, AUTH (RFC 1939 §7, RFC 5034). Whoever is in has the maildrop open.

import { lacks } from '../../net/offered.ts';
import { apop as checkApop, authenticate, mechanismsFor } from '../../net/sasl.ts';
import { answerShown, HIDDEN } from '../../net/shown.ts';
import { command } from '../dialogue.ts';
import type { Command, Dialogue, Heard, In } from '../dialogue.ts';
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

type Greeted = In<'greeted'>;
type Logging = Omit<Parameters<typeof command<'greeted'>>[0], 'otherwise'>;

const login = ({ check, ...steps }: Logging): Command =>
  command<'greeted'>({
    otherwise: { open: ALREADY_LOGGED_IN },
    check: (dialogue, argument, state) => (mayLogIn(dialogue) ? (check?.(dialogue, argument, state) ?? null) : TLS_FIRST),
    ...steps,
  });

/** Also where it fails. */
const forgetUser = (dialogue: Dialogue, state: Greeted): void => {
  dialogue.state = { ...state, user: null };
};

export const user = login({
  check: (_, argument) => (argument.trim() === '' ? syntax('USER name') : null),
  run(dialogue, argument, state) {
    dialogue.state = { ...state, user: argument.trim() };
    return SEND_PASSWORD;
  },
});

/** All that follows the space is the password: it may be empty, and spaces belong to it. */
export const pass = login({
  check: (_, _argument, state) => (state.user === null ? USER_FIRST : null),
  userIn: (_, state) => state.user,
  failed: forgetUser,
  run(dialogue, argument, state) {
    forgetUser(dialogue, state);
    return open(dialogue, dialogue.deps.users.login(state.user ?? '', argument));
  },
});

const nameAndDigest = (argument: string): string[] => /^(.*\S) +(\S+)$/.exec(argument.trim())?.slice(1) ?? [];

export const apop = login({
  check({ banner }, argument) {
    if (banner === null) return NO_APOP;
    return nameAndDigest(argument).length === 0 ? syntax('APOP name digest') : null;
  },
  userIn: (argument) => nameAndDigest(argument)[0] ?? null,
  failed: forgetUser,
  run(dialogue, argument, state) {
    const [name = '', digest = ''] = nameAndDigest(argument);
    forgetUser(dialogue, state);
    return open(dialogue, checkApop(dialogue.deps.users, name, digest, dialogue.banner ?? ''));
  },
});

/** What is heard is who it is; empty for nobody whom we know. */
async function hear(dialogue: Dialogue, argument: string, state: Greeted): Promise<Heard> {
  const { connection, deps, offer } = dialogue;
  const [mechanism = '', initial] = argument.trim().split(/ +/);
  // Without a mechanism it asks which there are: no RFC says so, but clients do it.
  if (mechanism === '') return { answer: sayLines(connection, 'Mechanisms follow', mechanismsFor(deps.users)) };
  if (lacks(offer, `SASL ${mechanism}`)) return { answer: AUTH_FAILURES['unknown-mechanism'] };
  forgetUser(dialogue, state);
  const ask = (challenge: string): Promise<string> => {
    connection.writeLine(`+ ${challenge}`);
    return connection.readLine(deps.settings.maxCommandLine || Infinity, answerShown);
  };
  const outcome = await authenticate(mechanism, initial ?? null, ask, deps.users);
  if ('user' in outcome) return { argument: outcome.user };
  return outcome.failure === 'rejected' ? { argument: '' } : { answer: AUTH_FAILURES[outcome.failure] };
}

export const auth = login({
  check: (_, argument) => (argument.trim().split(/ +/).length > 2 ? syntax('AUTH mechanism [initial-response]') : null),
  hear,
  userIn: (name) => name || null,
  failed: forgetUser,
  run: (dialogue, name) => open(dialogue, name || null),
});
