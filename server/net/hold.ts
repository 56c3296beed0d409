// What a fault makes a client wait for, or cuts off: each wait ends with the connection, and when the fault lets go.

import type { Decision } from '../faults/decide.ts';
import type { Connection } from './connection.ts';

/** The longest that a timer can wait, ms. */
const LONGEST = 2 ** 31 - 1;

/** Who is to be told, by what lets go: the promise of a rule that stays for long must not collect everybody whom it ever held. */
const held = new WeakMap<Promise<void>, Set<() => void>>();

/** Calls `go` when the fault lets go; answers how to take that back. */
export function onRelease(released: Promise<void>, go: () => void): () => void {
  const all = held.get(released) ?? new Set();
  if (!held.has(released)) {
    held.set(released, all);
    void released.then(() => {
      held.delete(released);
      for (const one of all) one();
    });
  }
  all.add(go);
  return () => void all.delete(go);
}

/** Waits, and does not hear what the client says meanwhile. True where the fault has let go before. Throws ConnectionEnded. */
async function hold(connection: Connection, released: Promise<void>, ms = Infinity): Promise<boolean> {
  let over = false;
  let early = false;
  const end = (): void => {
    over = true;
    connection.wake();
  };
  const timer = ms === Infinity ? undefined : setTimeout(end, Math.min(ms, LONGEST));
  const forget = onRelease(released, () => {
    early = true;
    end();
  });
  try {
    while (!over) await connection.more(true, true);
    return early;
  } finally {
    clearTimeout(timer);
    forget();
  }
}

/** Calls `then` after the delay, unless the fault lets go before. Real time: sockets do not follow the sandbox's clock. */
export function after({ modifiers: { delay: ms = 0 }, released }: Decision, then: () => void): () => void {
  const timer = setTimeout(then, Math.min(ms, LONGEST));
  const forget = onRelease(released, () => clearTimeout(timer));
  return () => {
    clearTimeout(timer);
    forget();
  };
}

/** True where the fault has let go before the time was over. */
export const delay = (connection: Connection, { modifiers, released }: Decision): Promise<boolean> =>
  hold(connection, released, modifiers.delay);

/** No answer until the fault lets go. */
export async function stall(connection: Connection, released: Promise<void>): Promise<void> {
  await hold(connection, released);
}

/** Between two pieces of what the client sends. True where the fault has let go. */
export const pause = (connection: Connection, released: Promise<void>, ms: number): Promise<boolean> => hold(connection, released, ms);

/** Ends the conversation once `octets` of what is written from now on have left, in the midst of whatever they are. */
export function cutAfter(connection: Connection, octets: number, then: 'close' | 'reset'): void {
  connection.send();
  connection.out.limit(octets, then === 'reset' ? () => void connection.close('reset') : undefined);
}
