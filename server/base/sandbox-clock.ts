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
  /** Told when something was put down, taken back, or begun. */
  readonly planned: Events<void>;
  /** The first `count` of what is due. */
  next(count: number): readonly Due[];
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

interface Wall {
  readonly reached: boolean;
  /** False where there was no time for it. */
  before(work: Promise<unknown>): Promise<boolean>;
  end(): void;
}

/** So long, in real time, may it take. */
function createWall(ms: number): Wall {
  let reached = false;
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<false>((resolve) => {
    timer = setTimeout(() => {
      reached = true;
      resolve(false);
    }, ms);
  });
  return {
    get reached() {
      return reached;
    },
    before: (work) => Promise.race([work.then(() => true), over]),
    end: () => clearTimeout(timer),
  };
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
  const planned = createEvents<void>(report);
  let offset = first;
  let frozen = frozenAt;
  /** As people see it: an advance that holds the time for a while is no freeze. */
  let stands = frozenAt !== null;
  let numbers = 0;
  let timer: NodeJS.Timeout | undefined;
  let advancing = false;
  /** What has begun and is not over. */
  const running = new Set<Promise<unknown>>();
  let stopped = false;

  const now = (): number => frozen ?? system.now() + offset;
  const moved = (): void => {
    arm();
    events.emit();
  };

  function arm(): void {
    clearTimeout(timer);
    const next = heap.first;
    if (next === undefined || advancing || stopped) return;
    // Where time stands, what is due already runs all the same.
    if (frozen !== null && next.at > frozen) return;
    timer = setTimeout(tick, Math.min(Math.max(next.at - now(), 0), LONGEST_TIMER));
    timer.unref();
  }

  async function outcomeOf(task: Task): Promise<string> {
    try {
      return await task.run();
    } catch (error) {
      report(error);
      return 'failed';
    }
  }

  /** Begins the first. */
  function begin(task: Task): Promise<string> {
    heap.shift();
    task.begun = true;
    planned.emit();
    const outcome = outcomeOf(task);
    running.add(outcome);
    void outcome.then(() => running.delete(outcome));
    return outcome;
  }

  /** Begins, at the same time, all that are due at `at`, `most` of them. */
  function beginAll(at: number, most = Infinity): { readonly due: Due; readonly outcome: Promise<string> }[] {
    const begun: { readonly due: Due; readonly outcome: Promise<string> }[] = [];
    // What these put down for this very moment has its turn after them.
    const last = numbers;
    for (let next = heap.first; next && next.at <= at && next.number < last && begun.length < most; next = heap.first)
      begun.push({ due: next.due, outcome: begin(next) });
    return begun;
  }

  /** Time has gone by of itself: nothing that takes long holds up the rest. */
  function tick(): void {
    if (advancing || stopped) return;
    beginAll(now());
    arm();
  }

  function endOf(goal: Goal, from: number): number {
    if ('by' in goal) return from + goal.by;
    if ('until' in goal) return from + FARTHEST;
    return goal.to === 'next' ? Math.max(heap.first?.at ?? from, from) : goal.to;
  }

  async function run(goal: Goal): Promise<Advance> {
    const from = now();
    const end = endOf(goal, from);
    if (end < from) throw new Refusal('unprocessable', 'to: the clock goes forward only', { path: 'to' });
    if (end > from + FARTHEST) throw new Refusal('unprocessable', 'ten years at the most', { path: 'by' in goal ? 'by' : 'to' });
    const idle = 'until' in goal;
    const ran: Ran[] = [];
    let ranCount = 0;
    const wall = createWall(limits.wall);
    // While it is moved it stands still, so that nothing is due in between by itself.
    frozen = from;
    let [at, limit] = [from, !(await wall.before(Promise.all(running)))];
    for (let next = heap.first; next && next.at <= end && !limit; next = heap.first) {
      if (ranCount >= limits.events || wall.reached) {
        limit = true;
        break;
      }
      frozen = at = Math.max(at, next.at);
      for (const { due, outcome } of beginAll(at, limits.events - ranCount)) {
        // What is not over when there is no more time goes on by itself.
        limit ||= !(await wall.before(outcome));
        ranCount++;
        ran.push({ ...due, outcome: limit ? 'running' : await outcome });
        if (ran.length > limits.kept) ran.shift();
      }
    }
    wall.end();
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
      if (heap.first === task) arm();
      planned.emit();
      return () => {
        if (task.begun || task.off) return;
        heap.takeBack(task);
        planned.emit();
      };
    },
    async advance(goal) {
      if (advancing) throw new Refusal('conflict', BEING_MOVED);
      advancing = true;
      clearTimeout(timer);
      try {
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
    planned,
    next: (count) => heap.least(count).map(({ due }) => due),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
