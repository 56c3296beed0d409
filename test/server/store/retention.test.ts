import { describe, expect, test } from 'vitest';
import { makeRoom, outdated, roomChanges, UNDO_MS } from '../../../server/store/retention.ts';
import { addedOf, triedOf } from './deliveries.ts';
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

describe('what is still to be delivered', () => {
  const LIMITS = { maxMessages: 2, maxSize: 0, maxAge: 8000 };

  async function queued() {
    const sample = await openSample();
    const { store } = sample;
    await store.commit([await addedOf(store, '01', ['jo@shop.test', 'ann@shop.test']), await addedOf(store, '02', ['jo@shop.test'])]);
    return sample;
  }

  test('stays, however old it is and whatever comes', async () => {
    const { store } = await queued();
    await store.commit([triedOf('01.0', 1, 'bounced'), triedOf('02.0', 1, 'deferred')]);
    expect(makeRoom(store.state, LIMITS, 100)).toBeNull();
    expect(outdated(store.state, LIMITS, NOON * 2).messages).toEqual([]);
  });

  test('may go when the last of it is over', async () => {
    const { store } = await queued();
    await store.commit([triedOf('01.0', 1, 'bounced'), triedOf('01.1', 1, 'delivered')]);
    expect(makeRoom(store.state, LIMITS, 100)).toEqual({ deletions: [], messages: ['01'] });
    expect(outdated(store.state, LIMITS, NOON * 2).messages).toEqual(['01']);
    const room = makeRoom(store.state, LIMITS, 100);
    await store.commit(room ? roomChanges(room) : []);
    expect([...store.state.deliveries.keys()]).toEqual(['02.0']);
  });

  test('leaves nothing behind when its message goes', async () => {
    const { store } = await openSample();
    const to = Array.from({ length: 20 }, (_, i) => `r${i}@shop.test`);
    for (let n = 0; n < 300; n++) {
      const id = `0${String(n).padStart(4, '0')}`;
      const room = makeRoom(store.state, { ...LIMITS, maxMessages: 10 }, 100);
      await store.commit([
        ...(room ? roomChanges(room) : []),
        await addedOf(store, id, to),
        ...to.map((_, i) => triedOf(`${id}.${i}`, 1, 'bounced')),
      ]);
    }
    const { deliveries, openDeliveries, messages } = store.state;
    expect([messages.size, deliveries.size, openDeliveries.size]).toEqual([10, 200, 0]);
  });
});

describe('too many deliveries', () => {
  const limits = { maxMessages: 0, maxSize: 0, maxAge: 0, maxDeliveries: 100 };

  async function filled(over: number) {
    const { store } = await openSample();
    const to = Array.from({ length: 100 }, (_, i) => `r${i}@shop.test`);
    await store.commit([await addedOf(store, '01', to)]);
    await store.commit(to.slice(0, over).map((_, i) => triedOf(`01.${99 - i}`, 1, 'bounced')));
    return store;
  }

  test('make the oldest that are over be forgotten, some at once', async () => {
    const store = await filled(10);
    expect(makeRoom(store.state, limits, 1, 1)?.deliveries).toEqual(['01.90', '01.91']);
    const room = makeRoom(store.state, limits, 1, 9);
    await store.commit(room ? roomChanges(room) : []);
    expect([store.state.deliveries.size, store.state.messages.size]).toEqual([91, 1]);
    expect(makeRoom(store.state, limits, 1, 9)).toEqual({ deletions: [], messages: [] });
  });

  test('that are all open leave room for what needs none', async () => {
    const { state } = await filled(3);
    expect([makeRoom(state, limits, 1, 4), makeRoom(state, limits, 1), makeRoom(state, { ...limits, maxDeliveries: 0 }, 1, 1000)]).toEqual([
      null,
      { deletions: [], messages: [] },
      { deletions: [], messages: [] },
    ]);
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
