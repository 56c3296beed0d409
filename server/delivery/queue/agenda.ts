// When which delivery is due: one entry on the clock for each, moved as its delivery changes.

import type { SandboxClock } from '../../base/clock.ts';
import type { Delivery } from '../../mail/delivery.ts';

export interface Agenda {
  /** As it now stands: due at its time, or not at all. */
  put(delivery: Pick<Delivery, 'id' | 'state' | 'nextAttemptAt'>): void;
  remove(id: string): void;
  clear(): void;
}

interface Entry {
  readonly at: number;
  readonly takeBack: () => void;
}

/** `run` is called for all of one moment before anything else happens. */
export function createAgenda(clock: SandboxClock, run: (id: string) => Promise<string>): Agenda {
  const entries = new Map<string, Entry>();

  function remove(id: string): void {
    entries.get(id)?.takeBack();
    entries.delete(id);
  }

  return {
    put({ id, state, nextAttemptAt: at }) {
      const due = (state === 'queued' || state === 'deferred') && at !== null;
      if (due && entries.get(id)?.at === at) return;
      remove(id);
      if (!due) return;
      const takeBack = clock.schedule({ at, kind: 'delivery', id }, () => {
        entries.delete(id);
        return run(id);
      });
      entries.set(id, { at, takeBack });
    },
    remove,
    clear() {
      for (const { takeBack } of entries.values()) takeBack();
      entries.clear();
    },
  };
}
