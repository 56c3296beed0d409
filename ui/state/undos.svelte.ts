// Deletions that can still be undone, the latest first.

import { undoDeletion } from '../api/client.ts';

/** How long the server can bring them back, ms. */
const KEPT = 10 * 60_000;

export interface Undo {
  readonly undo: string;
  readonly deleted: number;
  readonly at: number;
}

export class Undos {
  list: readonly Undo[] = $state.raw([]);

  get latest(): Undo | undefined {
    return this.list[0];
  }

  add(undo: string, deleted: number): Undo {
    const added = { undo, deleted, at: Date.now() };
    this.list = [added, ...this.list];
    setTimeout(() => this.#forget(added), KEPT);
    return added;
  }

  /** Resolves to how many messages are back. Throws Failure. */
  async run(undo: Undo): Promise<number> {
    this.#forget(undo);
    return (await undoDeletion(undo.undo)).restored;
  }

  #forget(undo: Undo): void {
    this.list = this.list.filter((other) => other !== undo);
  }
}
