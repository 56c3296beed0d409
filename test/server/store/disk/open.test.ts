import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { silentLog } from '../../../../server/base/log.ts';
import type { Log } from '../../../../server/base/log.ts';
import type { Change } from '../../../../server/store/changes.ts';
import type { DiskOptions } from '../../../../server/store/disk/open.ts';
import { openDisk } from '../../../../server/store/disk/open.ts';
import { createIds, timeOfId } from '../../../../server/base/ids.ts';
import { acceptedOf, addedOf, attemptOf, deliveryOf, triedOf } from '../deliveries.ts';
import type { Sample } from '../sample.ts';
import { NOON, openSample } from '../sample.ts';
import { dump } from './dump.ts';
import type { FakeFiles } from './fake-files.ts';
import { createFakeFiles } from './fake-files.ts';

const FOLDER = '/data';

interface Opened extends Sample {
  close(): Promise<void>;
  settled(): Promise<void>;
  rewrite(): Promise<void>;
}

async function open(files: FakeFiles, options: Partial<DiskOptions> = {}): Promise<Opened> {
  const lock = (): Promise<{ release: () => Promise<void> }> => Promise.resolve({ release: () => Promise.resolve() });
  const disk = await openDisk({ folder: FOLDER, durability: 'process', log: silentLog, files, lock, ...options });
  const sample = await openSample({}, { ...disk, adapter: disk });
  const rewrite = (): Promise<void> => disk.rewrite((changes) => sample.store.commit(changes));
  return { ...sample, close: disk.close, settled: disk.settled, rewrite };
}

const fileOf = (files: FakeFiles, name: string): Buffer => files.contents.get(`${FOLDER}/${name}`) ?? Buffer.alloc(0);

function flip(files: FakeFiles, name: string, at: number): void {
  const bytes = fileOf(files, name);
  const position = at < 0 ? bytes.length + at : at;
  bytes[position] = (bytes[position] ?? 0) ^ 0x40;
}

/** Any change to what the state has by then. */
function changeOf(sample: Sample, kind: number, pick: number, n: number): Change[] {
  const { state } = sample.store;
  const kept = state.arrivals.at(pick % Math.max(1, state.arrivals.length));
  const entry = kept?.entries[pick % kept.entries.length];
  const undo = [...state.trash.keys()][0];
  if (!kept || !entry) return [];
  const ids = [kept.message.id];
  const where = { account: entry.mailbox.account, mailbox: entry.mailbox.name, uids: [entry.uid] };
  const changes: Change[] = [
    { type: 'messages.marked', ids, read: pick % 2 === 0, pinned: pick % 5 === 0, addTags: [`t${n}`] },
    { type: 'flags.set', ...where, mode: 'add', flags: ['\\Seen', `k${pick % 3}`], via: 'imap' },
    { type: 'messages.deleted', ids, reason: 'deleted' },
    { type: 'messages.deleted', ids, reason: 'deleted', undo: { id: `u${n}`, at: n } },
    undo === undefined ? { type: 'account.opened', account: `a${n}@x.test` } : { type: 'deletion.undone', undo },
    undo === undefined ? { type: 'account.opened', account: `b${n}@x.test` } : { type: 'deletion.expired', undo },
    { type: 'mailbox.created', account: entry.mailbox.account, mailbox: `Box${pick % 4}` },
    { type: 'entries.copied', ...where, to: `Box${pick % 4}`, move: pick % 2 === 0, at: n, via: 'imap' },
    { type: 'entries.removed', ...where, via: 'pop3' },
    { type: 'mailbox.renamed', account: where.account, mailbox: `Box${pick % 4}`, to: `Other${n}`, at: n },
    { type: 'mailbox.subscribed', account: where.account, mailbox: `Box${pick % 4}`, subscribed: pick % 3 > 0 },
    { type: 'mailbox.renamed', account: where.account, mailbox: 'INBOX', to: `Moved${pick % 2}`, at: n },
    { type: 'mailbox.deleted', account: where.account, mailbox: `Box${pick % 4}`, via: 'imap' },
    { type: 'mailbox.renumbered', account: where.account, mailbox: where.mailbox },
    { type: 'message.indexed', id: kept.message.id, indexed: { snippet: `s${n}`, attachments: 1, signature: null } },
  ];
  return [changes[kind % changes.length] as Change];
}

const STATES = ['queued', 'active', 'deferred', 'held', 'delivered', 'bounced', 'expired', 'dropped'] as const;

