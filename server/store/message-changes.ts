// What the changes of whole messages do to the state.

import { datedOf } from '../mail/trace.ts';
import type { Change } from './changes.ts';
import { byMailbox, deleteMessages, findAnywhere, takeFromTrash } from './deletion.ts';
import { NOTHING, ONE } from './events.ts';
import { addDeliveries, bringBackDeliveries } from './deliveries.ts';
import type { Appliers, Tell } from './events.ts';
import { addEntry, mailboxFor, openAccount, setFlags, withFlags } from './mailbox.ts';
import type { Kept, Mailbox, RecipientState, State } from './state.ts';
import { EVERYONE, newKept } from './state.ts';

type MessageChange = Exclude<
  Extract<Change, { type: `message${string}` | `deletion${string}` | `body${string}` | `signature${string}` }>['type'],
  'message.accepted'
>;

function recipientStates(account: string, recipients: readonly string[]): RecipientState[] {
  return recipients.map((recipient) => ({ recipient, account, seen: null, removed: null }));
}

/** Sets or clears one flag of the messages' entries in account `*`. */
function markEveryone(state: State, messages: readonly Kept[], flag: string, on: boolean, tell: Tell): void {
  const entries = messages.flatMap((kept) => kept.entries.filter((entry) => entry.mailbox.account === EVERYONE));
  for (const [mailbox, group] of byMailbox(entries)) {
    if (setFlags(state, mailbox, group, withFlags(on ? 'add' : 'remove', [flag])).length > 0) tell({ type: 'mailbox.changed', mailbox });
  }
}

export const messageAppliers: Appliers<MessageChange> = {
  'message.added'(state, { message, body, captured, entries, deliveries }, tell) {
    const recipients = entries.map(({ account, deliveredTo }) => recipientStates(account, deliveredTo));
    const kept = newKept({ message, body, captured, recipients: ([] as RecipientState[]).concat(...recipients), saved: state.generation });
    state.messages.set(message.id, kept);
    state.octets += message.size;
    if (message.id > state.newestId) state.newestId = message.id;
    const { receivedAt } = message;
    const dated = datedOf(message);
    if (captured) {
      state.arrivals.push(kept);
      const everything = openAccount(state, EVERYONE).mailboxes.get('INBOX') as Mailbox;
      addEntry(state, everything, kept, { internalDate: dated, savedAt: receivedAt, deliveredTo: [] });
      tell({ type: 'mailbox.changed', mailbox: everything });
    }
    const uids: number[] = [];
    for (const { account: name, mailbox: mailboxName, deliveredTo, flags, internalDate = dated } of entries) {
      const mailbox = mailboxFor(state, name, mailboxName);
      uids.push(addEntry(state, mailbox, kept, { ...(flags && { flags }), internalDate, savedAt: receivedAt, deliveredTo }).uid);
      tell({ type: 'mailbox.changed', mailbox });
    }
    tell({ type: captured ? 'message.added' : 'message.appended', kept });
    if (deliveries) addDeliveries(state, kept, deliveries, tell);
    return { changed: 1, uids };
  },

  'messages.marked'(state, { ids, read, starred, pinned, addTags, removeTags }, tell) {
    const messages = ids.map((id) => state.messages.get(id)).filter((kept) => kept !== undefined);
    if (read !== undefined) markEveryone(state, messages, '\\Seen', read, tell);
    if (starred !== undefined) markEveryone(state, messages, '\\Flagged', starred, tell);
    for (const kept of messages) {
      state.saving?.before(kept);
      if (pinned !== undefined) kept.pinned = pinned;
      if (addTags || removeTags) {
        kept.tags = [...new Set([...kept.tags, ...(addTags ?? [])])].filter((tag) => !removeTags?.includes(tag));
      }
      tell({ type: 'message.changed', kept });
    }
    return { changed: messages.length };
  },

  'messages.deleted'(state, { ids, ...deletion }, tell) {
    const messages = ids.map((id) => state.messages.get(id)).filter((kept) => kept !== undefined);
    if (messages.length > 0) deleteMessages(state, messages, deletion, tell);
    return { changed: messages.length };
  },

  'deletion.undone'(state, { undo }, tell) {
    const messages = takeFromTrash(state, undo);
    const touched = new Set<Mailbox>();
    for (const kept of messages) {
      const { places } = kept.deleted ?? { places: [] };
      kept.deleted = null;
      state.messages.set(kept.message.id, kept);
      if (kept.captured) state.arrivals.insert(kept);
      for (const { account: name, mailbox: mailboxName, ...facts } of places) {
        const mailbox = mailboxFor(state, name, mailboxName);
        addEntry(state, mailbox, kept, { ...facts, savedAt: kept.message.receivedAt });
        touched.add(mailbox);
      }
      tell({ type: kept.captured ? 'message.added' : 'message.appended', kept });
      bringBackDeliveries(state, kept, tell);
    }
    for (const mailbox of touched) tell({ type: 'mailbox.changed', mailbox });
    return { changed: messages.length };
  },

  'deletion.expired'(state, { undo }, tell) {
    const messages = takeFromTrash(state, undo);
    for (const { message } of messages) state.octets -= message.size;
    if (messages.length > 0) tell({ type: 'messages.forgotten', messages });
    return { changed: messages.length };
  },

  'message.indexed'(state, { id, indexed }, tell) {
    const kept = state.messages.get(id);
    if (!kept) return NOTHING;
    state.saving?.before(kept);
    kept.indexed = indexed;
    tell({ type: 'message.indexed', kept });
    return ONE;
  },

  'body.moved'(state, { id, body }) {
    const kept = findAnywhere(state, id);
    if (!kept) return NOTHING;
    state.saving?.before(kept);
    kept.body = body;
    return ONE;
  },

  'signature.moved'(state, { id, signature }) {
    const kept = findAnywhere(state, id);
    if (!kept?.indexed) return NOTHING;
    state.saving?.before(kept);
    kept.indexed = { ...kept.indexed, signature };
    return ONE;
  },
};
