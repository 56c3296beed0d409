// COPY and MOVE (RFC 9051 §6.4.7, §6.4.8; COPYUID of RFC 4315).

import { placeOf } from '../../store/accounts.ts';
import { uidCode } from '../capabilities.ts';
import { bad, command, no, ok } from '../command.ts';
import type { Command, Completion } from '../command.ts';
import { findMailbox, viewIn } from '../mailboxes.ts';
import { readName } from '../names.ts';
import { formatSet } from '../syntax/sequence-set.ts';
import { sync } from '../sync.ts';
import { SELECTED } from './simple.ts';

const copying = (move: boolean): Command =>
  command({
    phases: SELECTED,
    uid: true,
    parse(cursor, { enabled }) {
      cursor.space();
      const set = cursor.sequenceSet();
      cursor.space();
      const name = readName(cursor, enabled);
      cursor.end();
      return { set, name };
    },
    mailboxIn: ({ name }) => name,
    async run(session, { set, name }, { byUid }): Promise<Completion> {
      const { deps, saved } = session;
      const view = viewIn(session);
      const picked = view.select(set, byUid, saved);
      if (!picked) return bad('No such message');
      if (move && view.readOnly) return no('The mailbox is open for reading only', 'NOPERM');
      const target = await findMailbox(session, name);
      if (!target) return no('There is no such mailbox', 'TRYCREATE');
      const uids = picked.flatMap(({ uid, entry }) => (entry ? uid : []));
      // All or none (RFC 9051 §6.4.7): what the client still counts and is not there cannot be copied.
      if (!byUid && uids.length < picked.length) return no('Some of the messages are gone', 'EXPUNGEISSUED');
      if (uids.length === 0) return ok(move ? 'Nothing to move' : 'Nothing to copy');
      const at = deps.store.clock.now();
      const [outcome] = await deps.store.commit([
        { ...placeOf(view.mailbox), type: 'entries.copied', uids, to: target.name, move, at, via: 'imap' },
      ]);
      const { uids: made = [], from = [], uidValidity = 0 } = outcome ?? {};
      if (made.length === 0) return no('The messages are gone', 'EXPUNGEISSUED');
      const code = uidCode(session, `COPYUID ${uidValidity} ${formatSet(from)} ${formatSet(made)}`);
      if (!move) return ok('Copied', ...code);
      // Before the removals: the client learns where they went while it still knows them (RFC 6851 §4.3).
      for (const known of code) session.untagged(`OK [${known}] Moved`);
      await sync(session, { byUid, own: true });
      return ok('Moved', ...(session.enabled.has('QRESYNC') ? [`HIGHESTMODSEQ ${view.mailbox.highestModseq}`] : []));
    },
  });

export const copy = copying(false);
export const move = copying(true);
