// What time it is, as a value that a test or a person can move.

/** Times are milliseconds since 1970-01-01 UTC. */
export interface Clock {
  now(): number;
}

/** A moment at which something is due, and what it is. */
export interface Due {
  readonly at: number;
  readonly kind: string;
  readonly id: string;
}

/** A clock that people and tests move; socket timers never run on it. */
export interface SandboxClock extends Clock {
  readonly mode: 'real' | 'frozen';
  /** Ahead of the system's clock, ms. */
  readonly offset: number;
  /** What is due, in order of time. */
  readonly pending: readonly Due[];
  /**
   * Runs `run` once when this clock reaches `at`: by itself as time goes by, or in the midst of `advance`. `outcome` is what it resolves to.
   * Returns how to take it back.
   */
  schedule(due: Due, run: () => string | Promise<string>): () => void;
}

export const systemClock: Clock = { now: () => Date.now() };
