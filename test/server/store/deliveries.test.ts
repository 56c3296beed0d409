// What becomes of deliveries as changes are made.

import { describe, expect, test } from 'vitest';
import type { Delivery } from '../../../server/mail/delivery.ts';
import { KEPT_ATTEMPTS } from '../../../server/mail/delivery.ts';
import type { Change } from '../../../server/store/changes.ts';
import { stateOf, statesOf } from '../../../server/store/deliveries.ts';
import { facets } from '../../../server/store/facets.ts';
import { parseQuery } from '../../../server/store/query.ts';
import { search } from '../../../server/store/search.ts';
import { servedPrefix } from '../../../server/store/served.ts';
import type { Kept } from '../../../server/store/state.ts';
import { acceptedOf, addedOf, attemptOf, deliveryOf, triedOf } from './deliveries.ts';
import { NOON, openSample } from './sample.ts';

const JO = 'jo@shop.test';
const ANN = 'ann@shop.test';

const set = (ids: readonly string[], state: Delivery['state'], nextAttemptAt: number | null = null): Change => ({
  type: 'deliveries.set',
  ids,
  state,
  nextAttemptAt,
});

async function queued(to: readonly string[] = [JO], local: readonly string[] = []) {
  const sample = await openSample();
  const { store } = sample;
  const entries = local.map((address) => ({ account: address, mailbox: 'INBOX', deliveredTo: [address] }));
  await store.commit([await addedOf(store, 'm1', to, entries)]);
  const kept = store.state.messages.get('m1') as Kept;
  const events: string[] = [];
  store.events.on((event) => {
    if (event.type === 'delivery.changed') events.push(`${event.delivery.id} ${event.was?.state ?? 'new'} ${event.delivery.state}`);
    if (event.type === 'deliveries.forgotten') events.push(`forgotten ${event.deliveries.map(({ id }) => id).join()}`);
    if (event.type === 'message.changed') events.push(`${event.kept.message.id} changed`);
  });
  return {
    ...sample,
    kept,
    events,
    delivery: (id: string): Delivery | undefined => store.state.deliveries.get(id),
    inbox: (account: string) => store.state.accounts.get(account)?.mailboxes.get('INBOX')?.entries.slice() ?? [],
    open: () => [...store.state.openDeliveries.keys()],
  };
}

