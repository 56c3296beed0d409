// What the changes of accounts, mailboxes and their entries do to the state.

import type { Change, MailboxRef } from './changes.ts';
import { deleteMessages } from './deletion.ts';
import { endConversations } from './deliveries.ts';
import { NOTHING, ONE } from './events.ts';
import type { Appliers, Tell } from './events.ts';
import { addEntry, canonicalName, createMailbox, openAccount, removeEntries, renumber, setFlags, withFlags } from './mailbox.ts';
import type { Entry, Kept, Mailbox, State, Via } from './state.ts';
import { EVERYONE } from './state.ts';

type MailboxChange = Extract<
  Change,
  { type: `store${string}` | `account${string}` | `flags${string}` | `entries${string}` | `mailbox${string}` }
>['type'];

function mailboxOf(state: State, { account, mailbox, uidValidity }: MailboxRef): Mailbox | undefined {
  const mailboxes = state.accounts.get(account)?.mailboxes;
  const named = mailboxes?.get(canonicalName(mailbox));
  if (uidValidity === undefined || named?.uidValidity === uidValidity) return named;
  return Array.from(mailboxes?.values() ?? []).find((other) => other.uidValidity === uidValidity);
}

function entriesOf(mailbox: Mailbox, uids: readonly number[]): Entry[] {
  return uids.map((uid) => mailbox.entries.get(uid)).filter((entry) => entry !== undefined);
}

/** What an account has done with a message follows from its entries. */
function noteReader(state: State, entry: Entry, via: Via, tell: Tell): void {
  const { kept, mailbox } = entry;
  state.saving?.before(kept);
  for (const recipient of kept.recipients) {
    if (recipient.account !== mailbox.account || recipient.pending) continue;
    const left = kept.entries.filter((other) => other.mailbox.account === mailbox.account);
    if (left.length === 0) recipient.removed ??= via;
    else recipient.seen = left.some((other) => other.flags.includes('\\Seen')) ? (recipient.seen ?? via) : null;
  }
  if (kept.captured) tell({ type: 'message.changed', kept });
}

/** Removes entries, and the messages that are nowhere any more; a pinned one keeps its place in account `*`. */
function removeAs(state: State, mailbox: Mailbox, entries: readonly Entry[], via: Via, tell: Tell): void {
  removeEntries(state, mailbox, entries);
  tell({ type: 'mailbox.changed', mailbox });
  const gone: Kept[] = [];
  for (const entry of entries) {
    const { kept } = entry;
    const home = kept.captured ? kept.entries.some((other) => other.mailbox.account === EVERYONE) : kept.entries.length > 0;
    if (home) noteReader(state, entry, via, tell);
    else gone.push(kept);
  }
  if (gone.length > 0) deleteMessages(state, gone, { reason: 'expunged' }, tell);
}

const isPinnedHere = (entry: Entry): boolean => entry.kept.pinned && entry.mailbox.account === EVERYONE;

