// When a store that was full has room again.

import { expect, test } from 'vitest';
import type { Change } from '../../../server/store/changes.ts';
import { watchFullness } from '../../../server/store/fullness.ts';
import { addedOf, triedOf } from './deliveries.ts';
import { openSample } from './sample.ts';

test('with too many deliveries there is room as soon as one is over, though its message has another', async () => {
  const { store } = await openSample();
  const fullness = watchFullness(store);
  await store.commit([await addedOf(store, '01', ['jo@shop.test', 'ann@shop.test', 'bo@shop.test'])]);
  const leftBy = async (limit: string, id: string): Promise<boolean> => {
    store.events.emit({ type: 'storage.full', limit });
    await store.commit([triedOf(id, 1, 'bounced')]);
    return fullness.full === null;
  };
  expect([await leftBy('maxMessages', '01.0'), await leftBy('maxDeliveries', '01.1')]).toEqual([false, true]);
});

test.each<[string, Change, boolean]>([
  ['has been delivered', triedOf('01.0', 1, 'delivered'), true],
  ['is given up', { type: 'deliveries.set', ids: ['01.0'], state: 'expired', nextAttemptAt: null }, true],
  ['waits once more', triedOf('01.0', 1, 'deferred'), false],
])('a message that was in the way because it had to be delivered, and %s', async (_, change, room) => {
  const { store } = await openSample();
  const fullness = watchFullness(store);
  await store.commit([await addedOf(store, '01', ['jo@shop.test'])]);
  store.events.emit({ type: 'storage.full', limit: 'maxMessages' });
  const told: string[] = [];
  store.events.on(({ type }) => type === 'storage.room' && told.push(type));
  await store.commit([change]);
  expect([fullness.full === null, told]).toEqual(room ? [true, ['storage.room']] : [false, []]);
});