describe('a message for a receiver', () => {
  test('has no entry in the account before a host has taken it, and all its recipients as they were named', async () => {
    const { kept, inbox, delivery, open } = await queued([JO, ANN], ['al@here.test']);
    expect([inbox(JO), inbox('al@here.test').length, inbox('*').length]).toEqual([[], 1, 1]);
    expect(kept.recipients.map(({ recipient, account, pending = false }) => [recipient, account, pending])).toEqual([
      [JO, JO, true],
      [ANN, ANN, true],
      ['al@here.test', 'al@here.test', false],
    ]);
    expect(kept.deliveries).toEqual([delivery('m1.0'), delivery('m1.1')]);
    expect(open()).toEqual(['m1.0', 'm1.1']);
  });

  test('may get more deliveries, each once; those of no message here are left out', async () => {
    const { store, kept, events } = await queued();
    const more = [deliveryOf('m1.5', 'm1', 'late@shop.test'), deliveryOf('m1.5', 'm1', 'late@shop.test'), deliveryOf('x', 'm9', JO)];
    const [first] = await store.commit([{ type: 'deliveries.queued', deliveries: more }]);
    const [again] = await store.commit([{ type: 'deliveries.queued', deliveries: more }]);
    expect([first?.changed, again?.changed]).toEqual([1, 0]);
    expect(kept.recipients.map(({ recipient }) => recipient)).toEqual([JO, 'late@shop.test']);
    expect(events).toEqual(['m1.5 new queued', 'm1 changed']);
  });

  test('is served with both Received lines once a host has taken it, in every copy', async () => {
    const { store, kept, inbox } = await queued([JO, ANN]);
    const [outcome] = await store.commit([
      acceptedOf('m1', JO, [JO]),
      { type: 'mailbox.created', account: JO, mailbox: 'Kept' },
      { type: 'entries.copied', account: JO, mailbox: 'INBOX', uids: [1], to: 'Kept', move: false, at: NOON, via: 'imap' },
      { type: 'mailbox.renamed', account: JO, mailbox: 'INBOX', to: 'Old', at: NOON },
      { type: 'messages.deleted', ids: ['m1'], reason: 'deleted', undo: { id: 'u', at: NOON } },
      { type: 'deletion.undone', undo: 'u' },
    ]);
    expect([outcome, inbox(ANN)]).toEqual([{ changed: 1, uids: [1] }, []]);
    const copies = kept.entries.filter(({ mailbox }) => mailbox.account === JO);
    expect(copies.map(({ mailbox }) => mailbox.name).sort()).toEqual(['Kept', 'Old']);
    for (const copy of copies) {
      const received = servedPrefix(copy, true)
        .toString()
        .replace(/\r\n\s/g, ' ')
        .split('\r\n')
        .filter((line) => line.startsWith('Received:'));
      expect(received).toEqual([
        expect.stringMatching(/from mailrig\.test .* by mx1\.shop\.test with ESMTP id m1 for <jo@shop\.test>;.* 12:00:05/),
        expect.stringMatching(/from client\.test .* by mailrig\.test with ESMTP id m1;.* 12:00:00/),
      ]);
      expect([copy.internalDate, copy.deliveredTo]).toEqual([NOON + 5000, [JO]]);
    }
  });

  test('is there twice where a host took it twice, and what an account did with the first says nothing of the second', async () => {
    const { store, kept, inbox } = await queued();
    await store.commit([acceptedOf('m1', JO, [JO]), { type: 'entries.removed', account: JO, mailbox: 'INBOX', uids: [1], via: 'pop3' }]);
    expect(kept.recipients[0]?.removed).toBe('pop3');
    await store.commit([acceptedOf('m1', JO, [JO], 'mx2.shop.test'), acceptedOf('m1', JO, [JO])]);
    expect(kept.recipients[0]).toMatchObject({ removed: null, seen: null, pending: false });
    expect(inbox(JO).map(({ hops }) => hops?.at(-1)?.origin.host)).toEqual(['mx2.shop.test', 'mx1.shop.test']);
  });

  test('is not removed for a recipient whom it has not reached', async () => {
    const { store, kept } = await queued(['jo+a@shop.test', 'jo+b@shop.test']);
    await store.commit([
      acceptedOf('m1', JO, ['jo+a@shop.test']),
      { type: 'entries.removed', account: JO, mailbox: 'INBOX', uids: [1], via: 'imap' },
    ]);
    expect(kept.recipients.map(({ removed }) => removed)).toEqual(['imap', null]);
  });

  test('that is gone is taken by nobody', async () => {
    const { store, inbox } = await queued();
    await store.commit([{ type: 'messages.deleted', ids: ['m1'], reason: 'deleted' }]);
    expect(await store.commit([acceptedOf('m1', JO, [JO]), triedOf('m1.0', 1, 'delivered')])).toEqual([{ changed: 0 }, { changed: 0 }]);
    expect(inbox(JO)).toEqual([]);
  });
});

