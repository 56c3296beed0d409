// The items of STATUS, and its reply (RFC 9051 §6.3.11, §7.3.4).

import type { Mailbox } from '../store/state.ts';
import { countFlags, countOctets, octetsOfDeleted } from './counts.ts';
import { mailboxId } from './mailboxes.ts';
import { nameText } from './names.ts';
import type { ImapSession } from './session.ts';
import type { Cursor } from './syntax/cursor.ts';

type Item = (session: ImapSession, mailbox: Mailbox) => string | number;

function recent({ state, recents }: ImapSession, mailbox: Mailbox): number {
  if (state.phase === 'selected' && state.view.mailbox === mailbox) return state.view.recentCount;
  return mailbox.entries.length - mailbox.entries.lowerBound(recents.from(mailbox, true));
}

const ITEMS: ReadonlyMap<string, Item> = new Map<string, Item>([
  ['MESSAGES', (_, { entries }) => entries.length],
  ['RECENT', recent],
  ['UIDNEXT', (_, { uidNext }) => uidNext],
  ['UIDVALIDITY', (_, { uidValidity }) => uidValidity],
  ['UNSEEN', (_, mailbox) => countFlags(mailbox).unseen],
  ['DELETED', (_, mailbox) => countFlags(mailbox).deleted],
  // Storage in units of 1,024 octets goes with the quota of it (RFC 9208 §4.1.4).
  ['DELETED-STORAGE', ({ deps }, mailbox) => Math.ceil(octetsOfDeleted(mailbox, deps.settings.traceHeaders) / 1024)],
  ['SIZE', ({ deps }, mailbox) => countOctets(mailbox, deps.settings.traceHeaders)],
  ['HIGHESTMODSEQ', (_, { highestModseq }) => highestModseq],
  ['APPENDLIMIT', ({ deps }) => deps.settings.maxMessageSize || 'NIL'],
  ['MAILBOXID', (_, mailbox) => `(${mailboxId(mailbox)})`],
]);

export const readStatusItems = (cursor: Cursor): string[] =>
  cursor.list(() => {
    const name = cursor.atom().toUpperCase();
    return ITEMS.has(name) ? name : cursor.fail(`unknown item ${name}`);
  }, 1);

export function statusText(session: ImapSession, mailbox: Mailbox, items: readonly string[]): string {
  const values = items.map((name) => `${name} ${ITEMS.get(name)?.(session, mailbox) ?? ''}`);
  return `STATUS ${nameText(mailbox.name, session.enabled)} (${values.join(' ')})`;
}
