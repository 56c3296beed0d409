import { expect, it } from 'vitest';
import { createRig } from '../rig.ts';

const HOUR = 3_600_000;

it('tells the time and what is due, and runs it when it is moved', async () => {
  const rig = await createRig();
  await rig.ask('/v1/clock/freeze', { method: 'POST' });
  await rig.ask('/v1/faults', { method: 'POST', json: { id: 'a', ttl: '30m', on: { stage: 'rcpt' }, do: [{ close: true }] } });
  const before = (await rig.json('/v1/clock')) as unknown as { now: string; mode: string; pending: object[] };
  const at = new Date(Date.parse(before.now) + HOUR / 2).toISOString();
  expect(before).toMatchObject({ mode: 'frozen', pending: [{ at, kind: 'fault', id: 'a' }] });
  expect(await rig.json('/v1/clock/advance', { method: 'POST', json: { by: '1h' } })).toEqual({
    from: before.now,
    to: new Date(Date.parse(before.now) + HOUR).toISOString(),
    ran: [{ at, kind: 'fault', id: 'a', outcome: 'expired' }],
    ranCount: 1,
    stopped: null,
  });
  expect(await rig.json('/v1/faults')).toMatchObject({ items: [] });
  expect(await rig.json('/v1/clock/resume', { method: 'POST' })).toMatchObject({ mode: 'real', pending: [] });
  expect(await rig.json('/v1/clock/reset', { method: 'POST' })).toMatchObject({ mode: 'real', offsetMs: 0 });
});

it.each([
  [{ to: '2999-01-01T00:00:00Z' }, 422, 'ten years at the most'],
  [{ to: '2020-01-01T00:00:00Z' }, 422, 'to: the clock goes forward only'],
  [{ to: 'tomorrow' }, 400, 'to: expected a time such as 2026-12-01T00:00:00Z, or next'],
  [{ by: 'a while' }, 400, 'by: expected a length of time'],
  [{ until: 'dawn' }, 400, 'until:'],
  [{}, 400, 'expected one of by, to and until'],
  [{ by: '1h', until: 'idle' }, 400, 'expected one of by, to and until'],
])('%j is refused with %d: %s', async (goal, status, message) => {
  const rig = await createRig();
  const answer = await rig.ask('/v1/clock/advance', { method: 'POST', json: goal });
  expect([answer.status, await answer.json()]).toMatchObject([status, { error: { message: expect.stringContaining(message) as string } }]);
});

it('is moved by one at a time', async () => {
  const rig = await createRig();
  let go = (): void => undefined;
  const { clock } = rig.deps;
  clock.schedule({ at: clock.now() + 1000, kind: 'test', id: 'slow' }, () => new Promise((resolve) => (go = () => resolve('done'))));
  const first = rig.ask('/v1/clock/advance', { method: 'POST', json: { to: 'next' } });
  for (const move of ['advance', 'freeze', 'resume', 'reset'])
    expect([move, (await rig.ask(`/v1/clock/${move}`, { method: 'POST', json: { by: '1s' } })).status]).toEqual([move, 409]);
  go();
  expect((await first).status).toBe(200);
});