describe('a try', () => {
  test('says what comes next, and who took it', async () => {
    const { store, delivery, open, events } = await queued();
    await store.commit([set(['m1.0'], 'active'), triedOf('m1.0', 1, 'deferred')]);
    expect(delivery('m1.0')).toMatchObject({ state: 'deferred', nextAttemptAt: NOON + 2000, attemptCount: 1, rounds: 1, via: null });
    await store.commit([triedOf('m1.0', 2, 'delivered', { host: 'mx2.shop.test', code: 250 })]);
    expect(delivery('m1.0')).toMatchObject({ state: 'delivered', nextAttemptAt: null, attemptCount: 2, rounds: 2, via: 'mx2.shop.test' });
    expect(delivery('m1.0')?.attempts.map(({ host }) => host)).toEqual(['mx1.shop.test', 'mx2.shop.test']);
    expect(open()).toEqual([]);
    expect(events.filter((event) => event.startsWith('m1.0'))).toEqual([
      'm1.0 queued active',
      'm1.0 active deferred',
      'm1.0 deferred delivered',
    ]);
  });

  test('is remembered with the newest attempts only, but counted', async () => {
    const { store, delivery } = await queued();
    const attempts = Array.from({ length: KEPT_ATTEMPTS + 5 }, (_, i) => attemptOf(i + 1));
    const tried = { type: 'delivery.tried', id: 'm1.0', state: 'deferred', nextAttemptAt: NOON, via: null } as const;
    await store.commit([{ ...tried, attempts }]);
    await store.commit([{ ...tried, attempts: [attemptOf(KEPT_ATTEMPTS + 6)] }]);
    expect(delivery('m1.0')).toMatchObject({ attemptCount: KEPT_ATTEMPTS + 6, rounds: KEPT_ATTEMPTS + 6 });
    expect(delivery('m1.0')?.attempts.map(({ round }) => round)).toEqual(Array.from({ length: KEPT_ATTEMPTS }, (_, i) => i + 7));
  });

  test.each([
    ['held', 'deferred', 'held'],
    ['held', 'delivered', 'delivered'],
    ['held', 'bounced', 'bounced'],
    ['dropped', 'deferred', 'dropped'],
    ['dropped', 'bounced', 'dropped'],
    ['dropped', 'delivered', 'delivered'],
  ] as const)('on which somebody has %s the delivery, and which ends %s, leaves it %s', async (meanwhile, tried, expected) => {
    const { store, delivery } = await queued();
    await store.commit([set(['m1.0'], 'active'), set(['m1.0'], meanwhile), triedOf('m1.0', 1, tried)]);
    expect(delivery('m1.0')).toMatchObject({ state: expected, nextAttemptAt: null, attemptCount: 1 });
  });
});

test.each([
  ['deferred', 'held', true],
  ['deferred', 'queued', true],
  ['held', 'dropped', true],
  ['bounced', 'queued', true],
  ['expired', 'queued', true],
  ['bounced', 'held', false],
  ['dropped', 'expired', false],
  ['delivered', 'queued', false],
  ['delivered', 'dropped', false],
] as const)('a delivery that is %s by then is set to %s: %s', async (was, next, done) => {
  const { store, delivery, open } = await queued();
  await store.commit([triedOf('m1.0', 1, was)]);
  const [outcome] = await store.commit([set(['m1.0', 'unknown'], next, NOON)]);
  expect([outcome?.changed, delivery('m1.0')?.state]).toEqual(done ? [1, next] : [0, was]);
  expect(open()).toEqual(['queued', 'deferred', 'held'].includes(done ? next : was) ? ['m1.0'] : []);
});

test('a message of which many deliveries change at once is told once', async () => {
  const { store, events } = await queued([JO, ANN]);
  await store.commit([triedOf('m1.0', 1, 'deferred'), triedOf('m1.1', 1, 'bounced')]);
  await store.commit([set(['m1.0', 'm1.1'], 'queued', NOON)]);
  expect(events.filter((event) => event === 'm1 changed')).toHaveLength(2);
  expect(events).toHaveLength(6);
});

test('a warning is remembered', async () => {
  const { store, delivery, kept } = await queued();
  await store.commit([{ type: 'delivery.warned', id: 'm1.0', at: NOON + 7 }]);
  expect([delivery('m1.0')?.warnedAt, kept.deliveries[0]?.warnedAt]).toEqual([NOON + 7, NOON + 7]);
});

