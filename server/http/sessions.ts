// Finding conversations: the query grammar of messages, with the fields that a session has.

import { textTest } from '../base/glob.ts';
import type { Session } from '../net/session.ts';
import { parseMoment } from '../store/fields.ts';
import type { Field } from '../store/fields.ts';
import { parseQuery } from '../store/query.ts';
import type { Query, Term } from '../store/query.ts';
import type { ListOf, SessionSummary } from './contract/types.ts';
import type { Paging } from './accounts.ts';
import { sessionOf } from './messages/summary.ts';

type Test = (session: Session) => boolean;

/** As `textTest`, for a text that may be missing. */
function optionalTest(value: string): (text: string | null) => boolean {
  const test = textTest(value);
  return (text) => text !== null && test(text.toLowerCase());
}

/** As they stand in a query. */
const FIELDS: Readonly<Record<string, Field>> = {
  protocol: { kind: 'choice', choices: ['smtp', 'lmtp', 'imap', 'pop3'] },
  is: { kind: 'choice', choices: ['live', 'ended', 'failed'] },
  user: { kind: 'text' },
  client: { kind: 'text' },
  host: { kind: 'text' },
  fault: { kind: 'text' },
  before: { kind: 'time' },
  after: { kind: 'time' },
};

const IS: Readonly<Record<string, Test>> = {
  live: ({ closedAt }) => closedAt === null,
  ended: ({ closedAt }) => closedAt !== null,
  failed: ({ failure }) => failure !== null,
};

const TESTS: Readonly<Record<string, (value: string, now: number) => Test>> = {
  text(value) {
    const test = optionalTest(value);
    return ({ protocol, host, client, user, helo, tls, lines }) =>
      [protocol, host, client, user, helo, tls].some(test) || lines.some(({ text }) => test(text));
  },
  protocol(value) {
    const wanted = value.toLowerCase();
    return ({ protocol }) => protocol === wanted;
  },
  is: (value) => IS[value.toLowerCase()] ?? (() => false),
  user(value) {
    const test = optionalTest(value);
    return ({ user }) => test(user);
  },
  client(value) {
    const test = optionalTest(value);
    return ({ client }) => test(client);
  },
  host(value) {
    const test = optionalTest(value);
    return ({ host, helo }) => test(host) || test(helo);
  },
  fault(value) {
    const test = optionalTest(value);
    return ({ lines }) => lines.some(({ faultId }) => test(faultId));
  },
  before(value, now) {
    const time = parseMoment(value, now) ?? now;
    return ({ openedAt }) => openedAt < time;
  },
  after(value, now) {
    const time = parseMoment(value, now) ?? now;
    return ({ openedAt }) => openedAt >= time;
  },
};

function compileTerm({ field, value }: Term, now: number): Test {
  return (TESTS[field] ?? (() => () => false))(value, now);
}

export function compileSessions(query: Query, now: number): Test {
  if (query.kind === 'term') return compileTerm(query, now);
  if (query.kind === 'not') {
    const inner = compileSessions(query.term, now);
    return (session) => !inner(session);
  }
  const tests = query.terms.map((term) => compileSessions(term, now));
  return query.kind === 'and' ? (session) => tests.every((test) => test(session)) : (session) => tests.some((test) => test(session));
}

/** `sessions` newest first. @throws ParseError */
export function sessionPage(sessions: readonly Session[], q: string, now: number, { limit, cursor }: Paging): ListOf<SessionSummary> {
  const found = sessions.filter(compileSessions(parseQuery(q, FIELDS), now));
  const rest = cursor === undefined ? found : found.filter(({ id }) => id < cursor);
  const shown = rest.slice(0, limit);
  return { items: shown.map(sessionOf), next: rest.length > limit ? (shown.at(-1)?.id ?? null) : null, total: found.length };
}
