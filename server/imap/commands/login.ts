// Logging in: LOGIN, AUTHENTICATE (RFC 9051 §6.2, RFC 4959), and STARTTLS before it.

import { handshake } from '../../net/begin.ts';
import { authenticate } from '../../net/sasl.ts';
import type { AuthFailure, AuthOutcome } from '../../net/sasl.ts';
import { answerShown } from '../../net/shown.ts';
import { account } from '../../store/accounts.ts';
import { cannot, capabilities, mayLogIn } from '../capabilities.ts';
import { bad, command, no, ok } from '../command.ts';
import type { Completion } from '../command.ts';
import type { ImapSession } from '../session.ts';
import { nothing } from './simple.ts';

const NEEDS_TLS = no('Not without TLS: STARTTLS first', 'PRIVACYREQUIRED');
const REJECTED = no('The name or the password is wrong', 'AUTHENTICATIONFAILED');

/** No password is asked for where it must not be sent. */
const withoutPrivacy = (session: ImapSession): Completion | null => (mayLogIn(session) ? null : NEEDS_TLS);

const FAILURES: Readonly<Record<AuthFailure, Completion>> = {
  'unknown-mechanism': no('There is no such mechanism', 'CANNOT'),
  cancelled: bad('Cancelled'),
  'bad-base64': bad('That is no base64'),
  rejected: REJECTED,
  unauthorized: no('Acting for somebody else is not offered', 'AUTHORIZATIONFAILED'),
};

async function enter(session: ImapSession, user: string): Promise<Completion> {
  session.state = { phase: 'authenticated', account: await account(session.deps.store, user) };
  session.connection.session.user = user;
  return ok('Logged in', `CAPABILITY ${capabilities(session)}`);
}

export const login = command({
  phases: ['greeted'],
  refusal: withoutPrivacy,
  parse(cursor) {
    cursor.space();
    // The account of everything: Python's imaplib, for one, sends it without quotes.
    const user = cursor.take('*') ? '*' : cursor.astring();
    cursor.space();
    const password = cursor.astring();
    cursor.end();
    return { user, password };
  },
  userIn: ({ user }) => user,
  async run(session, { user, password }) {
    const known = session.deps.users.login(user, password);
    return known === null ? REJECTED : enter(session, known);
  },
});

interface Authenticating {
  readonly mechanism: string;
  readonly initial: string | null;
  readonly outcome: AuthOutcome;
}

/** Before the client was asked. */
const UNHEARD: AuthOutcome = { failure: 'cancelled' };

export const authenticateCommand = command<Authenticating>({
  phases: ['greeted'],
  refusal: withoutPrivacy,
  parse(cursor) {
    cursor.space();
    const mechanism = cursor.atom();
    const initial = cursor.take(' ') ? (cursor.match(/[A-Za-z0-9+/=]+/y) ?? cursor.fail('expected base64')) : null;
    cursor.end();
    return { mechanism, initial, outcome: UNHEARD };
  },
  async hear(session, { mechanism, initial }) {
    const { connection, deps } = session;
    if (cannot(session, `AUTH=${mechanism}`)) return FAILURES['unknown-mechanism'];
    const ask = (challenge: string): Promise<string> => {
      connection.writeLine(`+ ${challenge}`);
      return connection.readLine(deps.settings.maxCommandLine || Infinity, answerShown);
    };
    const outcome = await authenticate(mechanism, initial, ask, deps.users);
    // Without a name there is nobody whom a fault could be for.
    return 'failure' in outcome && outcome.failure !== 'rejected' ? FAILURES[outcome.failure] : { mechanism, initial, outcome };
  },
  userIn: ({ outcome }) => ('user' in outcome ? outcome.user : null),
  run: (session, { outcome }) => ('failure' in outcome ? FAILURES[outcome.failure] : enter(session, outcome.user)),
});

export const starttls = command({
  phases: ['greeted'],
  parse: nothing,
  refusal({ connection }) {
    if (connection.secure) return bad('TLS is there already');
    return connection.canStartTls ? null : no('There is no TLS here', 'UNAVAILABLE');
  },
  async run(session, _, { tag }) {
    const { connection, deps, point } = session;
    const goesOn = await handshake(connection, point.ask(deps.decide, 'tls'), `${tag} OK Begin TLS`);
    if (!goesOn) session.state = { phase: 'leaving' };
    return null;
  },
});
