import { describe, expect, it } from 'vitest';
import type { Info } from '../../../server/http/contract/types.ts';
import { createRig, message } from './rig.ts';
import type { Rig } from './rig.ts';

const storage = async (rig: Rig): Promise<Info['storage']> => ((await rig.json('/v1/info')) as unknown as Info).storage;

/** A server with room for two messages, both of them pinned, that has refused a third. */
async function full(): Promise<{ rig: Rig; ids: string[]; told: string[] }> {
  const rig = await createRig({ retention: { maxMessages: 2 } });
  const told: string[] = [];
  rig.deps.store.events.on((event) => {
    if (event.type === 'storage.full') told.push(`full ${event.limit}`);
    else if (event.type === 'storage.room') told.push('room');
  });
  const ids = [await rig.send(), await rig.send()];
  await rig.ask('/v1/messages', { method: 'PATCH', json: { ids, set: { pinned: true } } });
  expect((await storage(rig)).full).toBe(null);
  await expect(rig.send()).rejects.toMatchObject({ code: 'storage-full' });
  return { rig, ids, told };
}

describe('how full the store is', () => {
  it('is said from the start', async () => {
    expect(await storage(await createRig())).toEqual({ messages: 0, octets: 0, full: null });
  });

  it('counts messages, and octets with those that can be brought back', async () => {
    const rig = await createRig();
    const [one] = [await rig.send(), await rig.send({ raw: message({}, 'longer than the other') })];
    const { octets } = await storage(rig);
    expect(octets).toBeGreaterThan(2 * message().length);
    await rig.ask('/v1/messages', { method: 'DELETE', json: { ids: [one] } });
    expect(await storage(rig)).toEqual({ messages: 1, octets, full: null });
  });

  it('names the limit that refused a message, and when', async () => {
    const { rig, told } = await full();
    expect((await storage(rig)).full).toEqual({ limit: 'maxMessages', at: expect.stringMatching(/^\d{4}-.*Z$/) as string });
    expect(told).toEqual(['full maxMessages']);
  });

  it.each<[string, (rig: Rig, id: string) => Promise<Response>]>([
    ['a message is deleted', (rig, id) => rig.ask('/v1/messages', { method: 'DELETE', json: { ids: [id] } })],
    [
      'a message may be dropped again',
      (rig, id) => rig.ask('/v1/messages', { method: 'PATCH', json: { ids: [id], set: { pinned: false } } }),
    ],
    ['all is forgotten', (rig) => rig.ask('/v1/reset', { method: 'POST', json: {} })],
  ])('is well again when %s', async (_what, act) => {
    const { rig, ids, told } = await full();
    expect((await act(rig, ids[0] ?? '')).status).toBe(200);
    expect(told).toEqual(['full maxMessages', 'room']);
    expect((await storage(rig)).full).toBe(null);
    await rig.send();
    expect(told).toHaveLength(2);
  });

  it('is not changed by a mark, nor by a message that would not fit into an empty one', async () => {
    const { rig, ids } = await full();
    await rig.ask('/v1/messages', { method: 'PATCH', json: { ids, set: { read: true } } });
    expect((await storage(rig)).full).not.toBe(null);
    const small = await createRig({ retention: { maxSize: 100 } });
    await expect(small.send()).rejects.toMatchObject({ code: 'storage-full' });
    expect((await storage(small)).full).toBe(null);
  });
});
