// What each change does to the state: deterministic, no clock, no chance, no I/O.

import type { MessageId } from '../mail/message.ts';
import type { Change, DeletionReason, MailboxRef, Outcome } from './changes.ts';
import { addEntry, canonicalName, createMailbox, openAccount, removeEntries, setFlags } from './mailbox.ts';
import type { Entry, Kept, Mailbox, RecipientState, State, Via } from './state.ts';
import { EVERYONE } from './state.ts';

export type StoreEvent =
  | { readonly type: 'message.added'; readonly kept: Kept }
  | { readonly type: 'message.changed'; readonly kept: Kept }
  | {
      readonly type: 'messages.deleted';
      readonly ids: readonly MessageId[];
      readonly messages: readonly Kept[];
      readonly reason: DeletionReason;
    }
  /** Entries came, went or changed their flags: a reader compares with the mailbox's change log. */
  | { readonly type: 'mailbox.changed'; readonly mailbox: Mailbox }
  | { readonly type: 'mailboxes.changed'; readonly account: string }
  /** A message was refused since nothing may be dropped for it; told by whoever refused it. */
  | { readonly type: 'storage.full'; readonly limit: string };

export type Tell = (event: StoreEvent) => void;

type Of<T extends Change['type']> = Extract<Change, { type: T }>;
type Appliers = { readonly [T in Change['type']]: (state: State, change: Of<T>, tell: Tell) => Outcome };

const NONE: Outcome = { changed: 0 };
const NO_TAGS: readonly string[] = Object.freeze([]);
const NO_RECIPIENTS: readonly RecipientState[] = Object.freeze([]);
const NO_ENTRIES: readonly Entry[] = Object.freeze([]);
const ONE: Outcome = { changed: 1 };

function mailboxOf(state: State, { account, mailbox }: MailboxRef): Mailbox | undefined {
  return state.accounts.get(account)?.mailboxes.get(canonicalName(mailbox));
}

function entriesOf(mailbox: Mailbox, uids: readonly number[]): Entry[] {
  return uids.map((uid) => mailbox.entries.get(uid)).filter((entry) => entry !== undefined);
}

/** Entries of many messages, together with the mailbox they are in. */
function byMailbox(entries: Iterable<Entry>): Map<Mailbox, Entry[]> {
  const groups = new Map<Mailbox, Entry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.mailbox);
    if (group) group.push(entry);
    else groups.set(entry.mailbox, [entry]);
  }
  return groups;
}

function deleteMessages(state: State, messages: readonly Kept[], reason: DeletionReason, tell: Tell): void {
  for (const [mailbox, entries] of byMailbox(messages.flatMap((kept) => kept.entries))) {
    removeEntries(mailbox, entries);
    tell({ type: 'mailbox.changed', mailbox });
  }
  for (const { message } of messages) {
    state.messages.delete(message.id);
    state.octets -= message.size;
  }
  state.arrivals.removeAll(new Set(messages.map(({ message }) => message.id)));
  const ids = messages.map(({ message }) => message.id);
  tell({ type: 'messages.deleted', ids, messages, reason });
}

/** What an account has done with a message follows from its entries. */
function noteReader(entry: Entry, via: Via, tell: Tell): void {
  const { kept, mailbox } = entry;
  for (const recipient of kept.recipients) {
    if (recipient.account !== mailbox.account) continue;
    const left = kept.entries.filter((other) => other.mailbox.account === mailbox.account);
    if (left.length === 0) recipient.removed ??= via;
    else recipient.seen = left.some((other) => other.flags.includes('\\Seen')) ? (recipient.seen ?? via) : null;
  }
  if (kept.captured) tell({ type: 'message.changed', kept });
}

/** Removes entries, and the messages that are nowhere any more; a pinned one keeps its place in account `*`. */
function removeAs(state: State, mailbox: Mailbox, entries: readonly Entry[], via: Via, tell: Tell): void {
  removeEntries(mailbox, entries);
  tell({ type: 'mailbox.changed', mailbox });
  const gone: Kept[] = [];
  for (const entry of entries) {
    const { kept } = entry;
    const home = kept.captured ? kept.entries.some((other) => other.mailbox.account === EVERYONE) : kept.entries.length > 0;
    if (home) noteReader(entry, via, tell);
    else gone.push(kept);
  }
  if (gone.length > 0) deleteMessages(state, gone, 'expunged', tell);
}

