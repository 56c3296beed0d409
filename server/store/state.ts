// What is kept, as one value: written by apply() alone, read by everybody.

import type { Delivery, DeliveryState } from '../mail/delivery.ts';
import type { Message, MessageId } from '../mail/message.ts';
import type { Hop } from '../mail/trace.ts';
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
  /** Only behind a receiver: true until one of its hosts has taken it, since nothing is in the account before. */
  pending?: boolean;
  /** How its delivery ended that is forgotten by now. */
  ended?: DeliveryState;
}

/** Where an entry of a deleted message was, and will be again when the deletion is undone. */
export interface Place {
  readonly account: string;
  readonly mailbox: string;
  readonly flags: readonly string[];
  readonly internalDate: number;
  readonly deliveredTo: readonly string[];
  readonly hops?: readonly Hop[];
}

/** A deletion that may still be undone. */
export interface Deleted {
  readonly undo: string;
  /** When, real time. */
  readonly at: number;
  readonly places: readonly Place[];
}

/** What reading a message after its arrival has found, for lists and searches. */
export interface Indexed {
  readonly snippet: string;
  readonly attachments: number;
  /** Where the signature of its text lies on disk; null in memory. */
  readonly signature: BodyRef | null;
}

/** A message with all that changes about it. */
export interface Kept {
  readonly message: Message;
  body: BodyRef;
  /** True for what was sent here (listed at `/messages`, in account `*`); false for a message that a client appended to a mailbox. */
  readonly captured: boolean;
  pinned: boolean;
  tags: readonly string[];
  recipients: readonly RecipientState[];
  /** Those of its recipients behind a receiver, oldest first; also changed in place. */
  deliveries: readonly Delivery[];
  /** Every mailbox entry of this message; replaced with concat, since a grown array holds room for 17. */
  entries: readonly Entry[];
  /** Null until it is indexed. */
  indexed: Indexed | null;
  /** Null unless it is deleted and the deletion may be undone: then it is in `state.trash` alone. */
  deleted: Deleted | null;
  /** Lower-cased header fields for searching, made at the first search; derived, never kept on disk. */
  folded: string | null;
  saved: number;
}

/** What a snapshot has a row for; `saved` is the generation of the newest snapshot that has it, or that need not have it. */
export type Saved = Kept | Mailbox;

/** While a snapshot is written, every change tells it first what it is going to change. */
export interface Saving {
  readonly generation: number;
  before(item: Saved): void;
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
  /** Its acceptance by a receiver's host; absent where it came no further than here. */
  readonly hops?: readonly Hop[];
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
  saved: number;
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
  /** Names subscribed to that no mailbox has: a subscription outlives its mailbox (RFC 9051 §6.3.7). */
  readonly subscriptions: Set<string>;
}

export interface State {
  /** Every message, captured or appended. */
  readonly messages: Map<MessageId, Kept>;
  /** The captured ones, oldest first. */
  readonly arrivals: Sequence<Kept, MessageId>;
  /** Deleted messages by the deletion's undo id, oldest deletion first. */
  readonly trash: Map<string, readonly Kept[]>;
  /** All of the messages that are not deleted, in the order in which they were queued. */
  readonly deliveries: Map<string, Delivery>;
  /** Those that are not over, in no order. */
  readonly openDeliveries: Map<string, Delivery>;
  readonly accounts: Map<string, Account>;
  /** The UIDVALIDITY that the next mailbox gets; starts from the time of the first start, so that none repeats. */
  nextUidValidity: number;
  /** The greatest id that a message or a delivery ever had, empty before the first: the next one must be greater, whatever the wall clock says. */
  newestId: MessageId;
  /** Octets of all messages, those in the trash included. */
  octets: number;
  /** The generation of the newest snapshot; what is made later need not be in it. */
  generation: number;
  saving: Saving | null;
}

const NO_TAGS: readonly string[] = Object.freeze([]);
const NO_RECIPIENTS: readonly RecipientState[] = Object.freeze([]);
const NO_DELIVERIES: readonly Delivery[] = Object.freeze([]);
const NO_ENTRIES: readonly Entry[] = Object.freeze([]);

/** A message as it is before anything has happened to it. */
export function newKept(facts: Pick<Kept, 'message' | 'body' | 'captured'> & Partial<Kept>): Kept {
  return {
    pinned: false,
    tags: NO_TAGS,
    recipients: NO_RECIPIENTS,
    deliveries: NO_DELIVERIES,
    entries: NO_ENTRIES,
    indexed: null,
    deleted: null,
    folded: null,
    saved: 0,
    ...facts,
  };
}

/** The account that has every captured message. */
export const EVERYONE = '*';

export function emptyState(): State {
  return {
    messages: new Map(),
    arrivals: new Sequence((kept: Kept) => kept.message.id),
    trash: new Map(),
    deliveries: new Map(),
    openDeliveries: new Map(),
    accounts: new Map(),
    nextUidValidity: 1,
    newestId: '',
    octets: 0,
    generation: 0,
    saving: null,
  };
}

/** The entry in account `*` whose flags are the web UI's read and starred marks. */
export function marksOf(kept: Kept): Entry | undefined {
  return kept.entries.find((entry) => entry.mailbox.account === EVERYONE);
}

/** Its place in a mailbox, the newest where a client copied it there again. */
export const entryIn = (kept: Kept, mailbox: Mailbox): Entry | undefined => kept.entries.findLast((entry) => entry.mailbox === mailbox);

export const isRead = (kept: Kept): boolean => marksOf(kept)?.flags.includes('\\Seen') ?? false;
export const isStarred = (kept: Kept): boolean => marksOf(kept)?.flags.includes('\\Flagged') ?? false;
