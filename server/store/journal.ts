// The record of changes that makes the state come back; in memory there is none.

import type { Change } from './changes.ts';

export interface Journal {
  /** Resolves when the changes are safe; `undefined` where they are so already, so that memory costs no turn of the queue. */
  append(changes: readonly Change[]): Promise<void> | undefined;
}

export const memoryJournal: Journal = { append: () => undefined };
