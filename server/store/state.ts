// What is kept, as one value: written by apply() alone, read by everybody.

import type { Message, MessageId } from '../mail/message.ts';
import type { BodyRef } from './bodies.ts';
import { Sequence } from './sequence.ts';

/** By which way a reader acted. */
export type Via = 'imap' | 'pop3' | 'http';

/** One recipient's view of a captured message: what that account did with it. */
export interface RecipientState {
  readonly recipient: string;
  readonly account: string;
  seen: Via | null;
  removed: Via | null;
}

/** A message with all that changes about it. */
export interface Kept {
  readonly message: Message;
  body: BodyRef;
  /** True for what was sent here (listed at `/messages`, in account `*`); false for a message that a client appended to a mailbox. */
  readonly captured: boolean;
  pinned: boolean;
  tags: readonly string[];
  readonly recipients: readonly RecipientState[];
  /** Every mailbox entry of this message; replaced with concat, since a grown array holds room for 17. */
  entries: readonly Entry[];
  /** Lower-cased header fields for searching, made at the first search; derived, never kept on disk. */
  folded: string | null;
}

/** A message's place in one mailbox (RFC 3501 §2.3). */
export interface Entry {
  readonly kept: Kept;
  readonly mailbox: Mailbox;
  readonly uid: number;
  /** System flags with their backslash, keywords as given; replaced, never changed in place. */
  flags: readonly string[];
  modseq: number;
  readonly internalDate: number;
  readonly savedAt: number;
  /** The recipients named in the trace lines that stand before the raw bytes; empty for exactly the raw bytes. */
  readonly deliveredTo: readonly string[];
}

export type SpecialUse = '\\Sent' | '\\Drafts' | '\\Trash' | '\\Junk' | '\\Archive';

export interface Mailbox {
  readonly account: string;
  name: string;
  readonly uidValidity: number;
  uidNext: number;
  highestModseq: number;
  subscribed: boolean;
  specialUse: SpecialUse | null;
  readonly entries: Sequence<Entry, number>;
  readonly log: ChangeLog;
}

export interface ChangedUid {
  readonly modseq: number;
  readonly uid: number;
}

/** What happened to which UID, in the order of modseqs: a view catches up at the cost of what changed. */
export interface ChangeLog {
  /** A reader that last saw a modseq below this must compare everything. */
  floor: number;
  readonly changes: Sequence<ChangedUid, number>;
}

export interface Account {
  readonly name: string;
  readonly mailboxes: Map<string, Mailbox>;
}

export interface State {
  /** Every message, captured or appended. */
  readonly messages: Map<MessageId, Kept>;
  /** The captured ones, oldest first. */
  readonly arrivals: Sequence<Kept, MessageId>;
  readonly accounts: Map<string, Account>;
  /** The UIDVALIDITY that the next mailbox gets; starts from the time of the first start, so that none repeats. */
  nextUidValidity: number;
  /** Octets of all messages. */
  octets: number;
}

/** The account that has every captured message. */
export const EVERYONE = '*';

export function emptyState(): State {
  return {
    messages: new Map(),
    arrivals: new Sequence((kept: Kept) => kept.message.id),
    accounts: new Map(),
    nextUidValidity: 1,
    octets: 0,
  };
}

/** The entry in account `*` whose flags are the web UI's read and starred marks. */
export function marksOf(kept: Kept): Entry | undefined {
  return kept.entries.find((entry) => entry.mailbox.account === EVERYONE);
}

export const isRead = (kept: Kept): boolean => marksOf(kept)?.flags.includes('\\Seen') ?? false;
export const isStarred = (kept: Kept): boolean => marksOf(kept)?.flags.includes('\\Flagged') ?? false;
