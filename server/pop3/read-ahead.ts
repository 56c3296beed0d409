// The beginnings of messages, read before they are asked for: clients fetch one message after the other.

import { servedRange, servedSize } from '../store/served.ts';
import type { Entry } from '../store/state.ts';
import type { Pop3Deps } from './deps.ts';
import { wireSizeOf } from './wire-size.ts';

/** Larger messages are not read ahead. */
const SMALL = 32 * 1024;

/** How many messages. */
const AHEAD = 8;

export interface ReadAhead {
  /**
   * The octets from the start of the message at that place: all of a small one, as many as asked for of others. Throws `Refusal`
   * not-found where it is gone.
   */
  begin(place: number, octets: number): Promise<Buffer>;
}

export function createReadAhead({ store, settings: { traceHeaders } }: Pop3Deps, entries: readonly Entry[]): ReadAhead {
  const reading = new Map<number, Promise<Buffer>>();
  let last = -1;

  function start(place: number): void {
    const entry = entries[place];
    if (entry === undefined || reading.has(place)) return;
    const size = servedSize(entry, traceHeaders);
    if (size > SMALL) return;
    const read = servedRange(store, entry, 0, size, traceHeaders);
    // Its size is known from now on, even when it is removed elsewhere before it is asked for. Whoever asks is told of errors.
    read.then((whole) => wireSizeOf(entry, whole)).catch(() => undefined);
    reading.set(place, read);
  }

  return {
    begin(place, octets) {
      const inOrder = place === last + 1;
      last = place;
      if (inOrder) for (let next = place; next <= place + AHEAD; next++) start(next);
      else reading.clear();
      const read = reading.get(place);
      reading.delete(place);
      if (read) return read;
      const entry = entries[place] as Entry;
      const size = servedSize(entry, traceHeaders);
      return servedRange(store, entry, 0, size > SMALL ? Math.min(octets, size) : size, traceHeaders);
    },
  };
}
