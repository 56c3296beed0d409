// The newest refused attempts: never messages, but people look for them in the list.

import { createEvents } from '../base/events.ts';
import type { Events } from '../base/events.ts';

/** One attempt that was refused before its data ended. */
export interface Refused {
  readonly id: string;
  readonly at: number;
  readonly sessionId: string;
  readonly sender: string;
  readonly recipient: string | null;
  readonly stage: string;
  readonly code: number;
  readonly enhanced: string | null;
  readonly text: string;
  readonly faultId: string | null;
}

export interface Refusals {
  readonly events: Events<Refused>;
  add(refused: Refused): void;
  /** Newest first. */
  list(): readonly Refused[];
  /** Forgets those that are meant. */
  clear(meant: (refused: Refused) => boolean): void;
}

/** Keeps the newest `limit` of them. */
export function createRefusals(limit: number, report: (error: unknown) => void): Refusals {
  const events = createEvents<Refused>(report);
  let kept: Refused[] = [];
  return {
    events,
    add(refused) {
      kept.push(refused);
      if (kept.length > limit * 2) kept = kept.slice(-limit);
      events.emit(refused);
    },
    list: () => kept.slice(-limit).reverse(),
    clear: (meant) => void (kept = kept.filter((refused) => !meant(refused))),
  };
}
