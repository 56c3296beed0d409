// Begins to watch what happens in an account, for a session that is to be told of it.

import type { Account, Mailbox } from '../../store/state.ts';
import { namesOf } from '../list/tree.ts';
import type { ImapSession } from '../session.ts';
import { toldOf } from './names-told.ts';
import type { EventGroup, Known, Watch } from './order.ts';

export const knownOf = ({ uidNext, entries, highestModseq }: Mailbox): Known => ({ uidNext, messages: entries.length, highestModseq });

const selectedIn = ({ state }: ImapSession): Mailbox | null => (state.phase === 'selected' ? state.view.mailbox : null);

export function startWatch(session: ImapSession, account: Account, groups: readonly EventGroup[], withUid: boolean): Watch {
  const { connection, deps } = session;
  const selected = groups.find(({ mailboxes }) => typeof mailboxes === 'string') ?? null;
  const others = groups.some(({ mailboxes }) => typeof mailboxes === 'function');
  const stop = deps.store.events.on((event) => {
    const ofNames = event.type === 'mailboxes.changed' && event.account === account.name;
    const ofMailbox = event.type === 'mailbox.changed' && event.mailbox.account === account.name;
    if (ofMailbox && others) watch.changed.add(event.mailbox);
    if (!(others && (ofNames || ofMailbox)) && !(ofMailbox && event.mailbox === selectedIn(session))) return;
    watch.stirred = true;
    connection.wake();
  });
  const watch: Watch = {
    groups,
    selected,
    withUid,
    stirred: true,
    names: others ? toldOf(namesOf(account)) : null,
    known: new Map(others ? Array.from(account.mailboxes.values(), (mailbox) => [mailbox, knownOf(mailbox)]) : []),
    changed: new Set(),
    stop,
  };
  return watch;
}

/** What IDLE alone asks for. */
const AS_EVER: readonly EventGroup[] = [
  { mailboxes: 'selected', events: new Set(['MessageNew', 'MessageExpunge', 'FlagChange']), items: [] },
];

export const idleWatch = (session: ImapSession, account: Account): Watch => startWatch(session, account, AS_EVER, false);
