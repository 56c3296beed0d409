// What a fault makes a client wait for, or cuts off: each wait ends with the connection, and when the fault lets go.

import type { Decision } from '../faults/decide.ts';
import type { Connection } from './connection.ts';

/** Waits, and does not hear what the client says meanwhile. Throws ConnectionEnded. */
async function holdUntil(connection: Connection, until: Promise<unknown>): Promise<void> {
  let over = false;
  const end = (): void => {
    over = true;
    connection.wake();
  };
  until.then(end, end);
  while (!over) await connection.more(true, true);
}

/** The longest that a timer can wait, ms. */
const LONGEST = 2 ** 31 - 1;

/** Calls `then` after the delay, unless the fault lets go before. Real time: sockets do not follow the sandbox's clock. */
export function after({ modifiers: { delay: ms = 0 }, released }: Decision, then: () => void): () => void {
  const timer = setTimeout(then, Math.min(ms, LONGEST));
  const stop = (): void => clearTimeout(timer);
  void released.then(stop);
  return stop;
}

/** True where the fault has let go before the time was over. */
export async function delay(connection: Connection, decision: Decision): Promise<boolean> {
  let early = true;
  let stop = (): void => undefined;
  const time = new Promise<void>((resolve) => {
    stop = after(decision, () => {
      early = false;
      resolve();
    });
  });
  try {
    await holdUntil(connection, Promise.race([time, decision.released]));
    return early;
  } finally {
    stop();
  }
}

/** No answer until the fault lets go. */
export const stall = (connection: Connection, released: Promise<void>): Promise<void> => holdUntil(connection, released);

/** Ends the conversation once `octets` of what is written from now on have left, in the midst of whatever they are. */
export function cutAfter(connection: Connection, octets: number, then: 'close' | 'reset'): void {
  connection.send();
  connection.out.limit(octets, then === 'reset' ? () => void connection.close('reset') : undefined);
}
