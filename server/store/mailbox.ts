// Changing mailboxes: entries come and go, flags and modseqs move, the change log remembers. Called by apply() alone.

import type { Hop } from '../mail/trace.ts';
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
/** Older changes are forgotten: a reader that far behind compares everything, which costs less than keeping them. */
const LOG_LENGTH = 10_000;

export function openAccount(state: State, name: string): Account {
  let account = state.accounts.get(name);
  if (!account) {
    account = { name, mailboxes: new Map(), subscriptions: new Set() };
    state.accounts.set(name, account);
    createMailbox(state, account, 'INBOX');
  }
  return account;
}

export const createEntries = (): Mailbox['entries'] => new Sequence((entry: Entry) => entry.uid);
export const createLog = (): ChangeLog => ({ floor: 0, changes: new Sequence(({ modseq }: ChangedUid) => modseq) });

export function createMailbox(state: State, account: Account, name: string, specialUse?: SpecialUse): Mailbox {
  const mailbox: Mailbox = {
    account: account.name,
    name,
    uidValidity: state.nextUidValidity++,
    uidNext: 1,
    highestModseq: 1,
    subscribed: true,
    specialUse: specialUse ?? SPECIAL_USE.get(name) ?? null,
    entries: createEntries(),
    log: createLog(),
    saved: state.generation,
  };
  account.mailboxes.set(name, mailbox);
  account.subscriptions.delete(name);
  return mailbox;
}

/** The mailbox of that name, made where it or its account is not there. */
export function mailboxFor(state: State, account: string, name: string): Mailbox {
  const owner = openAccount(state, account);
  return owner.mailboxes.get(canonicalName(name)) ?? createMailbox(state, owner, name);
}

export interface EntryFacts {
  readonly flags?: readonly string[];
  readonly internalDate: number;
  readonly savedAt: number;
  readonly deliveredTo: readonly string[];
  readonly hops?: readonly Hop[];
}

export function addEntry(
  state: State,
  mailbox: Mailbox,
  kept: Kept,
  { flags = NO_FLAGS, internalDate, savedAt, deliveredTo, hops }: EntryFacts,
): Entry {
  state.saving?.before(mailbox);
  state.saving?.before(kept);
  const uid = mailbox.uidNext++;
  const made: Entry = { kept, mailbox, uid, flags, modseq: ++mailbox.highestModseq, internalDate, savedAt, deliveredTo };
  // Most have none, and no room for one.
  const entry = hops ? { ...made, hops } : made;
  mailbox.entries.push(entry);
  kept.entries = kept.entries.concat(entry);
  return entry;
}

/** Remembers a changed or removed UID. New ones need no record: a reader knows the UIDNEXT that it saw. */
function log(mailbox: Mailbox, uid: number, modseq: number): void {
  const { log: record } = mailbox;
  record.changes.push({ modseq, uid });
  if (record.changes.length > LOG_LENGTH) {
    // A whole modseq goes or stays: several UIDs share one.
    record.floor = record.changes.at(record.changes.length >>> 1)?.modseq ?? modseq;
    record.changes.dropBelow(record.floor + 1);
  }
}

/** Gives entries of one mailbox new flags under one new modseq; those that already have them are left alone. Answers how many changed. */
export function setFlags(
  state: State,
  mailbox: Mailbox,
  entries: readonly Entry[],
  flagsFor: (entry: Entry) => readonly string[],
): Entry[] {
  const changed: Entry[] = [];
  let modseq = 0;
  for (const entry of entries) {
    const flags = flagsFor(entry);
    if (sameFlags(entry.flags, flags)) continue;
    state.saving?.before(mailbox);
    state.saving?.before(entry.kept);
    modseq ||= ++mailbox.highestModseq;
    entry.flags = flags.length === 0 ? NO_FLAGS : flags;
    entry.modseq = modseq;
    log(mailbox, entry.uid, modseq);
    changed.push(entry);
  }
  return changed;
}

/** Flags have no case (RFC 9051 §2.3.2); most are written in one way only. */
function hasFlag(flags: readonly string[], flag: string): boolean {
  if (flags.includes(flag)) return true;
  if (flags.length === 0 || flag.startsWith('\\')) return false;
  const lower = flag.toLowerCase();
  return flags.some((other) => other.length === flag.length && other.toLowerCase() === lower);
}

/** The flags that an entry gets by adding, removing or replacing. */
export function withFlags(mode: 'add' | 'remove' | 'replace', flags: readonly string[]): (entry: Entry) => readonly string[] {
  switch (mode) {
    case 'add':
      return (entry) => [...entry.flags, ...flags.filter((flag) => !hasFlag(entry.flags, flag))];
    case 'remove':
      return (entry) => entry.flags.filter((flag) => !hasFlag(flags, flag));
    case 'replace':
      return () => flags;
  }
}

function sameFlags(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((flag) => b.includes(flag));
}

/** Takes entries of one mailbox away under one new modseq. */
export function removeEntries(state: State, mailbox: Mailbox, entries: readonly Entry[]): void {
  if (entries.length === 0) return;
  state.saving?.before(mailbox);
  const modseq = ++mailbox.highestModseq;
  mailbox.entries.removeAll(new Set(entries.map((entry) => entry.uid)));
  for (const entry of entries) {
    state.saving?.before(entry.kept);
    entry.kept.entries = entry.kept.entries.filter((other) => other !== entry);
    log(mailbox, entry.uid, modseq);
  }
}

/** Puts a new mailbox with the same messages in the place of one, which is left without any. */
export function renumber(state: State, account: Account, mailbox: Mailbox): Mailbox {
  const { name, specialUse, subscribed } = mailbox;
  state.saving?.before(mailbox);
  const made = createMailbox(state, account, name, specialUse ?? undefined);
  made.subscribed = subscribed;
  const entries = mailbox.entries.slice();
  for (const entry of entries) {
    const { kept } = entry;
    state.saving?.before(kept);
    const moved: Entry = { ...entry, mailbox: made, uid: made.uidNext++, modseq: ++made.highestModseq };
    made.entries.push(moved);
    // In the same place among the others: which of two entries came first means something.
    kept.entries = kept.entries.map((other) => (other === entry ? moved : other));
  }
  const modseq = ++mailbox.highestModseq;
  mailbox.entries.removeAll(new Set(entries.map(({ uid }) => uid)));
  for (const { uid } of entries) log(mailbox, uid, modseq);
  return made;
}
