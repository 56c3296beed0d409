import { expect, it } from 'vitest';
import { HostTally, STEP, STEPS } from '../../../server/faults/host-tally.ts';

const BEGIN = 1_700_000_000_000;

it('counts, and knows the last five minutes in steps of five seconds', () => {
  const tally = new HostTally();
  expect(tally.history(BEGIN)).toBeNull();
  tally.add('accepted', BEGIN);
  tally.add('accepted', BEGIN + STEP - 1);
  tally.add('deferred', BEGIN + STEP);
  tally.add('refused', BEGIN + STEP);
  tally.add('rejected', BEGIN + 3 * STEP);
  const history = tally.history(BEGIN + 3 * STEP) ?? [];
  expect([history.length, history.slice(-5)]).toEqual([
    STEPS,
    [
      [0, 0, 0],
      [2, 0, 0],
      [0, 1, 0],
      [0, 0, 0],
      [0, 0, 1],
    ],
  ]);
  expect(tally.counts).toEqual({ accepted: 2, deferred: 1, rejected: 1, refused: 1 });
  expect(tally.history(BEGIN + (STEPS + 2) * STEP)?.[0]).toEqual([0, 0, 1]);
  expect(tally.history(BEGIN + (STEPS + 3) * STEP)).toBeNull();
});
