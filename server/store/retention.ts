// Which messages must go: by count and octets before a new one is kept, by age now and then; oldest first.

import { timeOfId } from '../base/ids.ts';
import type { MessageId } from '../mail/message.ts';
import type { Kept, State } from './state.ts';
import type { Store } from './store.ts';

export interface RetentionLimits {
  /** 0 = unlimited, as for every `max…`. */
  readonly maxMessages: number;
  /** Octets of all messages together. */
  readonly maxSize: number;
  /** Real milliseconds since arrival, whatever the sandbox clock says; 0 = for ever. */
  readonly maxAge: number;
}

/** What may not be dropped. Open deliveries join it with the queue. */
function stays(kept: Kept): boolean {
  return kept.pinned;
}

const over = (value: number, limit: number): boolean => limit > 0 && value > limit;

/** The messages to drop so that one of `size` octets fits, oldest first; null where dropping all that may go is not enough. */
export function makeRoom(state: State, { maxMessages, maxSize }: RetentionLimits, size: number): MessageId[] | null {
  let count = state.arrivals.length + 1;
  let octets = state.octets + size;
  if (!over(count, maxMessages) && !over(octets, maxSize)) return [];
  const drop: MessageId[] = [];
  for (let i = 0; i < state.arrivals.length && (over(count, maxMessages) || over(octets, maxSize)); i++) {
    const kept = state.arrivals.at(i) as Kept;
    if (stays(kept)) continue;
    drop.push(kept.message.id);
    count--;
    octets -= kept.message.size;
  }
  return over(count, maxMessages) || over(octets, maxSize) ? null : drop;
}

/** The messages that are older than the limit at the real time `now`. */
export function expired(state: State, { maxAge }: RetentionLimits, now: number): MessageId[] {
  if (maxAge <= 0) return [];
  const drop: MessageId[] = [];
  for (const kept of state.arrivals) {
    if (timeOfId(kept.message.id) > now - maxAge) break;
    if (!stays(kept)) drop.push(kept.message.id);
  }
  return drop;
}

const AGE_CHECK_MS = 60_000;

/** Drops what is too old, once a minute. Answers how to stop. */
export function watchAge(store: Store, limits: RetentionLimits, report: (error: unknown) => void): () => Promise<void> {
  if (limits.maxAge <= 0) return () => Promise.resolve();
  const timer = setInterval(
    () => {
      const ids = expired(store.state, limits, Date.now());
      if (ids.length > 0) store.commit([{ type: 'messages.deleted', ids, reason: 'retention' }]).catch(report);
    },
    Math.max(1000, Math.min(AGE_CHECK_MS, limits.maxAge)),
  );
  timer.unref();
  return () => {
    clearInterval(timer);
    return Promise.resolve();
  };
}
