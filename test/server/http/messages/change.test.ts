import { describe, expect, it } from 'vitest';
import { createRig, message } from '../rig.ts';
import type { Rig } from '../rig.ts';

async function three(): Promise<{ rig: Rig; ids: string[] }> {
  const rig = await createRig();
  const ids: string[] = [];
  for (const n of [1, 2, 3])
    ids.push(await rig.send({ raw: message({ Subject: `Number ${n}` }), to: [`r${n}@shop.test`, 'all@shop.test'] }));
  return { rig, ids };
}

const left = async (rig: Rig, query = ''): Promise<string[]> => {
  const { items } = (await rig.json(`/v1/messages?sort=received&${query}`)) as unknown as { items: { subject: string }[] };
  return items.map(({ subject }) => subject);
};

describe('marking messages', () => {
  it('changes those that are named and passes over those that are not there', async () => {
    const { rig, ids } = await three();
    expect(
      await rig.json('/v1/messages', { method: 'PATCH', json: { ids: [ids[0], ids[0], 'nothing'], set: { read: true, starred: true } } }),
    ).toEqual({ changed: 1 });
    expect([await left(rig, 'q=is:read'), await left(rig, 'q=is:starred')]).toEqual([['Number 1'], ['Number 1']]);
    await rig.ask('/v1/messages', { method: 'PATCH', json: { ids: [ids[0]], set: { read: false } } });
    expect([await left(rig, 'q=is:read'), await left(rig, 'q=is:starred')]).toEqual([[], ['Number 1']]);
  });

  it('changes what a query finds', async () => {
    const { rig } = await three();
    const json = { q: '-rcpt:r2@shop.test', set: { tags: { add: ['seen', 'old'] }, pinned: true } };
    expect(await rig.json('/v1/messages', { method: 'PATCH', json })).toEqual({ changed: 2 });
    await rig.ask('/v1/messages', { method: 'PATCH', json: { q: 'tag:old', set: { tags: { remove: ['old'] } } } });
    expect(await rig.json('/v1/messages/latest')).toMatchObject({ tags: ['seen'], pinned: true });
  });

  it('in an account changes the flags there and not those of everything', async () => {
    const { rig, ids } = await three();
    await rig.ask('/v1/messages?account=all@shop.test', { method: 'PATCH', json: { ids: [ids[1]], set: { read: true } } });
    expect(await left(rig, 'q=is:read')).toEqual([]);
    expect(await left(rig, 'account=all@shop.test&q=is:read')).toEqual(['Number 2']);
  });

  it('never happens by reading', async () => {
    const { rig, ids } = await three();
    for (const path of ['', '/raw', '/text', '/preview']) await rig.ask(`/v1/messages/${ids[0]}${path}`);
    expect(await left(rig, 'q=is:read')).toEqual([]);
  });
});

