// All faults of a Mailrig as its parts see them: one list, in the order in which they are asked.

import type { Events } from '../base/events.ts';
import type { Decide } from './decide.ts';
import type { Fault, FaultSource, Hit } from './fault.ts';

export type FaultEvent =
  /** The list as it is now. */
  { readonly type: 'fault.changed' } | { readonly type: 'fault.hit'; readonly hit: Hit; readonly fault: Fault };

/** Every method that takes a rule throws Refusal `unprocessable` with the path of the wrong field (`when.rate.per`) and the reason. */
export interface Faults {
  readonly events: Events<FaultEvent>;
  readonly decide: Decide;
  list(): readonly Fault[];
  get(id: string): Fault | undefined;
  /** At the end of the list, or before the one of that id. */
  add(rule: unknown, source: FaultSource, before?: string): Fault;
  /** The whole list: a rule with the id and the words of one that is there keeps its counters. */
  replace(rules: readonly unknown[], source: FaultSource): readonly Fault[];
  /** Fields as in a rule; other words start its counters anew. Moves before the one of that id, or to the end for null. */
  patch(id: string, change: Readonly<Record<string, unknown>>, before?: string | null): Fault;
  /** Puts back those of an earlier run: their life goes on, their counters begin anew. Whose id is there already is left out. */
  restore(kept: readonly Fault[]): void;
  remove(id: string): boolean;
  /** Stop all: none is left, whoever is held goes on. */
  clear(): void;
  /** Counters and hits begin anew, of one or of all. */
  reset(id?: string): void;
  /** Where it was put back, what is of a time that is not yet begins its life now: no fault outlives its time. */
  clockMoved(): void;
  /** Newest first, as many as are kept. */
  hits(id: string): readonly Hit[];
  /** What the engine counts by connection ends with it. */
  ended(sessionId: string): void;
}
