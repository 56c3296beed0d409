// The queue over HTTP: pages of deliveries, one of them, and what is done with them.

import { beforeEach, expect, it } from 'vitest';
import type { Delivery, ListOf, Queue } from '../../../../server/http/contract/types.ts';
import { createRig as createQueueRig, receiver, toHosts } from '../../delivery/queue/rig.ts';
import type { Rig as QueueRig } from '../../delivery/queue/rig.ts';
import { createRig } from '../rig.ts';
import type { Rig } from '../rig.ts';

let queue: QueueRig;
let rig: Rig;

const SHOP = receiver('shop.test', toHosts('mx1 mx2'));
const BANK = receiver('bank.test', toHosts('mx9'));

beforeEach(async () => {
  queue = createQueueRig({
    receivers: [SHOP, BANK],
    hosts: { mx1: (to) => (to.startsWith('good') ? '250' : '450 4.2.1 The mailbox is busy'), mx9: () => '550 5.1.1 Nobody of that name' },
  });
  rig = await createRig({ deps: { queue: queue.queue, clock: queue.clock } });
  await queue.add('m1', ['good@shop.test', 'Late+Tag@shop.test']);
  await queue.add('m2', ['none@bank.test']);
  await queue.clock.advance({ by: 0 });
});

const post = (path: string, json?: object): Promise<Response> =>
  rig.ask(`/v1${path}`, { method: 'POST', ...(json !== undefined && { json }) });

async function found(q: string, more = ''): Promise<string[]> {
  const { items } = (await rig.json(`/v1/deliveries?q=${encodeURIComponent(q)}${more}`)) as unknown as ListOf<Delivery>;
  return items.map(({ recipient }) => recipient);
}

const [GOOD, LATE, NONE] = ['good@shop.test', 'Late+Tag@shop.test', 'none@bank.test'];

it.each([
  ['', [NONE, LATE, GOOD]],
  ['state:deferred', [LATE]],
  ['is:open', [LATE]],
  ['is:over state:bounced', [NONE]],
  ['rcpt:late+tag@SHOP.test', [LATE]],
  ['rcpt:tag@shop.test', []],
  ['rcpt:tag@', [LATE]],
  ['rcpt:*@shop.test', [LATE, GOOD]],
  ['domain:bank.test OR via:mx1', [NONE, GOOD]],
  ['host:mx2', [LATE]],
  ['-receiver:shop', [NONE]],
  ['message:m1', [LATE, GOOD]],
  ['sender:app@client.test busy', [LATE]],
])('finds %j', async (q, recipients) => {
  expect(await found(q)).toEqual(recipients);
});

it('in pages', async () => {
  const first = (await rig.json('/v1/deliveries?limit=2')) as unknown as ListOf<Delivery>;
  expect([first.items.length, first.next, first.total]).toEqual([2, 'd2', 3]);
  expect(await found('', `&limit=2&cursor=${first.next}`)).toEqual([GOOD]);
});

it('with how many there are in each state, whatever is asked for', async () => {
  const { items, counts } = (await rig.json('/v1/deliveries?q=state:held')) as unknown as Queue;
  expect(items).toEqual([]);
  expect(counts).toEqual({ queued: 0, active: 0, deferred: 1, held: 0, delivered: 1, bounced: 1, expired: 0, dropped: 0 });
});

it('tells one with its attempts', async () => {
  const delivery = (await rig.json('/v1/deliveries/d2')) as unknown as Delivery;
  const at = '2026-11-25T00:00:00.000Z';
  expect(delivery).toMatchObject({
    id: 'd2',
    messageId: 'm1',
    recipient: LATE,
    receiver: 'shop.test',
    state: 'deferred',
    queuedAt: at,
    nextAttemptAt: '2026-11-25T00:00:01.000Z',
    expiresAt: '2026-11-25T00:00:30.000Z',
    attemptsPlanned: 7,
    rounds: 1,
    attempts: [
      { at, round: 1, host: 'mx1', code: 450, enhanced: '4.2.1', outcome: 'transient', unsure: false },
      { at, round: 1, host: 'mx2', stage: 'connect', code: null, outcome: 'transient', sessionId: null },
    ],
  });
  expect((await rig.ask('/v1/deliveries/none')).status).toBe(404);
});

it('holds, releases, drops, and says why it cannot', async () => {
  expect(await (await post('/deliveries/d2/hold')).json()).toMatchObject({ state: 'held', nextAttemptAt: null });
  const refused = await post('/deliveries/d2/hold');
  expect([refused.status, await refused.json()]).toMatchObject([
    409,
    { error: { code: 'conflict', message: 'delivery d2: it is held: hold is for queued, deferred' } },
  ]);
  expect(await (await post('/deliveries/d2/release')).json()).toMatchObject({ state: 'queued' });
  expect(await (await post('/deliveries/d2/drop')).json()).toMatchObject({ state: 'dropped' });
  for (const order of ['retry', 'release', 'bounce']) expect((await post(`/deliveries/d2/${order}`)).status).toBe(409);
  expect((await post('/deliveries/none/retry')).status).toBe(404);
});

it.each([
  [{}, 2],
  [{ q: 'rcpt:late*' }, 1],
  [{ ids: ['d1', 'd2', 'none'] }, 1],
])('flushes %j, but not what is held', async (body, changed) => {
  await queue.add('m3', ['more@shop.test', 'held@shop.test']);
  await queue.clock.advance({ by: 0 });
  await post('/deliveries/d5/hold');
  expect(await (await post('/deliveries/flush', body)).json()).toEqual({ changed });
  expect(queue.state('held@shop.test')).toBe('held');
});

it.each([
  ['state:gone', 400],
  ['subject:x', 400],
])('%s is refused with %d', async (q, status) => {
  expect((await rig.ask(`/v1/deliveries?q=${q}`)).status).toBe(status);
});

it('the clock is not set back while something waits', async () => {
  expect((await post('/clock/reset')).status).toBe(409);
  expect((await post('/reset', { keep: ['messages', 'receivers'] })).status).toBe(409);
  await post('/deliveries/d2/drop');
  expect((await post('/clock/reset')).status).toBe(200);
});
