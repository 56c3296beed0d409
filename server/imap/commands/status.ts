// STATUS: a mailbox looked at without selecting it (RFC 9051 §6.3.11).

import type { Mailbox } from '../../store/state.ts';
import { command, ok } from '../command.ts';
import { mailboxNamed } from '../mailboxes.ts';
import { readName } from '../names.ts';
import { switchOnCondstore } from '../selected.ts';
import type { ImapSession } from '../session.ts';
import { readStatusItems, statusText } from '../status-items.ts';
import { LOGGED_IN } from './simple.ts';

/** Asking for modseqs switches CONDSTORE on (RFC 7162 §3.1). */
export function statusLine(session: ImapSession, mailbox: Mailbox, items: readonly string[]): string {
  if (items.includes('HIGHESTMODSEQ')) switchOnCondstore(session);
  return statusText(session, mailbox, items);
}

export const status = command({
  phases: LOGGED_IN,
  parse(cursor, { enabled }) {
    cursor.space();
    const name = readName(cursor, enabled);
    cursor.space();
    const items = readStatusItems(cursor);
    cursor.end();
    return { name, items };
  },
  mailboxIn: ({ name }) => name,
  async run(session, { name, items }) {
    session.untagged(statusLine(session, await mailboxNamed(session, name), items));
    return ok('Status completed');
  },
});
