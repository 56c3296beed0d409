// Which messages must go: by count and octets before a new one is kept, by age now and then; oldest first.

import { timeOfId } from '../base/ids.ts';
import { isOpen } from '../mail/delivery.ts';
import type { MessageId } from '../mail/message.ts';
import type { Change } from './changes.ts';
import type { Kept, State } from './state.ts';

export interface RetentionLimits {
  /** 0 = unlimited, as for every `max…`. */
  readonly maxMessages: number;
  /** Octets of all messages together. */
  readonly maxSize: number;
  /** Real milliseconds since arrival, whatever the sandbox clock says; 0 = for ever. */
  readonly maxAge: number;
}

/** How long a deletion can be undone, real ms. */
export const UNDO_MS = 10 * 60_000;

/** What may not be dropped: what a person wants to keep, and what is still to be delivered. */
function stays(kept: Kept): boolean {
  return kept.pinned || kept.deliveries.some(isOpen);
}

const over = (value: number, limit: number): boolean => limit > 0 && value > limit;

/** What makes room: deletions that become final, and messages that go. */
export interface Room {
  readonly deletions: readonly string[];
  readonly messages: readonly MessageId[];
}

const NO_NEED: Room = { deletions: [], messages: [] };

/**
 * What to drop so that one message of `size` octets fits: what is deleted anyway first, then the oldest messages. Null
 * where dropping all that may go is not enough.
 */
export function makeRoom(state: State, { maxMessages, maxSize }: RetentionLimits, size: number): Room | null {
  let count = state.arrivals.length + 1;
  let octets = state.octets + size;
  if (!over(count, maxMessages) && !over(octets, maxSize)) return NO_NEED;
  const deletions: string[] = [];
  for (const [undo, trashed] of state.trash) {
    if (!over(octets, maxSize)) break;
    deletions.push(undo);
    for (const { message } of trashed) octets -= message.size;
  }
  const messages: MessageId[] = [];
  for (let i = 0; i < state.arrivals.length && (over(count, maxMessages) || over(octets, maxSize)); i++) {
    const kept = state.arrivals.at(i) as Kept;
    if (stays(kept)) continue;
    messages.push(kept.message.id);
    count--;
    octets -= kept.message.size;
  }
  return over(count, maxMessages) || over(octets, maxSize) ? null : { deletions, messages };
}

/** The changes that make that room. */
export function roomChanges({ deletions, messages }: Room): Change[] {
  const changes: Change[] = deletions.map((undo) => ({ type: 'deletion.expired', undo }));
  if (messages.length > 0) changes.push({ type: 'messages.deleted', ids: messages, reason: 'retention' });
  return changes;
}

/** What has become too old at the real time `now`: deletions that nobody has undone, and messages beyond the limit. */
export function outdated(state: State, { maxAge }: RetentionLimits, now: number): Room {
  const deletions = [...state.trash].flatMap(([undo, [first]]) => (first?.deleted && first.deleted.at + UNDO_MS <= now ? [undo] : []));
  const messages: MessageId[] = [];
  if (maxAge <= 0) return { deletions, messages };
  for (const kept of state.arrivals) {
    if (timeOfId(kept.message.id) > now - maxAge) break;
    if (!stays(kept)) messages.push(kept.message.id);
  }
  return { deletions, messages };
}
