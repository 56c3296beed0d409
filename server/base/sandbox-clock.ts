// The clock of the sandbox: runs with the system's, and can be frozen, moved on event by event, and set back to real time.

import type { Clock, Due, SandboxClock } from './clock.ts';
import { Refusal } from './errors.ts';

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
  onMoved(listener: () => void): void;
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

const FARTHEST = 10 * 365 * 24 * 3_600_000;

/** Node's timers go no farther. */
const LONGEST_TIMER = 2 ** 31 - 1;

interface Task {
  readonly due: Due;
  readonly number: number;
  readonly run: () => string | Promise<string>;
  /** Taken back: it is thrown away when its turn comes. */
  off: boolean;
}

const before = (a: Task, b: Task): boolean => a.due.at < b.due.at || (a.due.at === b.due.at && a.number < b.number);

/** A binary heap: the earliest first, those of the same time in the order in which they came. */
class Heap {
  readonly #tasks: Task[] = [];

  get first(): Task | undefined {
    return this.#tasks[0];
  }

  sorted(): Task[] {
    return [...this.#tasks].sort((a, b) => (before(a, b) ? -1 : 1));
  }

  push(task: Task): void {
    const tasks = this.#tasks;
    let at = tasks.push(task) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(task, tasks[parent] as Task)) break;
      tasks[at] = tasks[parent] as Task;
      at = parent;
    }
    tasks[at] = task;
  }

  shift(): Task | undefined {
    const [first] = this.#tasks;
    const last = this.#tasks.pop();
    if (first === undefined || last === undefined || this.#tasks.length === 0) return first;
    this.#sink(last);
    return first;
  }

  #sink(task: Task): void {
    const tasks = this.#tasks;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= tasks.length) break;
      if (child + 1 < tasks.length && before(tasks[child + 1] as Task, tasks[child] as Task)) child++;
      if (!before(tasks[child] as Task, task)) break;
      tasks[at] = tasks[child] as Task;
      at = child;
    }
    tasks[at] = task;
  }
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
  const heap = new Heap();
  const listeners: (() => void)[] = [];
  let offset = first;
  let frozen = frozenAt;
  let numbers = 0;
  let timer: NodeJS.Timeout | undefined;
  let advancing = false;
  let running = false;
  let stopped = false;

  const now = (): number => frozen ?? system.now() + offset;
  const moved = (): void => {
    arm();
    for (const listener of listeners) listener();
  };

  function earliest(): Task | undefined {
    while (heap.first?.off === true) heap.shift();
    return heap.first;
  }

  function arm(): void {
    clearTimeout(timer);
    const next = earliest();
    if (next === undefined || frozen !== null || advancing || stopped) return;
    timer = setTimeout(() => void tick(), Math.min(Math.max(next.due.at - now(), 0), LONGEST_TIMER));
    timer.unref();
  }

  async function runOne(task: Task): Promise<string> {
    try {
      return await task.run();
    } catch (error) {
      report(error);
      return 'failed';
    }
  }

  /** Time has gone by of itself. */
  async function tick(): Promise<void> {
    if (running || advancing) return;
    running = true;
    try {
      for (let next = earliest(); next && next.due.at <= now() && !stopped && !advancing; next = earliest()) {
        heap.shift();
        await runOne(next);
      }
    } finally {
      running = false;
      arm();
    }
  }

  /** Where it stands from now on; a clock that runs goes on from there. */
  function set(time: number): void {
    if (frozen !== null) frozen = time;
    else offset = time - system.now();
  }

  function endOf(goal: Goal): number {
    if ('by' in goal) return now() + goal.by;
    if ('until' in goal) return now() + FARTHEST;
    return goal.to === 'next' ? Math.max(earliest()?.due.at ?? now(), now()) : goal.to;
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
    const wasRunning = frozen === null;
    frozen = from;
    let [at, limit] = [from, false];
    for (let next = earliest(); next && next.due.at <= end; next = earliest()) {
      if (ranCount >= limits.events || performance.now() - begun > limits.wall) {
        limit = true;
        break;
      }
      heap.shift();
      frozen = at = Math.max(at, next.due.at);
      const outcome = await runOne(next);
      ranCount++;
      ran.push({ ...next.due, outcome });
      if (ran.length > limits.kept) ran.shift();
    }
    const to = limit || idle ? at : end;
    frozen = to;
    if (wasRunning) {
      frozen = null;
      set(to);
    }
    return { from, to, ran, ranCount, stopped: limit ? 'limit' : null };
  }

  return {
    now,
    get mode() {
      return frozen === null ? 'real' : 'frozen';
    },
    get offset() {
      return now() - system.now();
    },
    get pending() {
      return heap
        .sorted()
        .filter(({ off }) => !off)
        .map(({ due }) => due);
    },
    schedule(due, run) {
      const task: Task = { due, number: numbers++, run, off: false };
      heap.push(task);
      if (!advancing) arm();
      return () => void (task.off = true);
    },
    async advance(goal) {
      if (advancing) throw new Refusal('conflict', 'the clock is being moved already');
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
      frozen ??= now();
      moved();
    },
    resume() {
      if (frozen === null) return;
      offset = frozen - system.now();
      frozen = null;
      moved();
    },
    reset() {
      if (advancing) throw new Refusal('conflict', 'the clock is being moved');
      frozen = null;
      offset = 0;
      moved();
    },
    onMoved: (listener) => void listeners.push(listener),
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
