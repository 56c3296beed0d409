import { expect, test } from 'vitest';
import { facets } from '../../../server/store/facets.ts';
import { parseQuery } from '../../../server/store/query.ts';
import { Tally } from '../../../server/store/tally.ts';
import { openSample } from './sample.ts';
import type { Sample } from './sample.ts';

const NOTHING = { recipients: [], domains: [], senders: [], users: [], tags: [], states: [] };

const all = (sample: Sample): Promise<unknown> => facets(sample.store, parseQuery(''));
/** Counted message by message, as every query but the empty one is. */
const counted = (sample: Sample): Promise<unknown> => facets(sample.store, parseQuery('larger:0'));

test('counts of everything follow what comes, goes and comes back', async () => {
  const sample = await openSample();
  expect(await all(sample)).toEqual(NOTHING);
  const ids: string[] = [];
  for (const to of [['jo@shop.test', 'Jo@Shop.test'], ['ann@shop.test', 'bo@x.test'], ['jo@shop.test']])
    ids.push(await sample.send({ to }));
  expect(await all(sample)).toEqual(await counted(sample));
  expect(await all(sample)).toMatchObject({
    recipients: [
      { value: 'jo@shop.test', count: 2 },
      { value: 'ann@shop.test', count: 1 },
      { value: 'bo@x.test', count: 1 },
    ],
    domains: [
      { value: 'shop.test', count: 3 },
      { value: 'x.test', count: 1 },
    ],
  });
  await sample.store.commit([
    { type: 'messages.marked', ids: ids.slice(2), read: true, starred: true, addTags: ['a'] },
    { type: 'messages.deleted', ids: ids.slice(0, 2), reason: 'deleted', undo: { id: 'u1', at: 0 } },
  ]);
  expect(await all(sample)).toMatchObject({ recipients: [{ value: 'jo@shop.test', count: 1 }], tags: [{ value: 'a', count: 1 }] });
  await sample.store.commit([{ type: 'deletion.undone', undo: 'u1' }]);
  expect(await all(sample)).toEqual(await counted(sample));
  await sample.store.commit([{ type: 'messages.deleted', ids, reason: 'reset' }]);
  expect(await all(sample)).toEqual(NOTHING);
});

test('what goes while everything is counted for the first time is not counted', async () => {
  const sample = await openSample();
  const ids: string[] = [];
  for (let i = 0; i < 20_000; i++) ids.push(await sample.send({ to: [`r${i}@shop.test`] }));
  const first = all(sample);
  await sample.store.commit([{ type: 'messages.deleted', ids: ids.slice(1), reason: 'deleted' }]);
  await first;
  expect(await all(sample)).toMatchObject({
    recipients: [{ value: 'r0@shop.test', count: 1 }],
    domains: [{ value: 'shop.test', count: 1 }],
  });
});

test('the largest counts come first, by value among equals, and no more than are asked for', () => {
  const tally = new Tally();
  for (const values of [['b', 'b'], ['a'], ['c', 'a'], [], ['d']]) tally.add(values);
  tally.add(['d'], -1);
  tally.add(['e'], -1);
  const [a, b, c] = [
    { value: 'a', count: 2 },
    { value: 'b', count: 1 },
    { value: 'c', count: 1 },
  ];
  expect([tally.largest(10), tally.largest(2), tally.largest(1)]).toEqual([[a, b, c], [a, b], [a]]);
});
