// What the store tells everybody: a change has been made. And the shape of the functions that make changes.

import type { Delivery } from '../mail/delivery.ts';
import type { MessageId } from '../mail/message.ts';
import type { Change, DeletionReason, Outcome } from './changes.ts';
import type { Kept, Mailbox, State } from './state.ts';

export type StoreEvent =
  | { readonly type: 'message.added'; readonly kept: Kept }
  /** Put into a mailbox by a client: nothing was sent, so the inbox of everything does not have it. */
  | { readonly type: 'message.appended'; readonly kept: Kept }
  | { readonly type: 'message.changed'; readonly kept: Kept }
  | { readonly type: 'message.indexed'; readonly kept: Kept }
  | {
      readonly type: 'messages.deleted';
      readonly ids: readonly MessageId[];
      readonly messages: readonly Kept[];
      readonly reason: DeletionReason;
    }
  /** Nothing refers to these messages any more, not even a deletion that could be undone: their bytes may go. */
  | { readonly type: 'messages.forgotten'; readonly messages: readonly Kept[] }
  /** One is queued, tried, set, warned of, or has come back with its message; `was` is null where it was not there. */
  | { readonly type: 'delivery.changed'; readonly delivery: Delivery; readonly was: Delivery | null }
  /** They are there no more: with their message, or because there are too many that are over. */
  | { readonly type: 'deliveries.forgotten'; readonly deliveries: readonly Delivery[] }
  /** Entries came, went or changed their flags: a reader compares with the mailbox's change log. */
  | { readonly type: 'mailbox.changed'; readonly mailbox: Mailbox }
  | { readonly type: 'mailboxes.changed'; readonly account: string }
  /** A message was refused for want of room; `limit` is the setting, told by whoever refused it. */
  | { readonly type: 'storage.full'; readonly limit: string }
  /** There is room again. */
  | { readonly type: 'storage.room' };

/** Who changes the state tells what happened. */
export type Tell = (event: StoreEvent) => void;

type Of<T extends Change['type']> = Extract<Change, { type: T }>;

/** For each kind of change the function that makes it. */
export type Appliers<T extends Change['type'] = Change['type']> = {
  readonly [K in T]: (state: State, change: Of<K>, tell: Tell) => Outcome;
};

export const NOTHING: Outcome = { changed: 0 };
export const ONE: Outcome = { changed: 1 };