/** Any change to the deliveries that the state has by then. */
function deliveryChangeOf({ store: { state } }: Sample, kind: number, pick: number, n: number): Change[] {
  const all = [...state.deliveries.values()];
  const delivery = all[pick % Math.max(1, all.length)];
  if (!delivery) return [];
  const { id, messageId, recipient } = delivery;
  const next = STATES[(pick + kind) % STATES.length] ?? 'held';
  const changes: Change[] = [
    triedOf(id, n, next),
    { type: 'delivery.tried', id, attempts: Array.from({ length: 20 }, () => attemptOf(n)), state: next, nextAttemptAt: n, via: null },
    { type: 'deliveries.set', ids: all.slice(0, 3).map((other) => other.id), state: next, nextAttemptAt: pick % 2 ? n : null },
    { type: 'deliveries.set', ids: [id], state: 'active', nextAttemptAt: null },
    { type: 'delivery.warned', id, at: n },
    { type: 'deliveries.forgotten', ids: all.map((other) => other.id) },
    { type: 'deliveries.queued', deliveries: [deliveryOf(`${id.slice(0, 13)}z`, messageId, `late${pick}@shop.test`)] },
    acceptedOf(messageId, recipient.address, [recipient.address]),
  ];
  return [changes[kind % changes.length] as Change];
}

/** A message for receivers, with ids between those that the sample has made and those that it will. */
async function sendOut({ store, clock }: Sample, recipients: number): Promise<void> {
  clock.time = Math.max(clock.time, timeOfId(store.state.newestId || createIds(() => clock.time)())) + 2;
  const ids = createIds(() => clock.time - 1, store.state.newestId);
  const to = Array.from({ length: recipients }, (_, i) => `out${i}@shop.test`);
  await store.commit([await addedOf(store, ids(), to, [], ids)]);
}

/** What a store is after a restart: whatever was being tried is due. */
async function restarted({ store }: Sample): Promise<unknown> {
  await store.commit([{ type: 'store.opened', at: NOON }]);
  return dump(store.state);
}

describe('what was kept comes back', () => {
  test('with its bytes, marks, mailboxes and counters', async () => {
    const files = createFakeFiles(FOLDER);
    const first = await open(files);
    const id = await first.send({ to: ['jo@shop.test', 'ann@shop.test'], text: 'kept' });
    await first.store.commit([{ type: 'messages.marked', ids: [id], read: true, pinned: true, addTags: ['a'] }]);
    const raw = await first.store.body(id);
    const before = dump(first.store.state);
    await first.close();
    const second = await open(files);
    expect(dump(second.store.state)).toEqual(before);
    expect((await second.store.body(id)).equals(raw)).toBe(true);
    expect(await second.send()).not.toBe(id);
  });

  test('whatever changes, in whatever order, with snapshots and rewritten segments in between', async () => {
    const step = fc.tuple(fc.nat(39), fc.nat(50));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 80 }), async (steps) => {
        const files = createFakeFiles(FOLDER);
        const small = { journalSize: 3000, segmentSize: 1500, sliceMs: 0 };
        let sample = await open(files, small);
        for (const [n, [kind, pick]] of steps.entries()) {
          if (kind >= 24) await (kind < 36 ? sample.store.commit(deliveryChangeOf(sample, kind, pick, n)) : sendOut(sample, pick % 4));
          else if (kind >= 15) {
            if (kind === 23) {
              const before = await restarted(sample);
              await sample.close();
              sample = await open(files, small);
              expect(dump(sample.store.state)).toEqual(before);
            } else if (kind === 22) await sample.rewrite();
            else await sample.send({ to: [`u${pick % 4}@x.test`], text: 'x'.repeat(pick * 10) });
          } else await sample.store.commit(changeOf(sample, kind, pick, n));
        }
        const before = await restarted(sample);
        const bodies = await Promise.all([...sample.store.state.messages.keys()].map((id) => sample.store.body(id)));
        await sample.close();
        const again = await open(files, small);
        expect(dump(again.store.state)).toEqual(before);
        const reread = await Promise.all([...again.store.state.messages.keys()].sort().map((id) => again.store.body(id)));
        expect(reread.map(String).sort()).toEqual(bodies.map(String).sort());
      }),
      { numRuns: 100 },
    );
  });

  test('with its deliveries, of which those that were being tried are due, and the copy that a host took', async () => {
    const files = createFakeFiles(FOLDER);
    const first = await open(files);
    const { store } = first;
    const added = await addedOf(store, '0c00000000000a', ['jo@shop.test', 'ann@shop.test', 'bo@shop.test']);
    await store.commit([
      added,
      triedOf('0c00000000000a.0', 1, 'delivered'),
      acceptedOf('0c00000000000a', 'jo@shop.test', ['jo@shop.test']),
      triedOf('0c00000000000a.1', 1, 'deferred'),
      { type: 'deliveries.set', ids: ['0c00000000000a.1', '0c00000000000a.2'], state: 'active', nextAttemptAt: null },
    ]);
    await first.close();
    const { state } = (await open(files)).store;
    expect([...state.deliveries.values()].map((delivery) => [delivery.state, delivery.nextAttemptAt, delivery.attemptCount])).toEqual([
      ['delivered', null, 1],
      ['queued', NOON + 1000, 1],
      ['queued', NOON, 0],
    ]);
    expect(state.messages.get('0c00000000000a')?.deliveries).toEqual([...state.deliveries.values()]);
    expect([...state.openDeliveries.keys()]).toEqual(['0c00000000000a.1', '0c00000000000a.2']);
    const [entry] = state.accounts.get('jo@shop.test')?.mailboxes.get('INBOX')?.entries.slice() ?? [];
    expect(entry?.hops).toMatchObject([{ at: NOON + 5000, recipient: 'jo@shop.test', origin: { host: 'mx1.shop.test' } }]);
  });

  test('and a snapshot is the state at its beginning, however much changes while it is written', async () => {
    const files = createFakeFiles(FOLDER);
    const sample = await open(files, { journalSize: 60_000, sliceMs: 0 });
    const ids: string[] = [];
    for (let i = 0; i < 20; i++) await sendOut(sample, 2);
    const out = [...sample.store.state.deliveries.values()];
    sample.clock.time += 10;
    while (!files.calls.some((call) => call.startsWith('open snapshot'))) ids.push(await sample.send());
    // The snapshot has begun: change what it may not have reached yet.
    await sample.store.commit([{ type: 'messages.marked', ids: ids.slice(0, 40), read: true, pinned: true, addTags: ['late'] }]);
    await sample.store.commit([{ type: 'messages.deleted', ids: ids.slice(-20), reason: 'deleted' }]);
    await sample.store.commit([{ type: 'mailbox.renumbered', account: '*', mailbox: 'INBOX' }]);
    const over = out.filter((_, i) => i % 2 === 0).map(({ id }) => id);
    await sample.store.commit([
      ...out.map(({ id }, i) => triedOf(id, 1, i % 2 === 0 ? 'bounced' : 'deferred')),
      ...out.map(({ messageId, recipient: { address } }) => acceptedOf(messageId, address, [address])),
      { type: 'deliveries.forgotten', ids: over.slice(0, 15) },
      { type: 'messages.deleted', ids: out.slice(-6).map(({ messageId }) => messageId), reason: 'deleted', undo: { id: 'u', at: NOON } },
    ]);
    await sendOut(sample, 2);
    sample.clock.time += 10;
    await sample.send();
    await sample.settled();
    expect(files.calls.filter((call) => call.startsWith('rename snapshot'))).toHaveLength(1);
    expect([...files.contents.keys()].filter((name) => /journal|snapshot/.test(name))).toEqual(['/data/journal.2', '/data/snapshot.2']);
    const before = dump(sample.store.state);
    await sample.close();
    expect(dump((await open(files)).store.state)).toEqual(before);
  });
});

describe('a damaged folder', () => {
  async function filled(): Promise<{ files: FakeFiles; ids: string[]; before: unknown }> {
    const files = createFakeFiles(FOLDER);
    const sample = await open(files);
    const ids = [];
    for (let i = 0; i < 5; i++) ids.push(await sample.send({ text: `number ${i}` }));
    const before = dump(sample.store.state);
    await sample.close();
    return { files, ids, before };
  }

  test('whose journal ends in half a record loses that record alone, at every length', async () => {
    const { files, ids } = await filled();
    const whole = fileOf(files, 'journal.1');
    const start = whole.lastIndexOf(Buffer.from([0xfe, 0x4d, 0x52, 0x31]));
    for (let end = start; end < whole.length; end += 7) {
      files.contents.set(`${FOLDER}/journal.1`, Buffer.from(whole.subarray(0, end)));
      const sample = await open(files);
      expect(sample.store.state.arrivals.slice().map(({ message }) => message.id)).toEqual(ids.slice(0, 4));
      await sample.send({ text: 'goes on' });
      await sample.close();
      const again = await open(files);
      expect(again.store.state.arrivals.length).toBe(5);
      await again.close();
    }
  });

  test('says so in the log when it cuts the end', async () => {
    const { files } = await filled();
    flip(files, 'journal.1', -3);
    const warnings: string[] = [];
    const log: Log = { ...silentLog, warn: (text) => warnings.push(text) };
    const sample = await open(files, { log });
    expect(sample.store.state.arrivals.length).toBe(4);
    expect(warnings).toEqual([expect.stringMatching(/^journal\.1: its last \d+ octets were never finished/)]);
  });

  test.each([
    ['in the middle of the journal', 'journal.1', /^journal\.1 is damaged between octets \d+ and \d+\./],
    ['at the beginning of the journal', 'journal.1', /^journal\.1 is damaged between octets 0 and \d+\./],
  ])('%s is not opened, and says where', async (where, name, message) => {
    const { files } = await filled();
    const at = where.includes('middle') ? Math.floor(fileOf(files, name).length / 2) : 2;
    flip(files, name, at);
    const damaged = Buffer.from(fileOf(files, name));
    await expect(open(files)).rejects.toThrow(message);
    expect(fileOf(files, name).equals(damaged)).toBe(true);
  });

  test('with a flipped octet in a segment serves all other messages, and names file and place for that one', async () => {
    const { files, ids } = await filled();
    const [first = '', second = ''] = ids;
    const at = fileOf(files, 'bodies/000001.seg').indexOf('number 1');
    flip(files, 'bodies/000001.seg', at);
    const sample = await open(files);
    await expect(sample.store.body(second)).rejects.toThrow(/bodies\/000001\.seg is damaged in the record at octet \d+/);
    expect(String(await sample.store.body(first))).toContain('number 0');
  });

  test('with a damaged or unfinished snapshot is not opened', async () => {
    const files = createFakeFiles(FOLDER);
    const sample = await open(files, { journalSize: 2000 });
    for (let i = 0; i < 5; i++) await sample.send();
    await sample.settled();
    await sample.close();
    const name = [...files.contents.keys()].find((path) => path.includes('snapshot'))?.slice(FOLDER.length + 1) ?? '';
    const whole = Buffer.from(fileOf(files, name));
    flip(files, name, 100);
    await expect(open(files)).rejects.toThrow(`${name} is damaged at octet 0`);
    files.contents.set(`${FOLDER}/${name}`, whole.subarray(0, whole.length - 10));
    await expect(open(files)).rejects.toThrow(`${name} is damaged`);
    files.contents.set(`${FOLDER}/${name}`, whole);
    expect((await open(files)).store.state.arrivals.length).toBe(5);
  });

  test('from which a journal is missing is not opened', async () => {
    const files = createFakeFiles(FOLDER);
    const sample = await open(files, { journalSize: 2000 });
    files.fail = (call) => (call.includes('snapshot') ? { error: 'EIO' } : undefined);
    for (let i = 0; i < 20; i++) {
      await sample.send();
      await sample.settled();
    }
    await sample.close();
    files.fail = () => undefined;
    expect((await open(files)).store.state.arrivals.length).toBe(20);
    files.contents.delete(`${FOLDER}/journal.2`);
    await expect(open(files)).rejects.toThrow('journal.2 is missing');
  });

  test('of a newer Mailrig is left alone', async () => {
    const { files } = await filled();
    files.contents.set(`${FOLDER}/mailrig.json`, Buffer.from('{ "name": "mailrig", "format": 2 }'));
    const before = files.calls.length;
    await expect(open(files)).rejects.toThrow(/newer Mailrig \(format 2, this one knows 1\)/);
    expect(files.calls.slice(before).filter((call) => !call.startsWith('open mailrig.json'))).toEqual([]);
  });
});

