// Slices: everybody's long work together holds the loop for one slice in each turn.

import { expect, test } from 'vitest';
import { pause, SLICE_MS, sliceOver } from '../../../server/store/slices.ts';

test('a slice ends, and begins anew after a pause', async () => {
  await pause();
  const started = performance.now();
  while (!sliceOver());
  expect(performance.now() - started).toBeGreaterThan(SLICE_MS / 2);
  await pause();
  expect(sliceOver()).toBe(false);
});

test('those that wait go on in their order, one in each turn of the loop', async () => {
  let turn = 0;
  const count = (): void => {
    turn++;
    if (turn < 10) setImmediate(count);
  };
  setImmediate(count);
  const turns: [name: string, turn: number][] = [];
  const work = async (name: string): Promise<void> => {
    for (let i = 0; i < 2; i++) {
      await pause();
      turns.push([name, turn]);
    }
  };
  await Promise.all([work('a'), work('b'), work('c')]);
  expect(turns.map(([name]) => name).join('')).toBe('abcabc');
  expect(new Set(turns.map(([, at]) => at)).size).toBe(6);
});
