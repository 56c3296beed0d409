// The clock of the sandbox: runs with the system's, and can be frozen, moved on event by event, and set back to real time.

import type { Clock, Due, SandboxClock } from './clock.ts';
import { Refusal } from './errors.ts';
import { createEvents } from './events.ts';
import type { Events } from './events.ts';
import { Heap } from './heap.ts';
import type { Timed } from './heap.ts';

export interface Ran extends Due {
  readonly outcome: string;
}

/** What an advance did; of `ran` the newest are kept. */
export interface Advance {
  readonly from: number;
  readonly to: number;
  readonly ran: readonly Ran[];
  readonly ranCount: number;
  /** `limit`: there was more to run than one advance may. */
  readonly stopped: 'limit' | null;
}

export type Goal =
  | { readonly by: number }
  /** ms since 1970. */
  | { readonly to: number }
  /** To the next that is due. */
  | { readonly to: 'next' }
  /** Until nothing is due any more. */
  | { readonly until: 'idle' };

export interface MovableClock extends SandboxClock {
  /** Refusal `conflict` while another one runs, `unprocessable` for a time that has passed or is too far away. */
  advance(goal: Goal): Promise<Advance>;
  freeze(): void;
  /** Goes on from where it stands. */
  resume(): void;
  /** Back to the system's time. */
  reset(): void;
  /** Told when it was frozen, resumed, moved or reset. */
  readonly moved: Events<void>;
  /** Nothing is run by itself any more. */
  stop(): void;
}

export interface ClockLimits {
  /** What one advance may run. */
  readonly events: number;
  /** How long one advance may take, in real time, ms. */
  readonly wall: number;
  /** Of `ran`. */
  readonly kept: number;
}

export const CLOCK_LIMITS: ClockLimits = { events: 1_000_000, wall: 60_000, kept: 1_000 };

const BEING_MOVED = 'the clock is being moved';

/** Ten years. */
const FARTHEST = 10 * 365 * 24 * 3_600_000;

/** Node's timers go no farther. */
const LONGEST_TIMER = 2 ** 31 - 1;

interface Task extends Timed {
  readonly due: Due;
  readonly run: () => string | Promise<string>;
  /** It has run, or is about to. */
  begun: boolean;
}

export interface SandboxClockParts {
  readonly system: Clock;
  /** Ahead of the system, ms. */
  readonly offset?: number;
  readonly frozenAt?: number | null;
  readonly limits?: ClockLimits;
  readonly report: (error: unknown) => void;
}

export function createSandboxClock({
  system,
  offset: first = 0,
  frozenAt = null,
  limits = CLOCK_LIMITS,
  report,
}: SandboxClockParts): MovableClock {
  const heap = new Heap<Task>();
  const events = createEvents<void>(report);
  let offset = first;
  let frozen = frozenAt;
  /** As people see it: an advance that holds the time for a while is no freeze. */
  let stands = frozenAt !== null;
  let numbers = 0;
  let timer: NodeJS.Timeout | undefined;
  let advancing = false;
  /** What is run by itself at this moment. */
  let ticking: Promise<void> | undefined;
  let stopped = false;

  const now = (): number => frozen ?? system.now() + offset;
  const moved = (): void => {
    arm();
    events.emit();
  };

  function arm(): void {
    clearTimeout(timer);
    const next = heap.first;
    if (next === undefined || frozen !== null || advancing || stopped || ticking) return;
    timer = setTimeout(tick, Math.min(Math.max(next.at - now(), 0), LONGEST_TIMER));
    timer.unref();
  }

  /** Runs the first. */
  async function runNext(task: Task): Promise<string> {
    heap.shift();
    task.begun = true;
    try {
      return await task.run();
    } catch (error) {
      report(error);
      return 'failed';
    }
  }

  /** Time has gone by of itself. */
  function tick(): void {
    const isDue = (task: Task | undefined): task is Task => task !== undefined && task.at <= now() && !stopped && !advancing;
    const all = async (): Promise<void> => {
      for (let next = heap.first; isDue(next); next = heap.first) await runNext(next);
    };
    ticking = all().finally(() => {
      ticking = undefined;
      arm();
    });
  }

  function endOf(goal: Goal): number {
    if ('by' in goal) return now() + goal.by;
    if ('until' in goal) return now() + FARTHEST;
    return goal.to === 'next' ? Math.max(heap.first?.at ?? now(), now()) : goal.to;
  }

  async function run(goal: Goal): Promise<Advance> {
    const from = now();
    const end = endOf(goal);
    if (end < from) throw new Refusal('unprocessable', 'to: the clock goes forward only', { path: 'to' });
    if (end > from + FARTHEST) throw new Refusal('unprocessable', 'ten years at the most', { path: 'by' in goal ? 'by' : 'to' });
    const idle = 'until' in goal;
    const begun = performance.now();
    const ran: Ran[] = [];
    let ranCount = 0;
    // While it is moved it stands still, so that nothing is due in between by itself.
    frozen = from;
    let [at, limit] = [from, false];
    for (let next = heap.first; next && next.at <= end; next = heap.first) {
      if (ranCount >= limits.events || performance.now() - begun > limits.wall) {
        limit = true;
        break;
      }
      frozen = at = Math.max(at, next.at);
      const outcome = await runNext(next);
      ranCount++;
      ran.push({ ...next.due, outcome });
      if (ran.length > limits.kept) ran.shift();
    }
    const to = limit || idle ? at : end;
    frozen = to;
    if (!stands) {
      frozen = null;
      offset = to - system.now();
    }
    return { from, to, ran, ranCount, stopped: limit ? 'limit' : null };
  }

  return {
    now,
    get mode() {
      return stands ? 'frozen' : 'real';
    },
    get offset() {
      // Asked twice, the system may have gone on.
      return frozen === null ? offset : frozen - system.now();
    },
    get pending() {
      return heap.sorted().map(({ due }) => due);
    },
    schedule(due, run) {
      const task: Task = { due, at: due.at, number: numbers++, run, off: false, begun: false };
      heap.push(task);
      arm();
      return () => {
        if (!task.begun && !task.off) heap.takeBack(task);
      };
    },
    async advance(goal) {
      if (advancing) throw new Refusal('conflict', BEING_MOVED);
      advancing = true;
      clearTimeout(timer);
      try {
        await ticking;
        return await run(goal);
      } finally {
        advancing = false;
        moved();
      }
    },
    freeze() {
      if (advancing) throw new Refusal('conflict', BEING_MOVED);
      frozen ??= now();
      stands = true;
      moved();
    },
    resume() {
      if (advancing) throw new Refusal('conflict', BEING_MOVED);
      if (frozen === null) return;
      offset = frozen - system.now();
      frozen = null;
      stands = false;
      moved();
    },
    reset() {
      if (advancing) throw new Refusal('conflict', BEING_MOVED);
      frozen = null;
      stands = false;
      offset = 0;
      moved();
    },
    moved: events,
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
