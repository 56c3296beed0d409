// Scenarios 5 and 6, all hosts are down: the mail waits, and is tried again by the sender's schedule.
// When a host comes back in time nothing is lost, and nobody was worried; when none does, it is given up after the set time.

import { expect, it } from 'vitest';
import { sendOnce, startRig, told } from './rig.ts';
import type { Rig } from './rig.ts';

const DOWN = {
  hosts: [
    { name: 'mx1.shop.test', preference: 10, state: 'down' },
    { name: 'mx2.shop.test', preference: 20, backup: 'stores', state: 'down' },
  ],
  policy: { schedule: '5m,10m,20m*3,1h', giveUpAfter: '5d', warnAfter: '4h' },
};

async function sent(): Promise<Rig> {
  const rig = await startRig({ clockFrozen: true });
  await rig.api('PUT', '/receivers/shop.test', DOWN);
  await sendOnce(rig, { to: 'jo@shop.test', subject: 'Order 7' });
  await rig.advance('1s');
  return rig;
}

it('held, and delivered at the next try after the primary is back', async () => {
  await using rig = await sent();
  const waiting = await rig.delivery('jo@shop.test');
  expect(told(waiting)).toEqual(['1 mx1.shop.test connect transient -', '1 mx2.shop.test connect transient -']);
  expect(waiting).toMatchObject({ state: 'deferred', via: null });
  expect(waiting.attempts.map(({ enhanced }) => enhanced)).toEqual(['4.4.1', '4.4.1']);

  await rig.advance('1h');
  await rig.api('PATCH', '/hosts/mx1.shop.test', { state: 'up' });
  await rig.untilIdle();

  const done = await rig.delivery('jo@shop.test');
  expect(done).toMatchObject({ state: 'delivered', via: 'mx1.shop.test' });
  // At 0, 5, 15, 35 and 55 minutes in vain, and then at 1 h 15.
  expect(done.rounds).toBe(6);
  // Before four hours have passed nobody is told that it is late.
  expect(await rig.messages()).toHaveLength(1);
});

it('given up after five days, and not tried any more', async () => {
  await using rig = await sent();
  const { ranCount } = await rig.untilIdle();
  expect(ranCount).toBeGreaterThan(100);

  const over = await rig.delivery('jo@shop.test');
  expect(over).toMatchObject({ state: 'expired', nextAttemptAt: null, via: null });
  const last = over.attempts.at(-1)?.at ?? '';
  expect(Date.parse(last) - Date.parse(over.queuedAt)).toBeLessThanOrEqual(5 * 86_400_000);

  // Nothing comes of a host that is back too late.
  await rig.api('PATCH', '/hosts/mx1.shop.test', { state: 'up' });
  await rig.advance('1d');
  expect(await rig.delivery('jo@shop.test')).toMatchObject({ state: 'expired', rounds: over.rounds });
});
