// How many octets of a message go over the wire before dots are doubled: what STAT and LIST say (RFC 1939 §11).

import { Refusal } from '../base/errors.ts';
import { LineEndCounter } from '../net/dot-writer.ts';
import { servedSize } from '../store/served.ts';
import type { Entry, Kept } from '../store/state.ts';
import type { Store } from '../store/store.ts';

/** Octets that are looked at in one piece. */
const PIECE = 256 * 1024;

/** What line ends add to a message, once it has been read. */
const added = new WeakMap<Kept, number>();

async function count(store: Store, { message }: Kept): Promise<number> {
  const counter = new LineEndCounter();
  for (let at = 0; at < message.size; at += PIECE) {
    counter.feed(await store.bodyRange(message.id, at, Math.min(at + PIECE, message.size)));
  }
  return counter.added;
}

/** The size, or undefined where the message has to be read for it first. */
export function knownWireSize(entry: Entry, traceHeaders: boolean): number | undefined {
  const more = added.get(entry.kept);
  return more === undefined ? undefined : servedSize(entry, traceHeaders) + more;
}

/** The same, from the whole of it as it is served. */
export function wireSizeOf({ kept }: Entry, whole: Buffer): number {
  const counter = new LineEndCounter();
  counter.feed(whole);
  // The trace lines before a message are whole lines: what is added to it is added in all accounts.
  added.set(kept, counter.added);
  return whole.length + counter.added;
}

/** Of a message that is gone meanwhile it is the size that it had. */
export async function wireSize(store: Store, entry: Entry, traceHeaders: boolean): Promise<number> {
  const known = knownWireSize(entry, traceHeaders);
  if (known !== undefined) return known;
  let more = 0;
  try {
    more = await count(store, entry.kept);
    added.set(entry.kept, more);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
  }
  return servedSize(entry, traceHeaders) + more;
}