describe('a deletion', () => {
  test('takes the deliveries with it', async () => {
    const { store, events, open } = await queued([JO, ANN]);
    await store.commit([{ type: 'messages.deleted', ids: ['m1'], reason: 'deleted' }]);
    expect([store.state.deliveries.size, open(), events]).toEqual([0, [], ['forgotten m1.0,m1.1']]);
  });

  test('that is undone brings them back, the open ones held', async () => {
    const { store, delivery, open, events, kept } = await queued([JO, ANN, 'bo@shop.test']);
    await store.commit([triedOf('m1.0', 1, 'bounced'), triedOf('m1.1', 1, 'deferred'), set(['m1.2'], 'active')]);
    await store.commit([{ type: 'messages.deleted', ids: ['m1'], reason: 'deleted', undo: { id: 'u', at: NOON } }]);
    expect([store.state.deliveries.size, open()]).toEqual([0, []]);
    // Whoever was trying it meanwhile finds nothing to report on.
    expect(await store.commit([triedOf('m1.2', 1, 'deferred')])).toEqual([{ changed: 0 }]);
    events.length = 0;
    await store.commit([{ type: 'deletion.undone', undo: 'u' }]);
    expect(['m1.0', 'm1.1', 'm1.2'].map((id) => [delivery(id)?.state, delivery(id)?.nextAttemptAt])).toEqual([
      ['bounced', null],
      ['held', null],
      ['held', null],
    ]);
    expect([open(), kept.deliveries.map(({ state }) => state)]).toEqual([
      ['m1.1', 'm1.2'],
      ['bounced', 'held', 'held'],
    ]);
    expect(events).toEqual(['m1.0 new bounced', 'm1.1 new held', 'm1.2 new held']);
  });
});

test('a delivery that is over can be forgotten; its recipient still says how it ended', async () => {
  const { store, kept, events } = await queued([JO, ANN]);
  await store.commit([triedOf('m1.0', 1, 'bounced')]);
  events.length = 0;
  const [outcome] = await store.commit([{ type: 'deliveries.forgotten', ids: ['m1.0', 'm1.1', 'm1.0', 'unknown'] }]);
  expect([outcome?.changed, events, [...store.state.deliveries.keys()]]).toEqual([1, ['forgotten m1.0'], ['m1.1']]);
  expect(kept.recipients.map((recipient) => stateOf(kept, recipient))).toEqual(['bounced', 'queued']);
  expect([...statesOf(kept)]).toEqual(['bounced', 'queued']);
});

describe('what became of it is found', () => {
  async function filled() {
    const { store } = await queued([JO, ANN], ['al@here.test']);
    await store.commit([
      await addedOf(store, 'm2', [JO]),
      triedOf('m1.0', 1, 'deferred'),
      acceptedOf('m2', JO, [JO], 'mx2.shop.test'),
      triedOf('m2.0', 1, 'delivered', { host: 'mx2.shop.test', faultId: null }),
      await addedOf(store, 'm3', [JO]),
      acceptedOf('m3', JO, [JO], 'mx3.shop.test'),
      await addedOf(store, 'm4', [], [{ account: ANN, mailbox: 'INBOX', deliveredTo: [ANN] }]),
    ]);
    return store;
  }

  test.each([
    ['state:deferred', ['m1']],
    ['state:queued', ['m1', 'm3']],
    ['state:Delivered', ['m1', 'm2', 'm4']],
    ['state:expired', []],
    ['via:mx2.shop.test', ['m2']],
    ['via:mx*', ['m2', 'm3']],
    ['fault:busy', ['m1']],
  ])('by %s', async (query, expected) => {
    const store = await filled();
    const { items } = await search(store, parseQuery(query), { limit: 10, sort: 'received' });
    expect(items.map(({ message }) => message.id)).toEqual(expected);
  });

  test('and counted', async () => {
    const { states } = await facets(await filled(), parseQuery(''));
    expect(states.filter(({ value }) => value !== 'unread')).toEqual([
      { value: 'delivered', count: 3 },
      { value: 'queued', count: 2 },
      { value: 'deferred', count: 1 },
    ]);
  });
});