describe('deleting messages', () => {
  it.each<[string, unknown, number, string[]]>([
    ['all', undefined, 2, ['Number 2']],
    ['all, in words', {}, 2, ['Number 2']],
    ['by query', { q: 'rcpt:r1@shop.test' }, 1, ['Number 2', 'Number 3']],
    ['by a query that only finds pinned ones', { q: 'rcpt:r2@shop.test' }, 0, ['Number 1', 'Number 2', 'Number 3']],
    ['by a query that finds nothing', { q: 'subject:nothing' }, 0, ['Number 1', 'Number 2', 'Number 3']],
  ])('%s; a pinned one stays', async (_what, json, deleted, rest) => {
    const { rig, ids } = await three();
    await rig.ask('/v1/messages', { method: 'PATCH', json: { ids: [ids[1]], set: { pinned: true } } });
    const answer: { deleted?: number; undo?: string | null } = await rig.json('/v1/messages', {
      method: 'DELETE',
      ...(json !== undefined && { json }),
    });
    expect([answer.deleted, typeof answer.undo]).toEqual([deleted, deleted > 0 ? 'string' : 'object']);
    expect(await left(rig)).toEqual(rest);
  });

  it('by name deletes a pinned one too', async () => {
    const { rig, ids } = await three();
    await rig.ask('/v1/messages', { method: 'PATCH', json: { q: '', set: { pinned: true } } });
    expect(await rig.json('/v1/messages', { method: 'DELETE', json: { ids: [ids[1], 'nothing'] } })).toMatchObject({ deleted: 1 });
    expect(await left(rig)).toEqual(['Number 1', 'Number 3']);
  });

  it('in an account removes the entry there, which the message then tells', async () => {
    const { rig, ids } = await three();
    expect(await rig.json('/v1/messages?account=all@shop.test', { method: 'DELETE', json: { ids: [ids[0]] } })).toEqual({
      deleted: 1,
      undo: null,
    });
    expect(await left(rig, 'account=all@shop.test')).toEqual(['Number 2', 'Number 3']);
    const { deliveries } = (await rig.json(`/v1/messages/${ids[0]}`)) as unknown as {
      deliveries: { account: string; removed: string | null }[];
    };
    expect(deliveries.map(({ account, removed }) => [account, removed])).toEqual([
      ['r1@shop.test', null],
      ['all@shop.test', 'http'],
    ]);
  });

  it('is remembered: a deleted message is gone, another was never there', async () => {
    const { rig, ids } = await three();
    await rig.ask('/v1/messages', { method: 'DELETE', json: { ids: [ids[0]] } });
    expect(await rig.json(`/v1/messages/${ids[0]}`)).toMatchObject({ error: { code: 'gone' } });
    expect(await rig.json('/v1/messages/0000000000000x')).toMatchObject({ error: { code: 'not-found' } });
  });
});

describe('undoing a deletion', () => {
  const undo = (rig: Rig, id: unknown): Promise<unknown> => rig.json('/v1/undo', { method: 'POST', json: { undo: id } });
  const gone = { error: { code: 'gone' } };

  async function deleted(now: () => number, more: object = {}): Promise<{ rig: Rig; id: unknown }> {
    const rig = await createRig({ deps: { now } });
    for (const n of [1, 2, 3]) await rig.send({ raw: message({ Subject: `Number ${n}` }), to: [`r${n}@shop.test`] });
    await rig.ask('/v1/messages', { method: 'PATCH', json: { q: 'subject:2', set: { read: true, pinned: true, tags: { add: ['x'] } } } });
    const ids = [...rig.deps.store.state.messages.keys()];
    const { undo: id } = await rig.json('/v1/messages', { method: 'DELETE', json: { ids: ids.slice(0, 2), ...more } });
    return { rig, id };
  }

  it('brings all of it back with its marks and in its place, once', async () => {
    const { rig, id } = await deleted(() => 0);
    expect(await left(rig)).toEqual(['Number 3']);
    expect(await undo(rig, id)).toEqual({ restored: 2 });
    expect(await left(rig)).toEqual(['Number 1', 'Number 2', 'Number 3']);
    expect(await rig.json('/v1/messages/latest?q=subject:2')).toMatchObject({ read: true, pinned: true, tags: ['x'] });
    expect(await rig.json('/v1/accounts/r2@shop.test/mailboxes/INBOX/messages')).toMatchObject({ items: [{ uid: 2 }] });
    expect(await undo(rig, id)).toMatchObject(gone);
  });

  it('is possible for ten minutes', async () => {
    let time = 0;
    const { rig, id } = await deleted(() => time);
    time = 600_000;
    expect(await undo(rig, id)).toMatchObject(gone);
    time = 599_999;
    expect(await undo(rig, id)).toEqual({ restored: 2 });
  });

  it('is not possible for what was purged, reset or never deleted', async () => {
    const { rig, id } = await deleted(() => 0, { purge: true });
    expect(id).toBeNull();
    expect(rig.deps.store.state.octets).toBe(message({ Subject: 'Number 3' }).length);
    expect(await undo(rig, 'nothing')).toMatchObject(gone);
  });

  it('a reset leaves nothing of it', async () => {
    const { rig, id } = await deleted(() => 0);
    await rig.ask('/v1/reset', { method: 'POST' });
    expect([rig.deps.store.state.trash.size, rig.deps.store.state.octets]).toEqual([0, 0]);
    expect(await undo(rig, id)).toMatchObject(gone);
  });

  it.each([
    ['r3@shop.test', true],
    ['r1@shop.test', true],
    ['r*@shop.test', false],
  ])('a reset of %s alone leaves it: %s', async (rcpt, stays) => {
    const { rig, id } = await deleted(() => 0);
    await rig.ask('/v1/reset', { method: 'POST', json: { scope: { rcpt } } });
    expect(await undo(rig, id)).toMatchObject(stays ? { restored: 2 } : gone);
  });

  it('asked for without an id is malformed', async () => {
    const { rig } = await deleted(() => 0);
    expect(await undo(rig, undefined)).toMatchObject({ error: { code: 'malformed' } });
  });
});

