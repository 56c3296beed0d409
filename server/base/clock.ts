// What time it is, as a value that a test or a person can move.

/** Times are milliseconds since 1970-01-01 UTC. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };
