import { beforeAll, describe, expect, test } from 'vitest';
import { parseQuery } from '../../../server/store/query.ts';
import { failedTerms, search } from '../../../server/store/search.ts';
import { facets } from '../../../server/store/facets.ts';
import type { SearchOptions } from '../../../server/store/search.ts';
import type { Sample } from './sample.ts';
import { NOON, openSample } from './sample.ts';

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
  for (let i = 0; i < 300; i++) await many.send({ text: `line ${i} `.repeat(800) });
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await search(many.store, parseQuery('body:nowhere'), { limit: 10 });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(0);
  expect(NOON).toBe(many.clock.time);
});
