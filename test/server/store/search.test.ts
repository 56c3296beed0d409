import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { createIndexer } from '../../../server/store/index/indexer.ts';
import { parseQuery } from '../../../server/store/query.ts';
import { failedTerms, search } from '../../../server/store/search.ts';
import { facets } from '../../../server/store/facets.ts';
import type { SearchOptions } from '../../../server/store/search.ts';
import { sliceOver } from '../../../server/store/slices.ts';
import type { Sample } from './sample.ts';
import { openSample } from './sample.ts';

let sample: Sample;
const names = new Map<string, string>();

beforeAll(async () => {
  sample = await openSample();
  const minute = 60_000;
  const mails: [string, Parameters<Sample['send']>[0]][] = [
    ['welcome', { header: { From: 'Acme Team <hello@acme.test>', Subject: 'Welcome to Acme', 'X-Id': '7' }, text: 'Your code is 482913' }],
    ['reset', { to: ['dev@shop.test'], header: { Subject: 'Password reset' }, text: 'Open https://app.test/reset?t=1' }],
    ['umlaut', { to: ['jörg@müller.test'], header: { Subject: '=?utf-8?q?Gr=C3=BC=C3=9Fe?=' }, text: 'Schöne Grüße' }],
    ['report', { to: ['jo@shop.test', 'boss@corp.test'], header: { To: 'jo@shop.test', Cc: 'list@corp.test' }, origin: { user: 'web-1' } }],
    ['large', { header: { Subject: 'Big one', 'Message-ID': '<big@x.test>' }, text: 'x'.repeat(20_000) }],
  ];
  for (const [name, mail] of mails) {
    sample.clock.time += minute;
    names.set(await sample.send(mail), name);
  }
  const id = (name: string): string => [...names].find(([, value]) => value === name)?.[0] ?? '';
  await sample.store.commit([
    { type: 'messages.marked', ids: [id('reset')], read: true, addTags: ['urgent'] },
    { type: 'messages.marked', ids: [id('large')], starred: true, pinned: true },
  ]);
});

async function found(text: string, options: Partial<SearchOptions> = {}): Promise<string[]> {
  const page = await search(sample.store, parseQuery(text), { limit: 50, ...options });
  return page.items.map(({ message }) => names.get(message.id) ?? '?');
}

describe('a query finds, newest first', () => {
  test.each([
    ['', ['large', 'report', 'umlaut', 'reset', 'welcome']],
    ['welcome', ['welcome']],
    ['ACME', ['welcome']],
    ['482913', ['welcome']],
    ['from:acme', ['welcome']],
    ['from:"acme team"', ['welcome']],
    ['from:hello@acme.test', ['welcome']],
    ['from:ello@acme.test', []],
    ['from:*@acme.test', ['welcome']],
    ['from:*@client.test', ['large', 'report', 'umlaut', 'reset']],
    ['to:jo@shop.test', ['large', 'report', 'welcome']],
    ['rcpt:boss@corp.test', ['report']],
    ['to:boss', []],
    ['cc:list', ['report']],
    ['sender:app@client.test', ['large', 'report', 'umlaut', 'reset', 'welcome']],
    ['subject:grüße', ['umlaut']],
    ['subject:GRÜSSE', []],
    ['body:schöne', ['umlaut']],
    ['body:welcome', []],
    ['"schöne grüße"', ['umlaut']],
    ['"your  code"', ['welcome']],
    ['from:*acme*', ['welcome']],
    ['to:j*g@m*r.tes', []],
    ['rcpt:j*g@m*r.test', ['umlaut']],
    ['subject:*to*', ['welcome']],
    ['subject:to*', []],
    ['subject:w*a*', ['welcome']],
    ['subject:*ac*acme', []],
    ['body:*code*4829*', ['welcome']],
    ['message-id:big', ['large']],
    ['filename:a', []],
    ['has:html', []],
    ['co', ['report', 'welcome']],
    ['header:X-Id=7', ['welcome']],
    ['header:x-id=8', []],
    ['header:x-id=', ['welcome']],
    ['message-id:<big@x.test>', ['large']],
    ['domain:shop.test', ['large', 'report', 'reset', 'welcome']],
    ['domain:hop', ['large', 'report', 'reset', 'welcome']],
    ['domain:hop.test', []],
    ['domain:*.test -domain:shop.test', ['umlaut']],
    ['user:web', ['report']],
    ['client:127.0.0.1', ['large', 'report', 'umlaut', 'reset', 'welcome']],
    ['host:submission is:starred', ['large']],
    ['tag:urgent', ['reset']],
    ['is:read', ['reset']],
    ['is:unread -is:pinned', ['report', 'umlaut', 'welcome']],
    ['has:link', ['reset']],
    ['has:code', ['welcome']],
    ['has:attachment', []],
    ['larger:10kb', ['large']],
    ['smaller:10kb subject:reset', ['reset']],
    ['before:2026-11-24T12:02:30Z', ['reset', 'welcome']],
    ['after:90s', ['large', 'report']],
    ['welcome OR reset', ['reset', 'welcome']],
    ['(welcome OR reset) -is:read', ['welcome']],
    ['-welcome -reset', ['large', 'report', 'umlaut']],
    ['state:delivered subject:big', ['large']],
    ['state:deferred', []],
  ])('%s → %j', async (text, expected) => {
    expect(await found(text)).toEqual(expected);
  });
});

