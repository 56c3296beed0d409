// EXPUNGE and UID EXPUNGE (RFC 9051 §6.4.3, §6.4.9).

import { placeOf } from '../../store/accounts.ts';
import { bad, command, no, ok } from '../command.ts';
import type { Completion } from '../command.ts';
import { viewIn } from '../mailboxes.ts';
import { sync } from '../sync.ts';
import { SELECTED } from './simple.ts';

export const expunge = command({
  phases: SELECTED,
  uid: true,
  parse(cursor) {
    // Which of both it is, the form says: with a set it is UID EXPUNGE.
    const set = cursor.take(' ') && !cursor.done ? cursor.sequenceSet() : null;
    cursor.end();
    return set;
  },
  async run(session, set, { byUid }): Promise<Completion> {
    if (byUid !== (set !== null)) return bad(byUid ? 'UID EXPUNGE needs a set' : 'EXPUNGE takes no set');
    const { deps, enabled, saved } = session;
    const view = viewIn(session);
    const picked = view.select(set ?? '1:*', byUid, saved);
    if (!picked) return bad('No such message');
    if (view.readOnly) return no('The mailbox is open for reading only', 'NOPERM');
    const uids = picked.flatMap(({ uid, entry }) => (entry?.flags.includes('\\Deleted') ? uid : []));
    const [outcome] =
      uids.length === 0 ? [] : await deps.store.commit([{ ...placeOf(view.mailbox), type: 'entries.removed', uids, via: 'imap' }]);
    await sync(session, { byUid, own: true });
    if (outcome?.modified?.length) return no('Pinned messages stay', 'CANNOT');
    return ok('Expunged', ...(enabled.has('QRESYNC') ? [`HIGHESTMODSEQ ${view.mailbox.highestModseq}`] : []));
  },
});