function recipientStates(account: string, recipients: readonly string[]): RecipientState[] {
  return recipients.map((recipient) => ({ recipient, account, seen: null, removed: null }));
}

const isPinnedHere = (entry: Entry): boolean => entry.kept.pinned && entry.mailbox.account === EVERYONE;

function withFlags(mode: 'add' | 'remove' | 'replace', flags: readonly string[]): (entry: Entry) => readonly string[] {
  switch (mode) {
    case 'add':
      return (entry) => [...entry.flags, ...flags.filter((flag) => !entry.flags.includes(flag))];
    case 'remove':
      return (entry) => entry.flags.filter((flag) => !flags.includes(flag));
    case 'replace':
      return () => flags;
  }
}

/** Sets or clears one flag of the messages' entries in account `*`. */
function markEveryone(messages: readonly Kept[], flag: string, on: boolean, tell: Tell): void {
  const entries = messages.flatMap((kept) => kept.entries.filter((entry) => entry.mailbox.account === EVERYONE));
  for (const [mailbox, group] of byMailbox(entries)) {
    if (setFlags(mailbox, group, withFlags(on ? 'add' : 'remove', [flag])).length > 0) tell({ type: 'mailbox.changed', mailbox });
  }
}

const appliers: Appliers = {
  'store.opened'(state, { at }) {
    // In memory a restart begins anew: the start time keeps a client's old UIDVALIDITY from coming back.
    state.nextUidValidity = Math.max(state.nextUidValidity, Math.floor(at / 1000));
    return NONE;
  },

  'account.opened'(state, { account }, tell) {
    if (state.accounts.has(account)) return NONE;
    openAccount(state, account);
    tell({ type: 'mailboxes.changed', account });
    return ONE;
  },

  'message.added'(state, { message, body, captured, entries }, tell) {
    const recipients = entries.map(({ account, deliveredTo }) => recipientStates(account, deliveredTo));
    const kept: Kept = {
      message,
      body,
      captured,
      pinned: false,
      tags: NO_TAGS,
      recipients: NO_RECIPIENTS.concat(...recipients),
      entries: NO_ENTRIES,
      folded: null,
    };
    state.messages.set(message.id, kept);
    state.octets += message.size;
    const { receivedAt } = message;
    if (captured) {
      state.arrivals.push(kept);
      const everything = openAccount(state, EVERYONE).mailboxes.get('INBOX') as Mailbox;
      addEntry(everything, kept, { internalDate: receivedAt, savedAt: receivedAt, deliveredTo: [] });
      tell({ type: 'mailbox.changed', mailbox: everything });
    }
    const uids: number[] = [];
    for (const { account: name, mailbox: mailboxName, deliveredTo, flags, internalDate = receivedAt } of entries) {
      const account = openAccount(state, name);
      const mailbox = account.mailboxes.get(canonicalName(mailboxName)) ?? createMailbox(state, account, mailboxName);
      uids.push(addEntry(mailbox, kept, { ...(flags && { flags }), internalDate, savedAt: receivedAt, deliveredTo }).uid);
      tell({ type: 'mailbox.changed', mailbox });
    }
    if (captured) tell({ type: 'message.added', kept });
    return { changed: 1, uids };
  },

  'messages.marked'(state, { ids, read, starred, pinned, addTags, removeTags }, tell) {
    const messages = ids.map((id) => state.messages.get(id)).filter((kept) => kept !== undefined);
    if (read !== undefined) markEveryone(messages, '\\Seen', read, tell);
    if (starred !== undefined) markEveryone(messages, '\\Flagged', starred, tell);
    for (const kept of messages) {
      if (pinned !== undefined) kept.pinned = pinned;
      if (addTags || removeTags) {
        kept.tags = [...new Set([...kept.tags, ...(addTags ?? [])])].filter((tag) => !removeTags?.includes(tag));
      }
      tell({ type: 'message.changed', kept });
    }
    return { changed: messages.length };
  },

  'messages.deleted'(state, { ids, reason }, tell) {
    const messages = ids.map((id) => state.messages.get(id)).filter((kept) => kept !== undefined);
    if (messages.length > 0) deleteMessages(state, messages, reason, tell);
    return { changed: messages.length };
  },

  'flags.set'(state, change, tell) {
    const mailbox = mailboxOf(state, change);
    if (!mailbox) return NONE;
    const { unchangedSince = Infinity, mode, flags, via } = change;
    const entries = entriesOf(mailbox, change.uids);
    const modified = entries.filter((entry) => entry.modseq > unchangedSince).map((entry) => entry.uid);
    const free = entries.filter((entry) => entry.modseq <= unchangedSince);
    const changed = setFlags(mailbox, free, withFlags(mode, flags));
    if (changed.length > 0) tell({ type: 'mailbox.changed', mailbox });
    for (const entry of changed) noteReader(entry, via, tell);
    return { changed: changed.length, modified };
  },

  'entries.removed'(state, change, tell) {
    const mailbox = mailboxOf(state, change);
    if (!mailbox) return NONE;
    const entries = entriesOf(mailbox, change.uids);
    const free = entries.filter((entry) => !isPinnedHere(entry));
    if (free.length > 0) removeAs(state, mailbox, free, change.via, tell);
    return { changed: free.length, modified: entries.filter(isPinnedHere).map((entry) => entry.uid) };
  },

  'entries.copied'(state, change, tell) {
    const from = mailboxOf(state, change);
    const to = mailboxOf(state, { account: change.account, mailbox: change.to });
    if (!from || !to) return NONE;
    const entries = entriesOf(from, change.uids);
    if (entries.length === 0) return NONE;
    const uids = entries.map((entry) => {
      const { flags, internalDate, deliveredTo } = entry;
      return addEntry(to, entry.kept, { flags, internalDate, savedAt: change.at, deliveredTo }).uid;
    });
    if (change.move) {
      removeEntries(from, entries);
      tell({ type: 'mailbox.changed', mailbox: from });
    }
    tell({ type: 'mailbox.changed', mailbox: to });
    return { changed: entries.length, uids, uidValidity: to.uidValidity };
  },

  'mailbox.created'(state, { account: accountName, mailbox, specialUse }, tell) {
    const account = openAccount(state, accountName);
    const name = canonicalName(mailbox);
    if (account.mailboxes.has(name)) return NONE;
    const { uidValidity } = createMailbox(state, account, name, specialUse);
    tell({ type: 'mailboxes.changed', account: accountName });
    return { changed: 1, uidValidity };
  },

  'mailbox.deleted'(state, change, tell) {
    const mailbox = mailboxOf(state, change);
    if (!mailbox || mailbox.name === 'INBOX') return NONE;
    const entries = mailbox.entries.slice();
    // What is pinned moves to the inbox: deleting a mailbox is no way around the pin.
    const pinned = entries.filter(isPinnedHere);
    const inbox = state.accounts.get(change.account)?.mailboxes.get('INBOX') as Mailbox;
    for (const entry of pinned) addEntry(inbox, entry.kept, entry);
    if (entries.length > 0) removeAs(state, mailbox, entries, change.via, tell);
    state.accounts.get(change.account)?.mailboxes.delete(mailbox.name);
    tell({ type: 'mailbox.changed', mailbox: inbox });
    tell({ type: 'mailboxes.changed', account: change.account });
    return ONE;
  },

  'mailbox.renamed'(state, change, tell) {
    const account = state.accounts.get(change.account);
    const mailbox = mailboxOf(state, change);
    const to = canonicalName(change.to);
    if (!account || !mailbox || mailbox.name === 'INBOX' || account.mailboxes.has(to)) return NONE;
    account.mailboxes.delete(mailbox.name);
    mailbox.name = to;
    account.mailboxes.set(to, mailbox);
    tell({ type: 'mailboxes.changed', account: change.account });
    return ONE;
  },

  'mailbox.subscribed'(state, change, tell) {
    const mailbox = mailboxOf(state, change);
    if (!mailbox || mailbox.subscribed === change.subscribed) return NONE;
    mailbox.subscribed = change.subscribed;
    tell({ type: 'mailboxes.changed', account: change.account });
    return ONE;
  },
};

/** Makes one change. The same changes in the same order give the same state, on every machine. */
export function apply(state: State, change: Change, tell: Tell): Outcome {
  const applier = appliers[change.type] as (state: State, change: Change, tell: Tell) => Outcome;
  return applier(state, change, tell);
}
