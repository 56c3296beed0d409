// GETQUOTA and GETQUOTAROOT: the limits on what is kept, which all accounts share (RFC 9208).

import { command, no, ok } from '../command.ts';
import { mailboxNamed } from '../mailboxes.ts';
import { nameText, readName } from '../names.ts';
import type { ImapSession } from '../session.ts';
import { LOGGED_IN } from './simple.ts';

/** Storage is told in units of 1,024 octets. What has no limit is no resource. */
function quota({ deps: { limits, store } }: ImapSession): string {
  const { arrivals, octets } = store.state;
  const resources = [
    ...(limits.maxSize > 0 ? [`STORAGE ${Math.ceil(octets / 1024)} ${Math.floor(limits.maxSize / 1024)}`] : []),
    ...(limits.maxMessages > 0 ? [`MESSAGE ${arrivals.length} ${limits.maxMessages}`] : []),
  ];
  return `QUOTA "" (${resources.join(' ')})`;
}

export const getQuota = command({
  phases: LOGGED_IN,
  parse(cursor) {
    cursor.space();
    const root = cursor.astring();
    cursor.end();
    return root;
  },
  run(session, root) {
    if (root !== '') return no('There is no such quota root', 'NONEXISTENT');
    session.untagged(quota(session));
    return ok('Quota completed');
  },
});

export const getQuotaRoot = command({
  phases: LOGGED_IN,
  parse(cursor, { enabled }) {
    cursor.space();
    const name = readName(cursor, enabled);
    cursor.end();
    return name;
  },
  async run(session, name) {
    const mailbox = await mailboxNamed(session, name);
    session.untagged(`QUOTAROOT ${nameText(mailbox.name, session.enabled)} ""`);
    session.untagged(quota(session));
    return ok('Quota completed');
  },
});
