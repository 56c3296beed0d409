import { expect, it, vi } from 'vitest';
import { HTTP_LIMITS } from '../../../../server/http/deps.ts';
import { createBoard } from '../../../../server/http/sandbox/board.ts';
import { eventOf } from '../../../../server/http/live/ring.ts';
import type { Happening } from '../../../../server/http/live/ring.ts';
import { followSandbox } from '../../../../server/http/live/sandbox.ts';
import type { LiveEvent } from '../../../../server/http/contract/types.ts';
import { point } from '../../faults/rig.ts';
import { createRig, raise, session } from '../rig.ts';

const EVERY = 30;

it('faults, hosts and the clock are told of at once, and then not each of many in a row', async () => {
  const rig = await createRig();
  const { faults, hosts, clock } = rig.deps;
  const told: LiveEvent[] = [];
  const board = createBoard({ ...rig.deps, report: raise, now: Date.now });
  const limits = { ...HTTP_LIMITS, sandboxEvery: EVERY };
  const stop = followSandbox({ ...rig.deps, board, limits }, (happening: Happening) => told.push(eventOf(happening)));

  for (const id of ['a', 'b', 'c']) faults.add({ id, on: { stage: 'rcpt' }, do: [{ reply: '450 4.2.0 later' }] }, 'api');
  for (let i = 0; i < 100; i++) faults.decide(point({ recipient: `${i}@shop.test` }));
  for (let i = 0; i < 100; i++) rig.say({ type: 'session.opened', session: session({ id: `s${i}` }) });
  await clock.advance({ by: 1000 });
  const first = told.splice(0);
  expect(first.map(({ type }) => type)).toEqual(['fault.changed', 'fault.hit', 'host.changed', 'clock.changed']);
  expect(first).toMatchObject([
    { faults: [{ id: 'a' }] },
    { hits: 1 },
    { host: { name: 'submission', connections: 1 } },
    { clock: { mode: 'real' } },
  ]);

  await vi.waitFor(() => expect(told).toHaveLength(3));
  expect(told).toMatchObject([
    { type: 'fault.changed', faults: [{ id: 'a', hits: 100 }, { id: 'b' }, { id: 'c' }] },
    { type: 'fault.hit', hits: 100, hit: { faultId: 'a', recipient: '99@shop.test', outcome: '450 4.2.0 later' } },
    { type: 'host.changed', host: { connections: 100 } },
  ]);

  told.length = 0;
  await vi.waitFor(async () => {
    await hosts.set('imap', 'busy');
    expect(told).toContainEqual(
      expect.objectContaining({ type: 'host.changed', host: expect.objectContaining({ state: 'busy' }) as object }),
    );
  });
  told.length = 0;
  stop();
  faults.clear();
  clock.freeze();
  expect(told).toEqual([]);
  board.close();
});

it('what is due is told of when it changes, the next of it', async () => {
  const rig = await createRig();
  const { clock } = rig.deps;
  const board = createBoard({ ...rig.deps, report: raise, now: Date.now });
  const told: string[][] = [];
  const stop = followSandbox({ ...rig.deps, board, limits: { ...HTTP_LIMITS, sandboxEvery: EVERY, pending: 3 } }, (happening) => {
    const event = eventOf(happening);
    if (event.type === 'clock.changed') told.push(event.clock.pending.map(({ id }) => id));
  });
  clock.freeze();
  await vi.waitFor(() => expect(told).toEqual([[]]));
  const put = (id: string, at: number): (() => void) => clock.schedule({ at: clock.now() + at, kind: 'delivery', id }, () => '');
  const takeBack = [30, 10, 20, 40, 50].map((at) => put(`d${at}`, at * 1000));
  expect(told.slice(1)).toEqual([['d30']]);
  await vi.waitFor(() => expect(told.slice(1)).toEqual([['d30'], ['d10', 'd20', 'd30']]));
  // The first one is none of the next three.
  takeBack[4]?.();
  takeBack[1]?.();
  await vi.waitFor(() => expect(told.at(-1)).toEqual(['d20', 'd30', 'd40']));
  await clock.advance({ to: 'next' });
  await vi.waitFor(() => expect(told.at(-1)).toEqual(['d30', 'd40']));
  stop();
  board.close();
});

it('what is gone by then is not told of', async () => {
  const rig = await createRig();
  const { faults } = rig.deps;
  const board = createBoard({ ...rig.deps, report: raise, now: Date.now });
  const told: string[] = [];
  const stop = followSandbox({ ...rig.deps, board, limits: { ...HTTP_LIMITS, sandboxEvery: 5 } }, ({ type }) => told.push(type));
  faults.add({ id: 'a', on: { stage: 'rcpt' }, do: [{ close: true }] }, 'api');
  for (let i = 0; i < 2; i++) faults.decide(point());
  faults.remove('a');
  await vi.waitFor(() => expect(told).toHaveLength(3));
  expect(told).toEqual(['fault.changed', 'fault.hit', 'fault.changed']);
  stop();
  board.close();
});
