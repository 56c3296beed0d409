import { describe, expect, test } from 'vitest';
import { outdated, UNDO_MS } from '../../../server/store/retention.ts';
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
  const due = (now: number, maxAge = 8000): readonly string[] => outdated(sample.store.state, { ...limits, maxAge }, now).messages;
  expect(due(NOON + 8001)).toEqual([old]);
  expect(due(NOON + 7999)).toEqual([]);
  expect(due(NOON + 1e12, 0)).toEqual([]);
});

describe('a deletion that can be undone', () => {
  test('brings messages back with new UIDs, where they were and with their flags', async () => {
    const sample = await openSample();
    const ids = [await sample.send(), await sample.send()];
    await sample.store.commit([
      { type: 'messages.marked', ids: [ids[0] ?? ''], read: true, pinned: true },
      { type: 'messages.deleted', ids: [ids[0] ?? ''], reason: 'deleted', undo: { id: 'u1', at: NOON } },
    ]);
    expect(sample.store.state.arrivals.slice().map(({ message }) => message.id)).toEqual([ids[1]]);
    await sample.store.commit([{ type: 'deletion.undone', undo: 'u1' }]);
    expect(sample.store.state.arrivals.slice().map(({ message }) => message.id)).toEqual(ids);
    const everything = sample.store.state.accounts.get('*')?.mailboxes.get('INBOX');
    expect(everything?.entries.slice().map(({ uid, flags }) => [uid, flags])).toEqual([
      [2, []],
      [3, ['\\Seen']],
    ]);
    expect(String(await sample.store.body(ids[0] ?? ''))).toContain('hello');
  });

  test('is final after ten minutes', async () => {
    const sample = await openSample();
    const id = await sample.send();
    await sample.store.commit([{ type: 'messages.deleted', ids: [id], reason: 'deleted', undo: { id: 'u1', at: NOON } }]);
    const limits = { maxMessages: 0, maxSize: 0, maxAge: 0 };
    expect(outdated(sample.store.state, limits, NOON + UNDO_MS - 1).deletions).toEqual([]);
    expect(outdated(sample.store.state, limits, NOON + UNDO_MS).deletions).toEqual(['u1']);
    await sample.store.commit([{ type: 'deletion.expired', undo: 'u1' }]);
    expect(sample.store.state.octets).toBe(0);
    const [outcome] = await sample.store.commit([{ type: 'deletion.undone', undo: 'u1' }]);
    expect(outcome?.changed).toBe(0);
  });

  test('becomes final sooner where its octets are needed', async () => {
    const sample = await openSample({ maxSize: 2500 });
    const id = await sample.send({ text: 'x'.repeat(1000) });
    const stays = await sample.send({ text: 'x'.repeat(900) });
    await sample.store.commit([{ type: 'messages.deleted', ids: [id], reason: 'deleted', undo: { id: 'u1', at: NOON } }]);
    await sample.send({ text: 'x'.repeat(1000) });
    expect(sample.store.state.trash.size).toBe(0);
    expect(sample.store.state.messages.has(stays)).toBe(true);
  });
});
