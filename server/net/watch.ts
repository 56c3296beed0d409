// A time limit on waiting that costs nothing per wait: one timer, which looks whether the same wait still goes on.

export interface Watch {
  /** The wait begins, unless it is already going on. */
  start(): void;
  /** What was waited for has come. */
  stop(): void;
  /** No more waits. */
  end(): void;
}

/** How often the timer looks within the limit: a wait may last up to a quarter longer than that. */
const LOOKS = 4;

/** The longest that a timer can wait, ms. */
const LONGEST = 2 ** 31 - 1;

const NONE: Watch = { start: () => undefined, stop: () => undefined, end: () => undefined };

/** Calls `expired` once when a wait takes longer than `limit` ms; 0 = no limit. Real time: sockets do not follow the sandbox's clock. */
export function createWatch(limit: number, expired: () => void): Watch {
  if (limit === 0) return NONE;
  let waiting = false;
  let seen = 0;
  const timer = setInterval(
    () => {
      if (!waiting || seen++ < LOOKS) return;
      clearInterval(timer);
      expired();
    },
    Math.min(LONGEST, limit / LOOKS),
  );
  return {
    start() {
      if (waiting) return;
      waiting = true;
      seen = 0;
    },
    stop: () => void (waiting = false),
    end: () => clearInterval(timer),
  };
}
