// What a store needs done now and then: old messages go, deletions become final, half-empty files are rewritten.

import type { Change } from './changes.ts';
import { outdated, roomChanges } from './retention.ts';
import type { RetentionLimits } from './retention.ts';
import type { Store } from './store.ts';

const EVERY_MS = 60_000;
const LEAST_MS = 1000;

export interface Upkeep {
  readonly store: Store;
  readonly limits: RetentionLimits;
  /** Rewrites files of which less than half is needed; nothing in memory. */
  readonly rewrite: (commit: (changes: readonly Change[]) => Promise<unknown>) => Promise<void>;
  readonly report: (error: unknown) => void;
}

export async function keepUp({ store, limits, rewrite }: Upkeep, now: number): Promise<void> {
  const changes = roomChanges(outdated(store.state, limits, now));
  if (changes.length > 0) await store.commit(changes);
  await rewrite((moves) => store.commit(moves));
}

/** Does it at least once a minute, in real time. Answers how to stop. */
export function startUpkeep(upkeep: Upkeep): () => Promise<void> {
  const { limits, report } = upkeep;
  let running: Promise<void> = Promise.resolve();
  const every = limits.maxAge > 0 ? Math.max(LEAST_MS, Math.min(EVERY_MS, limits.maxAge)) : EVERY_MS;
  const timer = setInterval(() => {
    running = running.then(() => keepUp(upkeep, Date.now())).catch(report);
  }, every);
  timer.unref();
  return () => {
    clearInterval(timer);
    return running;
  };
}