describe('a failing disk', () => {
  test.each([
    ['an error while writing the journal', 'write journal', { error: 'EIO' }],
    ['a full disk while writing the journal', 'write journal', { short: 30 }],
    ['an error while writing a body', 'write bodies', { error: 'ENOSPC' }],
    ['a full disk while writing a body', 'write bodies', { short: 10 }],
  ] as const)('%s refuses the message, and the next one goes in when there is room', async (_name, where, failure) => {
    const files = createFakeFiles(FOLDER);
    const sample = await open(files);
    const first = await sample.send({ text: 'one' });
    const before = dump(sample.store.state);
    files.fail = (call) => (call.startsWith(where) ? failure : undefined);
    await expect(sample.send({ text: 'two' })).rejects.toMatchObject({ code: 'storage-full' });
    expect([dump(sample.store.state), sample.full]).toEqual([before, ['data']]);
    expect(String(await sample.store.body(first))).toContain('one');
    files.fail = () => undefined;
    const third = await sample.send({ text: 'three' });
    const after = dump(sample.store.state);
    await sample.close();
    const again = await open(files);
    expect(dump(again.store.state)).toEqual(after);
    expect(String(await again.store.body(third))).toContain('three');
  });

  test('that cannot even be truncated refuses everything until it can', async () => {
    const files = createFakeFiles(FOLDER);
    const sample = await open(files);
    await sample.send();
    files.fail = (call) => (call.startsWith('truncate') ? { error: 'EIO' } : call.startsWith('write journal') ? { short: 20 } : undefined);
    await expect(sample.send()).rejects.toMatchObject({ code: 'storage-full' });
    files.fail = (call) => (call.startsWith('truncate') ? { error: 'EIO' } : undefined);
    await expect(sample.send()).rejects.toMatchObject({ code: 'storage-full' });
    files.fail = () => undefined;
    await sample.send();
    await sample.close();
    expect((await open(files)).store.state.arrivals.length).toBe(2);
  });
});

describe('the order of writes', () => {
  test('with power: body, sync, journal, sync, and only then the answer', async () => {
    const files = createFakeFiles(FOLDER);
    const sample = await open(files, { durability: 'power' });
    await sample.send();
    files.calls.length = 0;
    await sample.send();
    expect(files.calls.map((call) => call.replace(/ \d+$/, ''))).toEqual([
      'write bodies/000001.seg',
      'sync bodies/000001.seg',
      'write journal.1',
      'sync journal.1',
    ]);
  });

  test('with process: written, not synced', async () => {
    const files = createFakeFiles(FOLDER);
    const sample = await open(files);
    await sample.send();
    files.calls.length = 0;
    await sample.send();
    expect(files.calls.map((call) => call.replace(/ \d+$/, ''))).toEqual(['write bodies/000001.seg', 'write journal.1']);
  });

  test('a segment goes only after the journal that made it useless is synced', async () => {
    const files = createFakeFiles(FOLDER);
    const sample = await open(files, { segmentSize: 300 });
    const ids = [];
    for (let i = 0; i < 6; i++) ids.push(await sample.send({ text: 'x'.repeat(100) }));
    files.calls.length = 0;
    await sample.store.commit([{ type: 'messages.deleted', ids: ids.slice(0, 4), reason: 'deleted' }]);
    await sample.close();
    const removal = files.calls.findIndex((call) => call.startsWith('remove bodies'));
    const sync = files.calls.indexOf('sync journal.1');
    expect(sync).toBeGreaterThan(files.calls.findIndex((call) => call.startsWith('write journal.1')));
    expect(removal).toBeGreaterThan(sync);
  });

  test('a sparse segment is rewritten: copies and their journal are synced before the old file goes', async () => {
    const files = createFakeFiles(FOLDER);
    const sample = await open(files, { segmentSize: 1000 });
    const ids = [];
    for (let i = 0; i < 12; i++) ids.push(await sample.send({ text: `${i} `.repeat(60) }));
    const keep = ids[1] ?? '';
    await sample.store.commit([{ type: 'messages.deleted', ids: ids.filter((id) => id !== keep).slice(0, 8), reason: 'deleted' }]);
    files.calls.length = 0;
    await sample.rewrite();
    expect(String(await sample.store.body(keep))).toContain('1 1 1 1');
    const order = files.calls.map((call) => call.replace(/ \d+$/, ''));
    const copied = order.findIndex((call) => call.startsWith('write bodies'));
    const removal = order.indexOf('remove bodies/000001.seg');
    expect(
      order
        .slice(copied, removal)
        .filter((call) => call.startsWith('sync'))
        .sort(),
    ).toEqual(expect.arrayContaining([expect.stringMatching(/^sync bodies/), 'sync journal.1']));
    expect(removal).toBeGreaterThan(copied);
  });
});
