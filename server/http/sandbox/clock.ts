// The clock as it is told of and moved over HTTP.

import type { Due } from '../../base/clock.ts';
import type { Advance, Goal, MovableClock } from '../../base/sandbox-clock.ts';
import type { ClockAdvance, ClockState, Info } from '../contract/types.ts';
import { isoTime } from '../messages/summary.ts';

const dueOf = ({ at, kind, id }: Due): ClockState['pending'][number] => ({ at: isoTime(at), kind, id });

/** Without what is due. */
export const standOf = (clock: MovableClock): Info['clock'] => ({ now: isoTime(clock.now()), mode: clock.mode, offsetMs: clock.offset });

/** With the next `pending` that are due. */
export const clockOf = (clock: MovableClock, pending: number): ClockState => ({
  ...standOf(clock),
  pending: clock.next(pending).map(dueOf),
});

export const advanceOf = ({ from, to, ran, ranCount, stopped }: Advance): ClockAdvance => ({
  from: isoTime(from),
  to: isoTime(to),
  ran: ran.map((one) => ({ ...dueOf(one), outcome: one.outcome })),
  ranCount,
  stopped,
});

/** A body of which the schema has seen that it has one field. */
export function goalOf({ by, to, until }: { by?: number | undefined; to?: string | undefined; until?: 'idle' | undefined }): Goal {
  if (by !== undefined) return { by };
  if (until !== undefined) return { until };
  return to === undefined || to === 'next' ? { to: 'next' } : { to: Date.parse(to) };
}
