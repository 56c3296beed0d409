// A state as plain values, so that two can be compared.

import type { State } from '../../../../server/store/state.ts';

export function dump(state: State): unknown {
  const mailboxes = [...state.accounts.values()].flatMap((account) => [...account.mailboxes.values()]);
  return {
    nextUidValidity: state.nextUidValidity,
    newestId: state.newestId,
    octets: state.octets,
    subscriptions: [...state.accounts.values()].map(({ name, subscriptions }) => `${name}: ${[...subscriptions].sort().join()}`).sort(),
    deliveries: [...state.deliveries.values()],
    open: [...state.openDeliveries.values()].sort((a, b) => (a.id < b.id ? -1 : 1)),
    arrivals: state.arrivals.slice().map(({ message }) => message.id),
    messages: [...state.messages.values()]
      .map(({ message, body, captured, pinned, tags, recipients, deliveries, indexed, entries }) => ({
        message,
        body,
        captured,
        pinned,
        tags,
        recipients,
        deliveries,
        indexed,
        places: entries.map(({ mailbox, uid }) => [mailbox.account, mailbox.name, uid]).sort(),
      }))
      .sort((a, b) => (a.message.id < b.message.id ? -1 : 1)),
    trash: [...state.trash].map(([undo, messages]) => [
      undo,
      messages.map(({ message, deleted, deliveries }) => [message.id, deleted, deliveries]).sort(),
    ]),
    mailboxes: mailboxes
      .map(({ entries, log, saved: _saved, ...facts }) => ({
        ...facts,
        floor: log.floor,
        changes: log.changes.slice(),
        entries: entries.slice().map(({ uid, flags, modseq, internalDate, savedAt, deliveredTo, hops, kept }) => ({
          ...{ uid, flags, modseq, internalDate, savedAt, deliveredTo, hops },
          id: kept.message.id,
        })),
      }))
      .sort((a, b) => a.uidValidity - b.uidValidity),
  };
}
