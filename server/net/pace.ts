// Slows down what a client sends or is sent, for one command and its answer, or until the fault lets go.

import type { Decision } from '../faults/decide.ts';
import type { Connection } from './connection.ts';
import { onRelease, pause } from './hold.ts';
import { partWith } from './part.ts';
import type { Said } from './part.ts';

interface Steps {
  readonly bytes: number;
  readonly every: number;
}

/** What is slow is to be smooth as well: twenty pieces a second, or single octets. */
function stepsOf(bytesPerSecond: number): Steps {
  const bytes = Math.max(1, Math.floor(bytesPerSecond / 20));
  return { bytes, every: (bytes * 1000) / bytesPerSecond };
}

/** From here on; what was written before leaves as fast as it can. */
export function pace(connection: Connection, { modifiers: { throttle, trickle }, released }: Decision): void {
  const rate = throttle && stepsOf(throttle.bytesPerSecond);
  if (rate && throttle?.direction !== 'out') {
    let slow = true;
    connection.intake = async (octets) => {
      if (!slow) return octets;
      slow = !(await pause(connection, released, rate.every));
      return Math.min(octets, rate.bytes);
    };
  }
  const steps = trickle ?? (throttle?.direction === 'in' ? undefined : rate);
  if (steps === undefined) return;
  connection.send();
  const again = (): void => {
    connection.send();
    connection.wake();
  };
  const stop = onRelease(released, () => {
    connection.out.setPace(null);
    again();
  });
  connection.out.setPace({ ...steps, again, stop });
}

/** Waits until the slow answer has left; what comes after it is as fast as ever. Throws ConnectionEnded. */
export async function settle(connection: Connection): Promise<void> {
  const { out } = connection;
  const { pace: paced } = out;
  if (paced === null) return;
  try {
    connection.send();
    while (out.pace === paced && out.length > 0) await connection.more(true, true);
  } finally {
    if (out.pace === paced) out.setPace(null);
  }
}

/** What was said leaves, as slowly as a fault wants it; false where it was the last. Throws ConnectionEnded. */
export async function sendOff(connection: Connection, said: Said | null): Promise<boolean> {
  await settle(connection);
  if (said?.parting === undefined) return true;
  await partWith(connection, said.parting);
  return false;
}
