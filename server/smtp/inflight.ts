// Octets of messages that are arriving at the same time, over all listeners.

import type { Inflight } from './deps.ts';

/** `limit` in octets; 0 = unlimited. */
export function createInflight(limit: number): Inflight {
  let reserved = 0;
  return {
    reserve(octets) {
      if (limit > 0 && reserved + octets > limit) return false;
      reserved += octets;
      return true;
    },
    release(octets) {
      reserved -= octets;
    },
  };
}
