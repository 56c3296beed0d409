// What is being carried is bounded in octets, and nobody is forgotten.

import { expect, it } from 'vitest';
import { createCarrying } from '../../../../server/delivery/queue/carrying.ts';

/** Asks for each in turn; `let` tells who has been let go on by now. */
function asking(
  limit: number,
  ...octets: number[]
): { readonly carrying: ReturnType<typeof createCarrying>; gone: () => Promise<number[]> } {
  const carrying = createCarrying(limit);
  const gone: number[] = [];
  octets.forEach((size, i) => void carrying.take(size).then(() => gone.push(i)));
  return {
    carrying,
    gone: async () => {
      await new Promise(setImmediate);
      return gone;
    },
  };
}

it('lets as much go on as there is room for, the others in their order when there is room again', async () => {
  const { carrying, gone } = asking(100, 60, 30, 20, 5);
  // The last would fit, but it is not its turn.
  expect(await gone()).toEqual([0, 1]);
  carrying.give(30);
  expect(await gone()).toEqual([0, 1, 2, 3]);
});

it('lets one go that is larger than all may be together, alone', async () => {
  const { carrying, gone } = asking(100, 1000, 1);
  expect(await gone()).toEqual([0]);
  carrying.give(1000);
  expect(await gone()).toEqual([0, 1]);
});

it('has no limit where there is none', async () => {
  expect(await asking(0, 1e9, 1e9, 1e9).gone()).toEqual([0, 1, 2]);
});
