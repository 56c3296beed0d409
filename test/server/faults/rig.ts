// What tests of faults stand on: a clock that the test moves, points of conversations, an engine.

import type { Due, SandboxClock } from '../../../server/base/clock.ts';
import { createIds } from '../../../server/base/ids.ts';
import type { FaultPoint } from '../../../server/faults/decide.ts';
import { createFaults } from '../../../server/faults/engine.ts';
import type { Faults } from '../../../server/faults/faults.ts';

export interface MovedClock extends SandboxClock {
  /** ms. */
  advance(by: number): Promise<void>;
}

export function movedClock(): MovedClock {
  let now = 1_000_000;
  let due: { readonly due: Due; readonly run: () => string | Promise<string> }[] = [];
  return {
    mode: 'frozen',
    offset: 0,
    now: () => now,
    get pending() {
      return due.map((one) => one.due);
    },
    schedule(what, run) {
      const one = { due: what, run };
      due.push(one);
      return () => void (due = due.filter((other) => other !== one));
    },
    async advance(by) {
      now += by;
      for (const one of due.filter(({ due: { at } }) => at <= now)) {
        due = due.filter((other) => other !== one);
        await one.run();
      }
    },
  };
}

export interface Engine {
  readonly clock: MovedClock;
  readonly faults: Faults;
}

export function startEngine(seed = 1, magicAddresses = true): Engine {
  const clock = movedClock();
  const report = (error: unknown): never => {
    throw error;
  };
  return { clock, faults: createFaults({ clock, seed, ids: createIds(), report, magicAddresses }) };
}

const POINT: FaultPoint = {
  protocol: 'smtp',
  host: 'submission',
  stage: 'rcpt',
  sessionId: 's1',
  client: '127.0.0.1:50000',
  helo: 'app.client.test',
  user: null,
  sender: 'app@client.test',
  recipient: 'jo@shop.test',
  recipients: [],
  mailbox: null,
  size: null,
  header: null,
  valuesOf: () => [],
};

export const point = (change: Partial<FaultPoint> = {}): FaultPoint => ({ ...POINT, ...change });
