// Every way in which the state can change, as plain values: the store's whole vocabulary.

import type { Attempt, Delivery, DeliveryState } from '../mail/delivery.ts';
import type { Message, MessageId } from '../mail/message.ts';
import type { Hop } from '../mail/trace.ts';
import type { BodyRef } from './bodies.ts';
import type { Indexed, SpecialUse, Via } from './state.ts';

export interface MailboxRef {
  readonly account: string;
  readonly mailbox: string;
  /** For who names UIDs: that very mailbox, whatever its name has become; not another of its name. */
  readonly uidValidity?: number;
}

/** Where a new message is put besides account `*`. */
export interface NewEntry extends MailboxRef {
  /** The recipients of this account that it was delivered to, named in the trace lines it is served with; empty for exactly the raw bytes. */
  readonly deliveredTo: readonly string[];
  readonly flags?: readonly string[];
  readonly internalDate?: number;
}

export type DeletionReason = 'deleted' | 'retention' | 'expunged' | 'reset';

/** Times are ms since 1970; they and ids come with the change, since apply() knows no clock. */
export type Change =
  | { readonly type: 'store.opened'; readonly at: number }
  | { readonly type: 'account.opened'; readonly account: string }
  | {
      readonly type: 'message.added';
      readonly message: Message;
      readonly body: BodyRef;
      /** Listed and in account `*`; false for APPEND. */
      readonly captured: boolean;
      readonly entries: readonly NewEntry[];
      /** Recipients that are not here but behind a receiver's host. */
      readonly deliveries?: readonly Delivery[];
    }
  /** More recipients are to be delivered (a report, a relaying backup). */
  | { readonly type: 'deliveries.queued'; readonly deliveries: readonly Delivery[] }
  /**
   * One try is over, or goes on (`active`): what was attempted, and what comes next, unless a person has held or dropped it meanwhile. Where a host has taken it, its account's
   * entry is made by `message.accepted`.
   */
  | {
      readonly type: 'delivery.tried';
      readonly id: string;
      readonly attempts: readonly Attempt[];
      readonly state: DeliveryState;
      readonly nextAttemptAt: number | null;
      readonly via: string | null;
    }
  /**
   * A person, or the time: held, released, dropped, expired, due now. Left out are unknown ids, what is delivered, and what is over unless it is
   * queued again.
   */
  | {
      readonly type: 'deliveries.set';
      readonly ids: readonly string[];
      readonly state: DeliveryState;
      readonly nextAttemptAt: number | null;
    }
  | { readonly type: 'delivery.warned'; readonly id: string; readonly at: number }
  /** Deliveries that are over are forgotten; open ones are left out. */
  | { readonly type: 'deliveries.forgotten'; readonly ids: readonly string[] }
  /** A receiver's host took a message of our own queue: its account has it, once for each acceptance. */
  | {
      readonly type: 'message.accepted';
      readonly id: MessageId;
      /** From host to host, this one last. */
      readonly hops: readonly Hop[];
      readonly entries: readonly NewEntry[];
    }
  | {
      readonly type: 'messages.marked';
      readonly ids: readonly MessageId[];
      readonly read?: boolean;
      readonly starred?: boolean;
      readonly pinned?: boolean;
      readonly addTags?: readonly string[];
      readonly removeTags?: readonly string[];
    }
  | {
      readonly type: 'messages.deleted';
      readonly ids: readonly MessageId[];
      readonly reason: DeletionReason;
      /** Given where the deletion may be undone: its id, and the real time. */
      readonly undo?: { readonly id: string; readonly at: number };
    }
  /** The messages of a deletion come back, with new UIDs. */
  | { readonly type: 'deletion.undone'; readonly undo: string }
  /** The deletion is final. */
  | { readonly type: 'deletion.expired'; readonly undo: string }
  | { readonly type: 'message.indexed'; readonly id: MessageId; readonly indexed: Indexed }
  /** Its bytes, or its signature, were copied so that a file could go. */
  | { readonly type: 'body.moved'; readonly id: MessageId; readonly body: BodyRef }
  | { readonly type: 'signature.moved'; readonly id: MessageId; readonly signature: BodyRef }
  | (MailboxRef & {
      readonly type: 'flags.set';
      readonly uids: readonly number[];
      readonly mode: 'add' | 'remove' | 'replace';
      readonly flags: readonly string[];
      /** Entries changed since that modseq are left alone and named in the outcome (RFC 7162 §3.1.3). */
      readonly unchangedSince?: number;
      readonly via: Via;
    })
  | (MailboxRef & { readonly type: 'entries.removed'; readonly uids: readonly number[]; readonly via: Via })
  | (MailboxRef & {
      readonly type: 'entries.copied';
      readonly uids: readonly number[];
      readonly to: string;
      readonly move: boolean;
      readonly at: number;
      readonly via: Via;
    })
  | (MailboxRef & { readonly type: 'mailbox.created'; readonly specialUse?: SpecialUse })
  | (MailboxRef & { readonly type: 'mailbox.deleted'; readonly via: Via })
  /** INBOX stays, and its messages move; `at` is when. */
  | (MailboxRef & { readonly type: 'mailbox.renamed'; readonly to: string; readonly at: number })
  /** As after a loss of its index: the same messages under a new UIDVALIDITY, numbered anew from UID 1 (RFC 9051 §2.3.1.1). */
  | (MailboxRef & { readonly type: 'mailbox.renumbered' })
  /** Also of a mailbox that is not there. */
  | (MailboxRef & { readonly type: 'mailbox.subscribed'; readonly subscribed: boolean });

/** What apply() decided: UIDs given (in the order asked), entries left alone by `unchangedSince`, how much changed. */
export interface Outcome {
  readonly uids?: readonly number[];
  /** The UIDs that were copied, one for each of `uids`. */
  readonly from?: readonly number[];
  readonly uidValidity?: number;
  readonly modified?: readonly number[];
  readonly changed: number;
}
