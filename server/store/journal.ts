// The record of changes that makes the state come back; in memory there is none.

import type { Change } from './changes.ts';
import type { State } from './state.ts';

export interface Journal {
  /** Resolves when the changes are safe; `undefined` where they are so already, so that memory costs no turn of the queue. */
  append(changes: readonly Change[]): Promise<void> | undefined;
  /** Gives every change kept so far, oldest first. */
  replay(apply: (change: Change) => void): Promise<void>;
  /** Starts a new journal whose beginning is this state. */
  rotate(state: State): Promise<void>;
}

export function createMemoryJournal(): Journal {
  const done = Promise.resolve();
  return { append: () => undefined, replay: () => done, rotate: () => done };
}