export const mailboxAppliers: Appliers<MailboxChange> = {
  'store.opened'(state, { at }, tell) {
    // In memory a restart begins anew: the start time keeps a client's old UIDVALIDITY from coming back.
    state.nextUidValidity = Math.max(state.nextUidValidity, Math.floor(at / 1000));
    endConversations(state, tell);
    return NOTHING;
  },

  'account.opened'(state, { account }, tell) {
    if (state.accounts.has(account)) return NOTHING;
    openAccount(state, account);
    tell({ type: 'mailboxes.changed', account });
    return ONE;
  },

  'flags.set'(state, change, tell) {
    const mailbox = mailboxOf(state, change);
    if (!mailbox) return NOTHING;
    const { unchangedSince = Infinity, mode, flags, via } = change;
    const entries = entriesOf(mailbox, change.uids);
    const modified = entries.filter((entry) => entry.modseq > unchangedSince).map((entry) => entry.uid);
    const free = entries.filter((entry) => entry.modseq <= unchangedSince);
    const changed = setFlags(state, mailbox, free, withFlags(mode, flags));
    if (changed.length > 0) tell({ type: 'mailbox.changed', mailbox });
    for (const entry of changed) noteReader(state, entry, via, tell);
    return { changed: changed.length, modified };
  },

  'entries.removed'(state, change, tell) {
    const mailbox = mailboxOf(state, change);
    if (!mailbox) return NOTHING;
    const entries = entriesOf(mailbox, change.uids);
    const free = entries.filter((entry) => !isPinnedHere(entry));
    if (free.length > 0) removeAs(state, mailbox, free, change.via, tell);
    return { changed: free.length, modified: entries.filter(isPinnedHere).map((entry) => entry.uid) };
  },

  'entries.copied'(state, change, tell) {
    const from = mailboxOf(state, change);
    const to = mailboxOf(state, { account: change.account, mailbox: change.to });
    if (!from || !to) return NOTHING;
    const entries = entriesOf(from, change.uids);
    if (entries.length === 0) return NOTHING;
    const uids = entries.map((entry) => {
      return addEntry(state, to, entry.kept, { ...entry, savedAt: change.at }).uid;
    });
    if (change.move) {
      removeEntries(state, from, entries);
      tell({ type: 'mailbox.changed', mailbox: from });
    }
    tell({ type: 'mailbox.changed', mailbox: to });
    for (const entry of entries) noteReader(state, entry, change.via, tell);
    return { changed: entries.length, uids, from: entries.map(({ uid }) => uid), uidValidity: to.uidValidity };
  },

  'mailbox.created'(state, { account: accountName, mailbox, specialUse }, tell) {
    const account = openAccount(state, accountName);
    const name = canonicalName(mailbox);
    if (account.mailboxes.has(name)) return NOTHING;
    const { uidValidity } = createMailbox(state, account, name, specialUse);
    tell({ type: 'mailboxes.changed', account: accountName });
    return { changed: 1, uidValidity };
  },

  'mailbox.deleted'(state, change, tell) {
    const mailbox = mailboxOf(state, change);
    if (!mailbox || mailbox.name === 'INBOX') return NOTHING;
    const entries = mailbox.entries.slice();
    // What is pinned moves to the inbox: deleting a mailbox is no way around the pin.
    const pinned = entries.filter(isPinnedHere);
    const inbox = state.accounts.get(change.account)?.mailboxes.get('INBOX') as Mailbox;
    for (const entry of pinned) addEntry(state, inbox, entry.kept, entry);
    if (entries.length > 0) removeAs(state, mailbox, entries, change.via, tell);
    state.saving?.before(mailbox);
    const account = state.accounts.get(change.account);
    account?.mailboxes.delete(mailbox.name);
    if (mailbox.subscribed) account?.subscriptions.add(mailbox.name);
    tell({ type: 'mailbox.changed', mailbox: inbox });
    tell({ type: 'mailboxes.changed', account: change.account });
    return ONE;
  },

  'mailbox.renamed'(state, change, tell) {
    const account = state.accounts.get(change.account);
    const mailbox = mailboxOf(state, change);
    const to = canonicalName(change.to);
    if (!account || !mailbox || account.mailboxes.has(to)) return NOTHING;
    if (mailbox.name === 'INBOX') {
      // RFC 9051 §6.3.6
      const target = createMailbox(state, account, to);
      const entries = mailbox.entries.slice();
      for (const entry of entries) addEntry(state, target, entry.kept, { ...entry, savedAt: change.at });
      removeEntries(state, mailbox, entries);
      tell({ type: 'mailbox.changed', mailbox });
    } else {
      state.saving?.before(mailbox);
      account.mailboxes.delete(mailbox.name);
      mailbox.name = to;
      account.mailboxes.set(to, mailbox);
      account.subscriptions.delete(to);
    }
    tell({ type: 'mailboxes.changed', account: change.account });
    return ONE;
  },

  'mailbox.renumbered'(state, change, tell) {
    const account = state.accounts.get(change.account);
    const mailbox = mailboxOf(state, change);
    if (!account || !mailbox) return NOTHING;
    const { uidValidity, entries } = renumber(state, account, mailbox);
    // Whoever still has the old one selected finds it empty, as one that was deleted.
    tell({ type: 'mailbox.changed', mailbox });
    tell({ type: 'mailboxes.changed', account: change.account });
    return { changed: entries.length, uidValidity };
  },

  'mailbox.subscribed'(state, change, tell) {
    const account = state.accounts.get(change.account);
    const mailbox = mailboxOf(state, change);
    if (!account) return NOTHING;
    if (mailbox) {
      if (mailbox.subscribed === change.subscribed) return NOTHING;
      state.saving?.before(mailbox);
      mailbox.subscribed = change.subscribed;
    } else {
      const name = canonicalName(change.mailbox);
      if (account.subscriptions.has(name) === change.subscribed) return NOTHING;
      if (change.subscribed) account.subscriptions.add(name);
      else account.subscriptions.delete(name);
    }
    tell({ type: 'mailboxes.changed', account: change.account });
    return ONE;
  },
};
