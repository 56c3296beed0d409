// The indexer: everything is read once, after it was kept, and found again after a restart.

import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import type { Bodies, BodyRef } from '../../../../server/store/bodies.ts';
import { createMemoryBodies } from '../../../../server/store/bodies.ts';
import type { Indexer } from '../../../../server/store/index/indexer.ts';
import { createIndexer } from '../../../../server/store/index/indexer.ts';
import { signaturesOf } from '../../../../server/store/index/signatures.ts';
import { parseQuery } from '../../../../server/store/query.ts';
import { search } from '../../../../server/store/search.ts';
import type { Kept } from '../../../../server/store/state.ts';
import type { Store } from '../../../../server/store/store.ts';
import { inMemory } from '../../../../server/store/store.ts';
import { openSample } from '../sample.ts';

let indexers: Indexer[] = [];
const errors: unknown[] = [];

function start(store: Store): Indexer {
  const indexer = createIndexer({ store, report: (error) => errors.push(error) });
  indexers.push(indexer);
  return indexer;
}

afterEach(async () => {
  for (const indexer of indexers) await indexer.stop();
  indexers = [];
  expect(errors.splice(0)).toEqual([]);
});

async function settled(indexer: Indexer): Promise<void> {
  while (indexer.pending > 0) await turn();
}

const indexedOf = (store: Store, id: string): Kept['indexed'] => store.state.messages.get(id)?.indexed ?? null;

const TWO_FILES = {
  header: { 'Content-Type': 'multipart/mixed; boundary=b' },
  text: '--b\r\n\r\nSee the files\r\n--b\r\nContent-Type: image/png\r\n\r\nx\r\n--b\r\nContent-Disposition: attachment\r\n\r\nx\r\n--b--',
};

/** Signatures kept as bodies are, and what was asked of them. */
function fakeStorage(): Bodies & { readonly put: Bodies['put']; puts: number; gets: number; dropped: BodyRef[] } {
  const bodies = createMemoryBodies();
  const storage = {
    puts: 0,
    gets: 0,
    dropped: [] as BodyRef[],
    put: (raw: Buffer) => (storage.puts++, bodies.put(raw)),
    get: (ref: BodyRef) => (storage.gets++, bodies.get(ref)),
    drop: (refs: readonly BodyRef[]) => (storage.dropped.push(...refs), bodies.drop(refs)),
  };
  return storage;
}

test('messages get a snippet, a count of attachments and a signature, those that are there already and those that come', async () => {
  const { store, send } = await openSample();
  const before = await send({ text: 'Hello\r\n  Jo' });
  const indexer = start(store);
  const after = await send(TWO_FILES);
  expect(indexer.pending).toBe(2);
  await settled(indexer);
  expect(indexedOf(store, before)).toEqual({ snippet: 'Hello Jo', attachments: 0, signature: null });
  expect(indexedOf(store, after)).toEqual({ snippet: 'See the files', attachments: 2, signature: null });
  expect(signaturesOf(store.state).size).toBe(2);
});

test('each message is told once', async () => {
  const { store, send } = await openSample();
  const told: string[] = [];
  store.events.on((event) => event.type === 'message.indexed' && told.push(event.kept.message.id));
  const indexer = start(store);
  const ids: string[] = [];
  for (let i = 0; i < 300; i++) ids.push(await send({ text: `number ${i}` }));
  await settled(indexer);
  expect(told).toEqual(ids);
});

test('what is deleted while it waits is not indexed, and what is forgotten leaves no signature', async () => {
  const { store, send } = await openSample();
  const indexer = start(store);
  const ids = [await send(), await send(), await send()];
  await store.commit([{ type: 'messages.deleted', ids: ids.slice(0, 1), reason: 'deleted' }]);
  expect(indexer.pending).toBe(2);
  await settled(indexer);
  expect(signaturesOf(store.state).size).toBe(2);
  await store.commit([{ type: 'messages.deleted', ids: ids.slice(1, 2), reason: 'deleted' }]);
  expect(signaturesOf(store.state).size).toBe(1);
});

test('a deletion that is undone brings the message back into the index, read before or not', async () => {
  const { store, send } = await openSample();
  const indexer = start(store);
  const read = await send({ text: 'quincunx one' });
  await settled(indexer);
  const unread = await send({ text: 'quincunx two' });
  await store.commit([{ type: 'messages.deleted', ids: [read, unread], reason: 'deleted', undo: { id: 'u1', at: 0 } }]);
  await settled(indexer);
  await store.commit([{ type: 'deletion.undone', undo: 'u1' }]);
  await settled(indexer);
  expect([read, unread].map((id) => indexedOf(store, id)?.snippet)).toEqual(['quincunx one', 'quincunx two']);
  expect((await search(store, parseQuery('quincunx'), { limit: 9 })).items.length).toBe(2);
});

