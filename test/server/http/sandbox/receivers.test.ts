import { describe, expect, it, vi } from 'vitest';
import { createEvents } from '../../../../server/base/events.ts';
import { waitingIn } from '../../../../server/delivery/receivers/waiting.ts';
import { HTTP_LIMITS } from '../../../../server/http/deps.ts';
import type { LiveEvent, Receiver } from '../../../../server/http/contract/types.ts';
import { eventOf } from '../../../../server/http/live/ring.ts';
import { followSandbox } from '../../../../server/http/live/sandbox.ts';
import { createBoard } from '../../../../server/http/sandbox/board.ts';
import type { Delivery, DeliveryState } from '../../../../server/mail/delivery.ts';
import { isOpen } from '../../../../server/mail/delivery.ts';
import { createRig, raise } from '../rig.ts';

const SHOP = {
  hosts: [{ name: 'mx1.shop.test' }, { name: 'mx2.shop.test', preference: 20, backup: 'stores' }],
  policy: { schedule: '1m,5m*2' },
};

const put = { method: 'PUT', json: SHOP };

it('a receiver is answered with ports, states and its schedule, and may be put as it was answered', async () => {
  const rig = await createRig();
  const made = await rig.json('/v1/receivers/Shop.test', put);
  const shop = {
    domain: 'shop.test',
    hosts: [
      { name: 'mx1.shop.test', preference: 10, state: 'up', address: '127.0.0.1', port: 20_000 },
      { name: 'mx2.shop.test', preference: 20, state: 'up', backup: 'stores', address: '127.0.0.1', port: 20_001 },
    ],
    policy: { schedule: '1m,5m*2' },
    schedule: '1m,5m*2',
    giveUpAfter: '30s',
    dns: 'ok',
    waiting: 0,
  };
  expect(made).toEqual(shop);
  await rig.ask('/v1/hosts/mx1.shop.test', { method: 'PATCH', json: { state: 'down' } });
  const down = (await rig.json('/v1/receivers/shop.test')) as unknown as Receiver;
  expect(down.hosts.map(({ state }) => state)).toEqual(['down', 'up']);
  expect(await rig.json('/v1/receivers/shop.test', { method: 'PUT', json: down })).toEqual(down);
  expect(rig.listening).toEqual(['mx1.shop.test is down']);
  expect(await rig.json('/v1/receivers')).toEqual({ items: [down], next: null, total: 1 });
  expect(await rig.json('/v1/receivers/shop.test', { method: 'DELETE' })).toEqual({ deleted: 1 });
  expect(rig.listening).toEqual(['mx1.shop.test is down', 'mx1.shop.test is closed', 'mx2.shop.test is closed']);
  expect(await rig.json('/v1/receivers')).toMatchObject({ total: 0 });
});

it('a glob is a name in a path as any other', async () => {
  const rig = await createRig();
  const path = `/v1/receivers/${encodeURIComponent('*.bücher.test')}`;
  expect(await rig.json(path, put)).toMatchObject({ domain: '*.bücher.test' });
  expect(await rig.json('/v1/receivers/*.xn--bcher-kva.test')).toMatchObject({ domain: '*.bücher.test' });
});

it.each([
  ['PUT', '/v1/receivers/a%20b', SHOP, 422, { path: 'domain', reason: 'a domain expected, or a glob such as *.corp.test, or *' }],
  ['PUT', '/v1/receivers/a.test', { hosts: [{ name: 'imap' }] }, 422, { path: 'hosts[0].name', reason: 'imap is a server of its own' }],
  ['PUT', '/v1/receivers/a.test', { hosts: [{ name: 'mx' }], policy: { schedule: 'x' } }, 422, { path: 'policy.schedule' }],
  ['GET', '/v1/receivers/a.test', undefined, 404, undefined],
  ['DELETE', '/v1/receivers/a.test', undefined, 404, undefined],
  ['DELETE', '/v1/receivers/a.test?force=please', undefined, 400, { field: 'force' }],
])('%s %s %j: %d', async (method, path, json, status, details) => {
  const rig = await createRig();
  const answer = await rig.ask(path, { method, ...(json !== undefined && { json }) });
  expect([answer.status, ((await answer.json()) as { error: { details?: unknown } }).error.details]).toEqual([status, details]);
});

it('its hosts are on the board with the receiver, and count what they do', async () => {
  const rig = await createRig();
  await rig.ask('/v1/receivers/shop.test', put);
  const { items } = (await rig.json('/v1/hosts')) as unknown as { items: object[] };
  expect(items.slice(3)).toMatchObject([
    { name: 'mx1.shop.test', receiver: 'shop.test', protocol: 'smtp', address: '127.0.0.1', port: 20_000, state: 'up' },
    { name: 'mx2.shop.test', receiver: 'shop.test', port: 20_001, counts: { accepted: 0 } },
  ]);
  expect(await rig.json('/v1/hosts/mx2.shop.test', { method: 'PATCH', json: { state: 'full' } })).toMatchObject({ state: 'full' });
  await rig.ask('/v1/faults', { method: 'DELETE' });
  expect(await rig.json('/v1/receivers/shop.test')).toMatchObject({ hosts: [{ state: 'up' }, { state: 'up' }] });
});

