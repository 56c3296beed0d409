import { expect, it } from 'vitest';
import type { SessionSummary } from '../../../../server/http/contract/types.ts';
import { hostOf, shortReply, statusOf, timeOf, tlsOf, whatOf, whoOf } from '../../../../ui/screens/sessions/told.ts';

const AT = Date.parse('2026-01-31T14:02:11.000Z');
const session = (given: Partial<SessionSummary>): SessionSummary => ({
  id: 's1',
  protocol: 'smtp',
  host: 'submission',
  client: '127.0.0.1:51234',
  user: null,
  tls: null,
  helo: null,
  openedAt: new Date(AT).toISOString(),
  closedAt: null,
  messageIds: [],
  messageCount: 0,
  command: null,
  commands: 0,
  mailbox: null,
  failure: null,
  faultId: null,
  truncated: false,
  notes: [],
  ...given,
});
const closedAt = new Date(AT + 1_500).toISOString();
const imap = { protocol: 'imap', host: 'imap' } as const;
const notes = [{ line: 9, text: 'bare LF' }];

it.each<[string, Partial<SessionSummary>]>([
  ['web-1', { user: 'web-1', helo: 'laptop' }],
  ['laptop', { helo: 'laptop' }],
  ['a\ufffdb', { helo: 'a\u202eb' }],
  ['127.0.0.1, no EHLO', {}],
  ['[::1], no login', { ...imap, client: '[::1]:5' }],
])('is of %s for %j', (who, given) => {
  expect(whoOf(session(given))).toBe(who);
});

it.each<[string, string, Partial<SessionSummary>]>([
  ['live', 'connected', {}],
  ['live', 'DATA, 1 message', { command: 'DATA', messageCount: 1 }],
  ['live', 'MAIL', { command: 'MAIL' }],
  ['live', 'IDLE, Sent', { ...imap, command: 'IDLE', mailbox: 'Sent' }],
  ['live', 'STAT', { protocol: 'pop3', command: 'STAT' }],
  ['live', '450 Later', { failure: '450 4.2.0 Later', command: 'RCPT' }],
  ['failed', '552 mailbox full', { failure: '552 5.2.2 mailbox full', closedAt, notes }],
  ['noted', 'bare LF, line 9', { closedAt, notes, messageCount: 1 }],
  ['ended', '2,000 messages', { closedAt, messageCount: 2_000 }],
  ['ended', 'no message', { closedAt, commands: 2 }],
  ['ended', '14 commands', { ...imap, closedAt, commands: 14 }],
])('is %s and says “%s” for %j', (status, what, given) => {
  expect([statusOf(session(given)), whatOf(session(given))]).toEqual([status, what]);
});

it.each([
  ['552 5.2.2 mailbox full', '552 mailbox full'],
  ['421 Too many connections', '421 Too many connections'],
  ['-ERR [AUTH] Invalid user name or password', 'Invalid user name or password'],
  ['NO [AUTHENTICATIONFAILED] Wrong', 'Wrong'],
  ['BAD Log in first', 'Log in first'],
  ['left in the middle of a message', 'left in the middle of a message'],
])('the reply %s is %s in short', (reply, short) => {
  expect(shortReply(reply)).toBe(short);
});

it('names TLS by its version, and a host only where it is a receiver’s', () => {
  expect([tlsOf({ tls: null }), tlsOf({ tls: 'TLSv1.3 TLS_AES_256_GCM_SHA384' })]).toEqual(['none', 'TLS 1.3']);
  expect([hostOf({ host: 'submission' }), hostOf({ host: 'mx1.shop.test' })]).toEqual(['', 'mx1.shop.test']);
});

it.each([
  ['1.5 s', { closedAt }, AT + 99_000],
  ['300 ms', {}, AT + 300],
  ['12 min', {}, AT + 12 * 60_000],
  ['2.5 h', {}, AT + 9_000_000],
  ['0 ms', {}, AT - 5_000],
])('has lasted %s with %j', (shown, given, now) => {
  expect(timeOf(session(given), now)).toBe(shown);
});
