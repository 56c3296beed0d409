// What a row tells of a conversation: who, how it stands, in a few words, for how long.

import type { SessionProtocol, SessionSummary } from '../../../server/http/contract/types.ts';
import { plain } from '../../parts/show.ts';
import { text } from '../../text/sessions.ts';
import { duration } from '../message/turns.ts';

type Told = Omit<SessionSummary, 'messageIds'>;

export type Status = keyof typeof text.statuses;

const READING: readonly SessionProtocol[] = ['imap', 'pop3'];
/** The names of the built-in servers say no more than the protocol. */
const BUILT_IN: readonly string[] = ['submission', 'lmtp', 'imap', 'pop3'];

export function statusOf({ closedAt, failure, notes }: Pick<Told, 'closedAt' | 'failure' | 'notes'>): Status {
  if (closedAt === null) return 'live';
  if (failure !== null) return 'failed';
  return notes.length > 0 ? 'noted' : 'ended';
}

/** `127.0.0.1:51022` → `127.0.0.1` */
const addressOf = (client: string): string => client.replace(/:\d+$/, '');

/** The login, or what it calls itself, or where it is. */
export function whoOf({ protocol, user, helo, client }: Pick<Told, 'protocol' | 'user' | 'helo' | 'client'>): string {
  const name = user ?? helo;
  if (name !== null && name !== '') return plain(name);
  return READING.includes(protocol) ? text.noLogin(addressOf(client)) : text.noHello(addressOf(client));
}

/** The receiver's host that held it; nothing for a built-in server. */
export const hostOf = ({ host }: Pick<Told, 'host'>): string => (BUILT_IN.includes(host) ? '' : host);

export const tlsOf = ({ tls }: Pick<Told, 'tls'>): string => (tls === null ? text.noTls : text.tls(tls.replace(/^TLSv([\d.]+).*$/, '$1')));

/** A reply without what only machines read: `552 5.2.2 full` → `552 full`, `-ERR [AUTH] Wrong` → `Wrong`. */
export const shortReply = (reply: string): string =>
  plain(reply)
    .replace(/^ended by fault .*/, text.endedByFault)
    .replace(/^(\d{3}) \d\.\d{1,3}\.\d{1,3} /, '$1 ')
    .replace(/^(?:-ERR|NO|BAD) (?:\[[^\]]*\] )?/, '');

export function whatOf(session: Told): string {
  const { protocol, closedAt, failure, notes, command, commands, mailbox, messageCount } = session;
  if (failure !== null) return shortReply(failure);
  const taken = READING.includes(protocol) ? null : text.taken(messageCount);
  if (closedAt === null) {
    const made = messageCount > 0 ? taken : null;
    return [command ?? text.connected, mailbox ?? made]
      .filter((word) => word !== null)
      .map(plain)
      .join(', ');
  }
  const [note] = notes;
  return note ? text.note(plain(note.text), note.line) : (taken ?? text.commands(commands));
}

/** Until `now` while it goes on; the server's clock may be ahead. */
export const timeOf = ({ openedAt, closedAt }: Pick<Told, 'openedAt' | 'closedAt'>, now: number): string =>
  duration(Math.max(0, (closedAt === null ? now : Date.parse(closedAt)) - Date.parse(openedAt)));
