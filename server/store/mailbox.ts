// Changing mailboxes: entries come and go, flags and modseqs move, the change log remembers. Called by apply() alone.

import type { Account, ChangedUid, ChangeLog, Entry, Kept, Mailbox, SpecialUse, State } from './state.ts';
import { Sequence } from './sequence.ts';

/** Mailboxes that mean something by their name (RFC 6154). */
export const SPECIAL_USE: ReadonlyMap<string, SpecialUse> = new Map([
  ['Sent', '\\Sent'],
  ['Drafts', '\\Drafts'],
  ['Trash', '\\Trash'],
  ['Junk', '\\Junk'],
  ['Archive', '\\Archive'],
]);

/** INBOX is the one name without case (RFC 3501 §5.1). */
export function canonicalName(name: string): string {
  return name.toUpperCase() === 'INBOX' ? 'INBOX' : name;
}

const NO_FLAGS: readonly string[] = Object.freeze([]);
const LOG_MINIMUM = 1000;

export function openAccount(state: State, name: string): Account {
  let account = state.accounts.get(name);
  if (!account) {
    account = { name, mailboxes: new Map() };
    state.accounts.set(name, account);
    createMailbox(state, account, 'INBOX');
  }
  return account;
}

export function createMailbox(state: State, account: Account, name: string, specialUse?: SpecialUse): Mailbox {
  const log: ChangeLog = { floor: 0, changes: new Sequence(({ modseq }: ChangedUid) => modseq) };
  const mailbox: Mailbox = {
    account: account.name,
    name,
    uidValidity: state.nextUidValidity++,
    uidNext: 1,
    highestModseq: 1,
    subscribed: true,
    specialUse: specialUse ?? SPECIAL_USE.get(name) ?? null,
    entries: new Sequence((entry: Entry) => entry.uid),
    log,
  };
  account.mailboxes.set(name, mailbox);
  return mailbox;
}

export interface EntryFacts {
  readonly flags?: readonly string[];
  readonly internalDate: number;
  readonly savedAt: number;
  readonly deliveredTo: readonly string[];
}

export function addEntry(mailbox: Mailbox, kept: Kept, { flags = NO_FLAGS, internalDate, savedAt, deliveredTo }: EntryFacts): Entry {
  const uid = mailbox.uidNext++;
  const entry: Entry = { kept, mailbox, uid, flags, modseq: ++mailbox.highestModseq, internalDate, savedAt, deliveredTo };
  mailbox.entries.push(entry);
  kept.entries = kept.entries.concat(entry);
  return entry;
}

/** Remembers a changed or removed UID. New ones need no record: a reader knows the UIDNEXT that it saw. */
function log(mailbox: Mailbox, uid: number, modseq: number): void {
  const { log: record, entries } = mailbox;
  record.changes.push({ modseq, uid });
  if (record.changes.length > Math.max(LOG_MINIMUM, entries.length * 2)) {
    // A whole modseq goes or stays: several UIDs share one.
    record.floor = record.changes.at(record.changes.length >>> 1)?.modseq ?? modseq;
    record.changes.dropBelow(record.floor + 1);
  }
}

/** Gives entries of one mailbox new flags under one new modseq; those that already have them are left alone. Answers how many changed. */
export function setFlags(mailbox: Mailbox, entries: readonly Entry[], flagsFor: (entry: Entry) => readonly string[]): Entry[] {
  const changed: Entry[] = [];
  let modseq = 0;
  for (const entry of entries) {
    const flags = flagsFor(entry);
    if (sameFlags(entry.flags, flags)) continue;
    modseq ||= ++mailbox.highestModseq;
    entry.flags = flags.length === 0 ? NO_FLAGS : flags;
    entry.modseq = modseq;
    log(mailbox, entry.uid, modseq);
    changed.push(entry);
  }
  return changed;
}

function sameFlags(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((flag) => b.includes(flag));
}

/** Takes entries of one mailbox away under one new modseq. */
export function removeEntries(mailbox: Mailbox, entries: readonly Entry[]): void {
  if (entries.length === 0) return;
  const modseq = ++mailbox.highestModseq;
  mailbox.entries.removeAll(new Set(entries.map((entry) => entry.uid)));
  for (const entry of entries) {
    entry.kept.entries = entry.kept.entries.filter((other) => other !== entry);
    log(mailbox, entry.uid, modseq);
  }
}