test('a message that cannot be read is searched nevertheless, and stops nobody', async () => {
  const parts = inMemory();
  let broken = true;
  const get: Bodies['get'] = (ref, from, to) => (broken ? Promise.reject(new Error('unreadable')) : parts.bodies.get(ref, from, to));
  const { store, send } = await openSample({}, { ...parts, bodies: { ...parts.bodies, get } });
  const indexer = start(store);
  const id = await send({ text: 'quincunx' });
  await settled(indexer);
  expect(indexedOf(store, id)).toEqual({ snippet: '', attachments: 0, signature: null });
  expect(errors.splice(0)).toHaveLength(1);
  broken = false;
  const next = await send({ text: 'next' });
  await settled(indexer);
  expect(indexedOf(store, next)?.snippet).toBe('next');
  expect((await search(store, parseQuery('quincunx'), { limit: 9 })).total).toBe(1);
});

test('after a stop nothing more is indexed', async () => {
  const { store, send } = await openSample();
  const indexer = start(store);
  await indexer.stop();
  const id = await send();
  await turn();
  expect([indexer.pending, indexedOf(store, id)]).toEqual([0, null]);
});

describe('with signatures kept on disk', () => {
  /** A store in which some messages are indexed and then the process ends. */
  async function filled() {
    const signatures = fakeStorage();
    const parts = { ...inMemory(), signatures };
    const sample = await openSample({}, parts);
    const indexer = start(sample.store);
    const ids = [
      await sample.send({ text: 'quincunx one' }),
      await sample.send({ text: 'quincunx two' }),
      await sample.send({ text: 'three' }),
    ];
    await settled(indexer);
    await indexer.stop();
    // The same messages as a new process finds them: nothing in memory.
    for (const id of ids) signaturesOf(sample.store.state).delete(id);
    return { ...sample, signatures, ids };
  }

  test('a start loads them and reads no message again', async () => {
    const { store, signatures, ids } = await filled();
    const read = store.body;
    let bodies = 0;
    const indexer = start({ ...store, body: (id) => (bodies++, read(id)) });
    expect(indexer.pending).toBe(3);
    await settled(indexer);
    expect({ bodies, gets: signatures.gets, puts: signatures.puts }).toEqual({ bodies: 0, gets: 3, puts: 3 });
    expect(signaturesOf(store.state).size).toBe(3);
    expect((await search(store, parseQuery('quincunx -two'), { limit: 9 })).items.map(({ message }) => message.id)).toEqual(
      ids.slice(0, 1),
    );
  });

  test('a signature that is damaged or of another format is made anew, and the old one dropped', async () => {
    const { store, signatures, ids } = await filled();
    const old = ids.slice(0, 2).map((id) => indexedOf(store, id)?.signature as BodyRef);
    const get: Bodies['get'] = (ref) => {
      if (ref === old[0]) return Promise.reject(new Error('damaged'));
      return ref === old[1] ? Promise.resolve(Buffer.from([99, 0, 0])) : signatures.get(ref);
    };
    await settled(start({ ...store, signatures: { ...signatures, get } }));
    expect(errors.splice(0)).toEqual([new Error('damaged')]);
    expect(signatures.dropped).toEqual(old);
    expect(signaturesOf(store.state).size).toBe(3);
    for (const [i, id] of ids.slice(0, 2).entries()) expect(indexedOf(store, id)?.signature).not.toEqual(old[i]);
  });

  test('the signature of a message that was deleted meanwhile is dropped again', async () => {
    const { store, signatures, send } = await filled();
    const id = await send({ text: 'short-lived' });
    const put: Bodies['put'] = async (raw) => {
      const ref = await signatures.put(raw);
      await store.commit([{ type: 'messages.deleted', ids: [id], reason: 'deleted' }]);
      return ref;
    };
    await settled(start({ ...store, signatures: { ...signatures, put } }));
    expect(signatures.dropped).toHaveLength(1);
    expect(signaturesOf(store.state).has(id)).toBe(false);
  });

  test('a disk that is full costs the index only', async () => {
    const { store, send, signatures } = await filled();
    const indexer = start({ ...store, signatures: { ...signatures, put: () => Promise.reject(new Error('full')) } });
    const id = await send({ text: 'quincunx four' });
    await settled(indexer);
    expect(errors.splice(0)).toEqual([new Error('full')]);
    expect(indexedOf(store, id)).toBe(null);
    expect((await search(store, parseQuery('"quincunx four"'), { limit: 9 })).total).toBe(1);
  });
});