describe('a reset', () => {
  it.each<[unknown, number, string[]]>([
    [{}, 3, []],
    [{ keep: ['messages', 'receivers'] }, 0, ['Number 1', 'Number 2', 'Number 3']],
    [{ scope: { rcpt: 'r*@shop.test' } }, 3, []],
    [{ scope: { rcpt: 'r2@shop.test' } }, 1, ['Number 1', 'Number 3']],
    [{ scope: { user: 'w3' } }, 0, ['Number 1', 'Number 2', 'Number 3']],
  ])('%o', async (json, deleted, rest) => {
    const { rig, ids } = await three();
    await rig.ask('/v1/messages', { method: 'PATCH', json: { ids: [ids[0]], set: { pinned: true } } });
    expect(await rig.json('/v1/reset', { method: 'POST', json })).toEqual({ deleted });
    expect(await left(rig)).toEqual(rest);
  });

  it.each([
    [{ rcpt: 'r@w3.test' }, ['xr@w3.test', 'r@w3.test.example', 'r@w33.test'], ['w3', 'w33']],
    [{ rcpt: '*@w3.test' }, ['r@w3.test.example', 'r@w33.test'], ['w3', 'w33']],
    [{ user: 'w3' }, ['r@w3.test', 'xr@w3.test', 'r@w3.test.example', 'r@w33.test'], ['w33']],
    [{ user: 'w3*' }, ['r@w3.test', 'xr@w3.test', 'r@w3.test.example', 'r@w33.test'], []],
  ])('of %o leaves whose name is only like it, messages and refusals', async (scope, addresses, users) => {
    const rig = await createRig();
    for (const address of ['r@w3.test', 'xr@w3.test', 'r@w3.test.example', 'r@w33.test']) {
      await rig.send({ to: [address], raw: message({ Subject: address }) });
      rig.refuse(address, address);
    }
    for (const user of ['w3', 'w33']) await rig.send({ user, raw: message({ Subject: user }) });
    await rig.json('/v1/reset', { method: 'POST', json: { scope } });
    expect(await left(rig)).toEqual([...addresses, ...users]);
    expect(rig.deps.refusals.list().map(({ recipient }) => recipient)).toEqual([...addresses].reverse());
  });

  it('forgets refusals, and lets UIDs go on', async () => {
    const { rig } = await three();
    rig.refuse('a@full.test', 'full');
    await rig.ask('/v1/reset', { method: 'POST' });
    expect(await left(rig, 'refused=true')).toEqual([]);
    await rig.send({ to: ['all@shop.test'] });
    expect(await rig.json('/v1/accounts/all@shop.test/mailboxes/INBOX/messages')).toMatchObject({ items: [{ uid: 4 }] });
  });
});