describe('live', () => {
  it('a receiver that came, changed and went is told of, and its hosts', async () => {
    const rig = await createRig();
    const { receivers } = rig.deps;
    const board = createBoard({ ...rig.deps, report: raise, now: Date.now });
    const told: LiveEvent[] = [];
    const parts = { ...rig.deps, board, limits: { ...HTTP_LIMITS, sandboxEvery: 5 } };
    const stop = followSandbox(parts, (happening) => told.push(eventOf(happening)));
    await receivers.put('shop.test', { hosts: [{ name: 'mx1' }] });
    expect(told).toMatchObject([
      { type: 'host.changed', host: { name: 'mx1', receiver: 'shop.test', port: 20_000, state: 'up' } },
      { type: 'receiver.changed', domain: 'shop.test', receiver: { hosts: [{ name: 'mx1', state: 'up' }] } },
    ]);
    told.length = 0;
    await vi.waitFor(async () => {
      await receivers.put('shop.test', { hosts: [{ name: 'mx1', state: 'slow' }] });
      expect(told).toContainEqual(
        expect.objectContaining({ type: 'host.changed', host: expect.objectContaining({ state: 'slow' }) as object }),
      );
    });
    await receivers.remove('shop.test');
    await vi.waitFor(() => expect(told).toContainEqual({ type: 'receiver.changed', domain: 'shop.test', receiver: null }));
    stop();
    board.close();
  });
});

describe('reset', () => {
  it.each([
    [{}, []],
    [{ keep: ['receivers'] }, ['w3.test', 'w33.test', '*']],
    [{ scope: { rcpt: '*@w3.test' } }, ['w33.test', '*']],
    [{ scope: { user: 'w3' } }, ['w3.test', 'w33.test', '*']],
  ])('%j leaves %j', async (json, left) => {
    const rig = await createRig();
    for (const [i, domain] of ['w3.test', 'w33.test', '*'].entries())
      await rig.ask(`/v1/receivers/${domain}`, { method: 'PUT', json: { hosts: [{ name: `mx${i}`, state: 'down' }] } });
    expect((await rig.ask('/v1/reset', { method: 'POST', json })).status).toBe(200);
    expect(rig.deps.receivers.list().map(({ domain }) => domain)).toEqual(left);
    expect(rig.deps.hosts.list()).toHaveLength(3 + left.length);
  });
});

/** A queue of deliveries to `shop.test`, in these states; those that are active end when somebody waits for it. */
function queueOf(...states: readonly DeliveryState[]) {
  const deliveries = new Map<string, Delivery>();
  const set = (id: string, state: DeliveryState): void =>
    void deliveries.set(id, { ...(deliveries.get(id) ?? ({ id } as Delivery)), receiver: 'shop.test', state });
  for (const [i, state] of states.entries()) set(`d${i}`, state);
  const events = createEvents<readonly string[]>(raise);
  return {
    deliveries,
    get open() {
      return new Map([...deliveries].filter(([, delivery]) => isOpen(delivery)));
    },
    watch(listener: (ids: readonly string[]) => void) {
      const stop = events.on(listener);
      setImmediate(() => {
        const active = [...deliveries.values()].filter(({ state }) => state === 'active').map(({ id }) => id);
        for (const id of active) set(id, 'deferred');
        events.emit(active);
      });
      return stop;
    },
    orderAll(_order: 'drop', ids: Iterable<string>) {
      const fit = [...ids].filter((id) => deliveries.get(id)?.state !== 'active');
      for (const id of fit) set(id, 'dropped');
      return Promise.resolve(fit);
    },
  };
}

describe('with deliveries that are not over', () => {
  it('a receiver stays, unless they are to be dropped, those under way too', async () => {
    const queue = queueOf('queued', 'active', 'deferred', 'held', 'delivered', 'expired');
    const rig = await createRig({ deps: { waiting: waitingIn(queue) } });
    await rig.ask('/v1/receivers/shop.test', put);
    await rig.ask('/v1/receivers/other.test', { method: 'PUT', json: { dns: 'nxdomain' } });
    expect(await rig.json('/v1/receivers/shop.test')).toMatchObject({ waiting: 4 });
    const refused = await rig.ask('/v1/receivers/shop.test?force=false', { method: 'DELETE' });
    expect([refused.status, await refused.json()]).toEqual([
      409,
      { error: { code: 'conflict', message: 'shop.test has 4 open deliveries; with force=true they are dropped', details: { open: 4 } } },
    ]);
    expect((await rig.ask('/v1/receivers/other.test', { method: 'DELETE' })).status).toBe(200);
    expect(await rig.json('/v1/receivers/shop.test?force=true', { method: 'DELETE' })).toEqual({ deleted: 1 });
    const states = [...queue.deliveries.values()].map(({ state }) => state);
    expect(states).toEqual(['dropped', 'dropped', 'dropped', 'dropped', 'delivered', 'expired']);
  });
});