describe('a page', () => {
  test.each([
    ['received', ['welcome', 'reset', 'umlaut', 'report', 'large']],
    ['-size', ['large']],
    ['subject', ['report', 'large', 'umlaut', 'reset', 'welcome']],
  ] as const)('is sorted by %s', async (sort, expected) => {
    expect((await found('', { sort })).slice(0, expected.length)).toEqual(expected);
  });

  test('goes on after a cursor, in both directions, also when that message is deleted meanwhile', async () => {
    const other = await openSample();
    const ids: string[] = [];
    for (let i = 0; i < 10; i++) ids.push(await other.send({ text: `needle ${i}` }));
    for (const text of ['', 'sender:app', 'needle']) {
      const first = await search(other.store, parseQuery(text), { limit: 4 });
      expect(first.items.map(({ message }) => ids.indexOf(message.id))).toEqual([9, 8, 7, 6]);
      expect(first.next).toBe(ids[6]);
      const second = await search(other.store, parseQuery(text), { limit: 4, cursor: first.next ?? '' });
      expect(second.items.map(({ message }) => ids.indexOf(message.id))).toEqual([5, 4, 3, 2]);
      const upwards = await search(other.store, parseQuery(text), { limit: 3, sort: 'received', cursor: ids[5] ?? '' });
      expect(upwards.items.map(({ message }) => ids.indexOf(message.id))).toEqual([6, 7, 8]);
      const last = await search(other.store, parseQuery(text), { limit: 4, cursor: ids[2] ?? '' });
      expect([last.items.length, last.next]).toEqual([2, null]);
    }
    await other.store.commit([{ type: 'messages.deleted', ids: [ids[6] ?? ''], reason: 'deleted' }]);
    for (const text of ['', 'sender:app']) {
      const page = await search(other.store, parseQuery(text), { limit: 2, cursor: ids[6] ?? '' });
      expect(page.items.map(({ message }) => ids.indexOf(message.id))).toEqual([5, 4]);
    }
  });

  test('jumps by offset', async () => {
    expect(await found('', { offset: 3, limit: 1 })).toEqual(['reset']);
    expect(await found('to:jo@shop.test', { offset: 1, limit: 1 })).toEqual(['report']);
  });

  test('counts everything that the state can tell, and stops counting where bodies would be read', async () => {
    const total = async (text: string, options: Partial<SearchOptions> = {}): Promise<unknown> => {
      const page = await search(sample.store, parseQuery(text), { limit: 1, ...options });
      return [page.total, page.totalAtLeast];
    };
    expect(await total('to:jo@shop.test')).toEqual([3, null]);
    expect(await total('test')).toEqual([null, 2]);
    expect(await total('test', { total: true })).toEqual([5, null]);
    expect(await total('482913')).toEqual([1, null]);
  });

  test('of an account is that of its mailbox, with its own marks', async () => {
    expect(await found('', { account: 'dev@shop.test' })).toEqual(['reset']);
    expect(await found('is:unread', { account: 'dev@shop.test' })).toEqual(['reset']);
    expect(await found('', { account: 'jo@shop.test', mailbox: 'inbox' })).toEqual(['large', 'report', 'welcome']);
    await expect(found('', { account: 'nobody@shop.test' })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('a sorted page', () => {
  async function subjects(): Promise<{
    sample: Sample;
    send: (subject: string) => Promise<string>;
    list: (options?: Partial<SearchOptions>) => Promise<string>;
  }> {
    const other = await openSample();
    return {
      sample: other,
      send: (subject) => other.send({ header: { Subject: subject } }),
      async list(options) {
        const { items } = await search(other.store, parseQuery(''), { limit: 50, sort: 'subject', ...options });
        return items.map(({ message }) => message.header.subject).join('');
      },
    };
  }

  test('follows what comes, goes, and comes back', async () => {
    const { sample: other, send, list } = await subjects();
    const ids = new Map<string, string>();
    for (const subject of ['d', 'b', 'f', 'h', 'j', 'l']) ids.set(subject, await send(subject));
    expect(await list()).toBe('bdfhjl');
    await send('e');
    await send('a');
    expect(await list()).toBe('abdefhjl');
    const gone = [ids.get('b') ?? '', ids.get('h') ?? ''];
    await other.store.commit([{ type: 'messages.deleted', ids: gone, reason: 'deleted', undo: { id: 'u', at: 0 } }]);
    expect(await list()).toBe('adefjl');
    await send('c');
    expect(await list()).toBe('acdefjl');
    await other.store.commit([{ type: 'deletion.undone', undo: 'u' }]);
    expect(await list()).toBe('abcdefhjl');
  });

  test('is the same for two that ask at once while mail comes in', async () => {
    const { send, list } = await subjects();
    await send('b');
    const both = [list(), list()];
    await send('a');
    expect((await Promise.all(both)).every((page) => page === 'ab' || page === 'b')).toBe(true);
    expect(await list()).toBe('ab');
  });

  test('goes on after a cursor, newest first among equals, and ends where the cursor is unknown', async () => {
    const { send, list } = await subjects();
    const [c1, , b] = [await send('c'), await send('c'), await send('b'), await send('d')];
    expect(await list({ cursor: b })).toBe('ccd');
    expect(await list({ cursor: c1 })).toBe('d');
    expect(await list({ cursor: b, offset: 2 })).toBe('d');
    expect(await list({ cursor: '0' })).toBe('');
  });

  test('of thousands is in order', async () => {
    const { sample: other, list } = await subjects();
    for (let i = 0; i < 5_000; i++) await other.send({ text: 'x'.repeat((i * 7919) % 997), header: { Subject: '.' } });
    const { items, total } = await search(other.store, parseQuery(''), { limit: 5_000, sort: 'size' });
    expect(total).toBe(5_000);
    const sizes = items.map(({ message }) => message.size);
    expect(sizes).toEqual([...sizes].sort((a, b) => a - b));
    expect((await list({ offset: 4_999 })).length).toBe(1);
  });
});

test('an account is paged by a cursor too, whether its message is still there or not', async () => {
  const other = await openSample();
  const ids: string[] = [];
  for (let i = 0; i < 6; i++) ids.push(await other.send());
  const page = async (options: Partial<SearchOptions>): Promise<[number[], unknown]> => {
    const { items, total } = await search(other.store, parseQuery(''), { limit: 2, account: 'jo@shop.test', ...options });
    return [items.map(({ message }) => ids.indexOf(message.id)), total];
  };
  expect(await page({ cursor: ids[4] ?? '' })).toEqual([[3, 2], 6]);
  expect(await page({ cursor: ids[4] ?? '', sort: 'received' })).toEqual([[5], 6]);
  await other.store.commit([{ type: 'messages.deleted', ids: [ids[3] ?? ''], reason: 'deleted' }]);
  expect(await page({ cursor: ids[3] ?? '' })).toEqual([[2, 1], 5]);
  expect(await page({ cursor: ids[3] ?? '', sort: 'received' })).toEqual([[4, 5], 5]);
});

test('a display name cannot pass for another field, nor for an address', async () => {
  const other = await openSample();
  await other.send({ header: { From: '=?utf-8?q?x=01y=01boss=40corp.test?= <a@b.test>', To: '"<c@d.test>" <e@f.test>' } });
  const count = async (q: string): Promise<number> => (await search(other.store, parseQuery(q), { limit: 1 })).items.length;
  expect(await count('cc:boss')).toBe(0);
  expect(await count('from:a@b.test to:e@f.test')).toBe(1);
  expect(await count('to:c@d.test')).toBe(0);
});

test('what a search finds does not depend on the index', async () => {
  const vocabulary = ['order', 'border', 'Ord', 'Grüße', 'shipping', 'in', 'gst', 'a', '😀', 'thing', 'ΟΔΟΣ'];
  const words = fc.array(fc.constantFrom(...vocabulary), { minLength: 1, maxLength: 12 });
  const asked = fc.oneof(
    fc.constantFrom(...vocabulary, 'der', 'shipp*g', '*ing*a*', 'missing', 'rdr'),
    fc.tuple(fc.constantFrom(...vocabulary), fc.constantFrom(...vocabulary)).map((pair) => pair.join(' ')),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.array(words, { minLength: 1, maxLength: 8 }),
      asked,
      fc.constantFrom('', '-', 'body:'),
      async (texts, word, prefix) => {
        const other = await openSample();
        for (const [i, text] of texts.entries()) await other.send({ text: text.join(i % 2 === 0 ? ' ' : '\r\n') });
        const ask = async (): Promise<unknown> => {
          const { items, total } = await search(other.store, parseQuery(`${prefix}"${word}"`), { limit: 50, total: true });
          return [total, items.map(({ message }) => message.id)];
        };
        const scanned = await ask();
        const indexer = createIndexer({
          store: other.store,
          report: (error) => {
            throw error;
          },
        });
        while (indexer.pending > 0) await turn();
        await indexer.stop();
        expect(await ask()).toEqual(scanned);
      },
    ),
    { numRuns: 60 },
  );
});

test('a text that the index rejects is not read', async () => {
  const other = await openSample();
  for (let i = 0; i < 40; i++) await other.send({ text: `message number ${i}` });
  const needle = await other.send({ text: 'a quincunx' });
  const indexer = createIndexer({ store: other.store, report: () => undefined });
  while (indexer.pending > 0) await turn();
  await indexer.stop();
  const read: string[] = [];
  const counting = { ...other.store, body: (id: string) => (read.push(id), other.store.body(id)) };
  const { items } = await search(counting, parseQuery('quincunx'), { limit: 5 });
  expect([items.map(({ message }) => message.id), read]).toEqual([[needle], [needle]]);
  expect((await search(counting, parseQuery('has:attachment OR filename:pdf'), { limit: 5 })).total).toBe(0);
  expect(read).toEqual([needle]);
});

test('a near miss says which terms failed', async () => {
  const kept = sample.store.state.arrivals.at(0);
  if (!kept) throw new Error('empty');
  expect(await failedTerms(sample.store, parseQuery('subject:welcome to:other@x.test (zzz OR is:read) -code'), kept)).toEqual([
    'to:other@x.test',
    '(zzz OR is:read)',
    '-code',
  ]);
});

test('facets count each message once for each value', async () => {
  const counts = await facets(sample.store, parseQuery(''));
  expect(counts.recipients[0]).toEqual({ value: 'jo@shop.test', count: 3 });
  expect(counts.domains.slice(0, 1)).toEqual([{ value: 'shop.test', count: 4 }]);
  expect(counts.users).toEqual([{ value: 'web-1', count: 1 }]);
  expect(counts.tags).toEqual([{ value: 'urgent', count: 1 }]);
  expect(counts.states).toContainEqual({ value: 'unread', count: 4 });
  expect((await facets(sample.store, parseQuery('subject:reset'))).recipients).toEqual([{ value: 'dev@shop.test', count: 1 }]);
});

test('a walk over many bodies lets others have their turn', async () => {
  const many = await openSample();
  for (let i = 0; i < 20; i++) await many.send();
  const slow = {
    ...many.store,
    body(id: string) {
      while (!sliceOver());
      return many.store.body(id);
    },
  };
  let turns = 0;
  const count = setInterval(() => turns++, 0);
  await search(slow, parseQuery('body:nowhere'), { limit: 10 });
  clearInterval(count);
  expect(turns).toBeGreaterThan(0);
});
