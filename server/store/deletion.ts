// Deleting messages everywhere, for good or into the trash, from which a deletion can be undone.

import type { MessageId } from '../mail/message.ts';
import type { DeletionReason } from './changes.ts';
import type { Tell } from './events.ts';
import { dropDeliveries } from './deliveries.ts';
import { removeEntries } from './mailbox.ts';
import type { Entry, Kept, Mailbox, Place, State } from './state.ts';

/** Entries of many messages, together with the mailbox they are in. */
export function byMailbox(entries: Iterable<Entry>): Map<Mailbox, Entry[]> {
  const groups = new Map<Mailbox, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.mailbox);
    if (group) group.push(entry);
    else groups.set(entry.mailbox, [entry]);
  }
  return groups;
}

const placesOf = ({ entries }: Kept): Place[] =>
  entries.map(({ mailbox, flags, internalDate, deliveredTo, hops }) => ({
    account: mailbox.account,
    mailbox: mailbox.name,
    flags,
    internalDate,
    deliveredTo,
    ...(hops && { hops }),
  }));

interface Deletion {
  readonly reason: DeletionReason;
  readonly undo?: { readonly id: string; readonly at: number };
}

export function deleteMessages(state: State, messages: readonly Kept[], { reason, undo }: Deletion, tell: Tell): void {
  const deleted = undo && messages.map((kept) => ({ undo: undo.id, at: undo.at, places: placesOf(kept) }));
  for (const [mailbox, entries] of byMailbox(messages.flatMap((kept) => kept.entries))) {
    removeEntries(state, mailbox, entries);
    tell({ type: 'mailbox.changed', mailbox });
  }
  for (const [i, kept] of messages.entries()) {
    const { message } = kept;
    // One without entries has not been asked for yet.
    state.saving?.before(kept);
    state.messages.delete(message.id);
    kept.deleted = deleted?.[i] ?? null;
    if (!undo) state.octets -= message.size;
  }
  dropDeliveries(state, messages, tell);
  const ids = messages.map(({ message }) => message.id);
  state.arrivals.removeAll(new Set(ids));
  if (undo) state.trash.set(undo.id, messages);
  tell({ type: 'messages.deleted', ids, messages, reason });
  if (!undo) tell({ type: 'messages.forgotten', messages });
}

/** A message wherever it is: also in the trash its bytes may have to move. */
export function findAnywhere(state: State, id: MessageId): Kept | undefined {
  const kept = state.messages.get(id);
  if (kept) return kept;
  for (const messages of state.trash.values()) {
    const found = messages.find(({ message }) => message.id === id);
    if (found) return found;
  }
  return undefined;
}

/** Takes a deletion out of the trash; what becomes of its messages is the caller's. */
export function takeFromTrash(state: State, undo: string): readonly Kept[] {
  const messages = state.trash.get(undo) ?? [];
  state.trash.delete(undo);
  for (const kept of messages) state.saving?.before(kept);
  return messages;
}
