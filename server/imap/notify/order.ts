// A client's standing order to be told what happens, as NOTIFY gives it; IDLE is one for as long as it lasts (RFC 5465 §4).

import type { Mailbox } from '../../store/state.ts';
import type { Item } from '../fetch/items.ts';
import type { NamesTold } from './names-told.ts';

export const EVENTS = ['MessageNew', 'MessageExpunge', 'FlagChange', 'MailboxName', 'SubscriptionChange'] as const;
export type EventName = (typeof EVENTS)[number];

/** The mailbox that is selected: told at once, or removals only when a command allows it. */
export type Selected = 'selected' | 'selected-delayed';

/** Whether the mailbox of a name is meant, and whether it is subscribed to. */
export type Filter = (name: string, subscribed: boolean) => boolean;

export interface EventGroup {
  readonly mailboxes: Selected | Filter;
  readonly events: ReadonlySet<EventName>;
  /** What is told of a new message in the selected mailbox. */
  readonly items: readonly Item[];
}

/** What a client was last told of a mailbox that is not selected. */
export interface Known {
  readonly uidNext: number;
  readonly messages: number;
  readonly highestModseq: number;
}

export interface Watch {
  readonly groups: readonly EventGroup[];
  /** That of the selected mailbox. */
  readonly selected: EventGroup | null;
  /** Changes of flags are told with UIDs (RFC 5465 §5.1). */
  readonly withUid: boolean;
  /** Something may have happened since the client was last told. */
  stirred: boolean;
  /** Null where only the selected mailbox is watched. */
  names: NamesTold | null;
  readonly known: Map<Mailbox, Known>;
  readonly changed: Set<Mailbox>;
  stop(): void;
}
