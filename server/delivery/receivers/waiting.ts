// What is on its way to a receiver: counted, and taken away with it.

import type { Unsubscribe } from '../../base/events.ts';
import type { Delivery } from '../../mail/delivery.ts';

export interface Waiting {
  /** Deliveries of the receiver that are not over. */
  count(domain: string): number;
  /** Resolves when none is open; those under way are left to end first. */
  drop(domain: string): Promise<void>;
}

/** Of the queue, what this needs. */
export interface DroppingQueue {
  /** Those that are not over. */
  readonly open: ReadonlyMap<string, Delivery>;
  watch(listener: (ids: readonly string[]) => void): Unsubscribe;
  /** Those that were in a state for that. */
  orderAll(order: 'drop', ids: Iterable<string>): Promise<readonly string[]>;
}

/** Until those under way are looked at again, real ms: that one has ended is told a little before it is let go of. */
const AGAIN = 50;

export function waitingIn(queue: DroppingQueue): Waiting {
  function openOf(domain: string): string[] {
    const ids: string[] = [];
    for (const { id, receiver } of queue.open.values()) if (receiver === domain) ids.push(id);
    return ids;
  }

  function nextChange(): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        clearTimeout(timer);
        unwatch();
        resolve();
      };
      const timer = setTimeout(done, AGAIN);
      const unwatch = queue.watch(done);
    });
  }

  return {
    count: (domain) => openOf(domain).length,
    async drop(domain) {
      for (let open = openOf(domain); open.length > 0; open = openOf(domain)) {
        const dropped = await queue.orderAll('drop', open);
        if (dropped.length < open.length && openOf(domain).length > 0) await nextChange();
      }
    },
  };
}
