// The conversations that the list knows: the live ones first, then those that are over, each newest first.

import type { SessionSummary } from '../../../server/http/contract/types.ts';

/** Of those that are over; beyond it the oldest leave the list. */
const MOST = 5_000;

const newestFirst = (a: SessionSummary, b: SessionSummary): number => (a.id < b.id ? 1 : -1);

export class Kept {
  #live = new Map<string, SessionSummary>();
  #past = new Map<string, SessionSummary>();

  get liveCount(): number {
    return this.#live.size;
  }

  get full(): boolean {
    return this.#past.size >= MOST;
  }

  fill(live: readonly SessionSummary[], past: readonly SessionSummary[]): void {
    this.#live = new Map(live.map((session) => [session.id, session]));
    this.#past = new Map(past.map((session) => [session.id, session]));
  }

  isLive(id: string): boolean {
    return this.#live.has(id);
  }

  /** As it stands now; one that is over does not come to life again, whatever is told late. */
  take(session: SessionSummary): void {
    if (session.closedAt !== null) {
      this.#live.delete(session.id);
      this.#past.set(session.id, session);
    } else if (!this.#past.has(session.id)) this.#live.set(session.id, session);
  }

  rows(): SessionSummary[] {
    const past = [...this.#past.values()].sort(newestFirst);
    for (const { id } of past.splice(MOST)) this.#past.delete(id);
    return [...[...this.#live.values()].sort(newestFirst), ...past];
  }
}
