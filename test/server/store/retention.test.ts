import { describe, expect, test } from 'vitest';
import { expired } from '../../../server/store/retention.ts';
import { NOON, openSample } from './sample.ts';

describe('the oldest messages make room', () => {
  test('when there are too many', async () => {
    const sample = await openSample({ maxMessages: 3 });
    const ids = [];
    for (let i = 0; i < 5; i++) ids.push(await sample.send());
    expect(sample.store.state.arrivals.slice().map(({ message }) => message.id)).toEqual(ids.slice(2));
    expect(sample.store.state.accounts.get('jo@shop.test')?.mailboxes.get('INBOX')?.entries.length).toBe(3);
  });

  test('when they are too large together', async () => {
    const sample = await openSample({ maxSize: 2500 });
    for (let i = 0; i < 5; i++) await sample.send({ text: 'x'.repeat(1000) });
    expect(sample.store.state.arrivals.length).toBe(2);
    expect(sample.store.state.octets).toBeLessThanOrEqual(2500);
  });

  test('but never a pinned one; a new message is refused when nothing else is left', async () => {
    const sample = await openSample({ maxMessages: 2 });
    const first = await sample.send();
    const second = await sample.send();
    await sample.store.commit([{ type: 'messages.marked', ids: [first], pinned: true }]);
    const third = await sample.send();
    const left = sample.store.state.arrivals.slice().map(({ message }) => message.id);
    expect(left).toEqual([first, third]);
    expect(left).not.toContain(second);
    await sample.store.commit([{ type: 'messages.marked', ids: [third], pinned: true }]);
    await expect(sample.send()).rejects.toMatchObject({ code: 'storage-full' });
    expect(sample.full).toEqual(['maxMessages']);
  });

  test('when a single message is larger than the whole store, it is refused and nothing is lost', async () => {
    const sample = await openSample({ maxSize: 2000 });
    const id = await sample.send();
    await expect(sample.send({ text: 'x'.repeat(3000) })).rejects.toMatchObject({ code: 'storage-full' });
    expect(sample.store.state.arrivals.at(0)?.message.id).toBe(id);
  });

  test('and the deletion says why', async () => {
    const sample = await openSample({ maxMessages: 1 });
    const reasons: string[] = [];
    sample.store.events.on((event) => event.type === 'messages.deleted' && reasons.push(`${event.ids.length} ${event.reason}`));
    await sample.send();
    await sample.send();
    expect(reasons).toEqual(['1 retention']);
  });
});

test('messages older than the limit are due, by the time in their id', async () => {
  const sample = await openSample();
  const old = await sample.send();
  sample.clock.time += 10_000;
  await sample.send();
  const limits = { maxMessages: 0, maxSize: 0, maxAge: 8000 };
  expect(expired(sample.store.state, limits, NOON + 8001)).toEqual([old]);
  expect(expired(sample.store.state, limits, NOON + 7999)).toEqual([]);
  expect(expired(sample.store.state, { ...limits, maxAge: 0 }, NOON + 1e12)).toEqual([]);
});
