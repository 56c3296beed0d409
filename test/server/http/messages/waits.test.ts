import { describe, expect, it, vi } from 'vitest';
import { createWaits, recipientOf } from '../../../../server/http/messages/waits.ts';
import { parseQuery } from '../../../../server/store/query.ts';
import { createRig, message, raise } from '../rig.ts';
import type { Rig } from '../rig.ts';

describe('the recipient that a wait is found by', () => {
  it.each([
    ['to:Jo@Shop.test', 'jo@shop.test'],
    ['rcpt:jo@shop.test subject:welcome', 'jo@shop.test'],
    ['subject:welcome to:jo@shop.test', 'jo@shop.test'],
    ['to:jo', null],
    ['to:*@shop.test', null],
    ['to:jo@shop.test OR subject:x', null],
    ['-to:jo@shop.test', null],
    ['from:jo@shop.test', null],
    ['welcome', null],
    ['', null],
  ])('%s: %s', (q, recipient) => {
    expect(recipientOf(parseQuery(q))).toBe(recipient);
  });
});

interface Answer {
  items: { id: string; subject: string; text: string }[];
  total: number;
  error: { code: string; details: { total: number; nearest: { id: string; failed: string[] }[]; items: unknown[] } };
}

const wait = async (rig: Rig, query: string): Promise<Answer> => (await rig.json(`/v1/messages/wait?${query}`)) as unknown as Answer;
/** Resolves once so many are waiting. */
const waiting = (rig: Rig, count = 1): Promise<void> => vi.waitFor(() => expect(rig.waiting).toBe(count), { interval: 1 });

describe('waiting for messages', () => {
  it.each([
    ['to:jo@shop.test'],
    ['rcpt:jo@shop.test'],
    ['subject:welcome'],
    ['"number 42"'],
    ['to:jo@shop.test body:42'],
    ['has:link'],
    [''],
  ])('ends when one arrives that matches %j', async (q) => {
    const rig = await createRig();
    const answer = wait(rig, `q=${encodeURIComponent(q)}&timeout=10s`);
    await waiting(rig);
    if (q !== '') await rig.send({ raw: message({ Subject: 'Other', To: 'al@shop.test' }), to: ['al@shop.test'] });
    const id = await rig.send({ raw: message({}, 'Your number 42: https://shop.test/') });
    expect(await answer).toMatchObject({ items: [{ id, subject: 'Welcome', text: expect.stringContaining('42') as string }], total: 1 });
  });

  it('counts what is there already, newest first', async () => {
    const rig = await createRig();
    const ids = [await rig.send(), await rig.send(), await rig.send()];
    const { items, total } = await wait(rig, 'q=to:jo@shop.test&count=2');
    expect([items.map(({ id }) => id), total]).toEqual([[ids[2], ids[1]], 3]);
  });

  it('leaves out what came before since, an id or a time', async () => {
    const rig = await createRig();
    const first = await rig.send({ raw: message({ Subject: 'old' }) });
    const answer = wait(rig, `since=${first}&timeout=10s`);
    await waiting(rig);
    const id = await rig.send({ raw: message({ Subject: 'new' }) });
    expect((await answer).items.map((item) => item.id)).toEqual([id]);
    expect((await wait(rig, 'since=2000-01-01&timeout=1ms')).total).toBe(2);
    expect((await wait(rig, 'since=2100-01-01T00:00:00Z&timeout=1ms')).error.code).toBe('not-arrived');
  });

  it('ends when as many have come as are wanted, of those before and after', async () => {
    const rig = await createRig();
    await rig.send();
    const answer = wait(rig, 'q=to:jo@shop.test&count=3&timeout=10s');
    await waiting(rig);
    for (const _ of [1, 2]) await rig.send();
    expect((await answer).total).toBe(3);
  });

  it('does not count one that was deleted while it waited', async () => {
    const rig = await createRig();
    const answer = wait(rig, 'q=to:jo@shop.test&count=2&timeout=10s');
    await waiting(rig);
    const ids = [await rig.send()];
    await rig.ask('/v1/messages', { method: 'DELETE', json: { ids } });
    ids.push(await rig.send(), await rig.send());
    const { items, total } = await answer;
    expect([total, items.map(({ id }) => id)]).toEqual([2, [ids[2], ids[1]]]);
  });

  it('ends when a message that is there comes to match', async () => {
    const rig = await createRig();
    const id = await rig.send();
    const answer = wait(rig, 'q=tag:done&timeout=10s');
    await waiting(rig);
    await rig.ask('/v1/messages', { method: 'PATCH', json: { ids: [id], set: { tags: { add: ['done'] } } } });
    expect((await answer).items.map((item) => item.id)).toEqual([id]);
  });

  it('ends with the nearest ones and what they fail', async () => {
    const rig = await createRig();
    const far = await rig.send({ raw: message({ Subject: 'Other', To: 'al@shop.test' }, 'x'), to: ['al@shop.test'] });
    const near = await rig.send({ raw: message({ Subject: 'Other' }, 'code 42') });
    const nearer = await rig.send({ raw: message({ Subject: 'Welcome' }, 'x') });
    const answer = await rig.ask(`/v1/messages/wait?timeout=20ms&q=${encodeURIComponent('to:jo@shop.test subject:welcome body:42')}`);
    const { error } = (await answer.json()) as Answer;
    expect([answer.status, error.code, error.details]).toEqual([
      404,
      'not-arrived',
      {
        total: 0,
        nearest: [
          { id: nearer, failed: ['body:42'] },
          { id: near, failed: ['subject:welcome'] },
          { id: far, failed: ['to:jo@shop.test', 'subject:welcome', 'body:42'] },
        ],
      },
    ]);
  });

  it('says how many of those wanted did come', async () => {
    const rig = await createRig();
    await rig.send();
    expect((await wait(rig, 'count=2&timeout=20ms')).error.details.total).toBe(1);
  });

  it('never sees a refusal', async () => {
    const rig = await createRig();
    const answer = wait(rig, 'q=rcpt:a@full.test&timeout=60ms');
    rig.refuse('a@full.test', 'full');
    expect((await answer).error.code).toBe('not-arrived');
  });
});

describe('waiting for nothing', () => {
  it('is content when nothing came', async () => {
    const rig = await createRig();
    await rig.send({ to: ['al@shop.test'], raw: message({ To: 'al@shop.test' }) });
    expect(await wait(rig, 'q=to:jo@shop.test&none=true&timeout=20ms')).toEqual({ items: [], total: 0 });
  });

  it('is a conflict with the message when one is there, or comes', async () => {
    const rig = await createRig();
    const id = await rig.send();
    const answer = await rig.ask(`/v1/messages/wait?q=to:jo@shop.test&none=true&timeout=10s`);
    expect([answer.status, await answer.json()]).toMatchObject([
      409,
      { error: { code: 'arrived', details: { total: 1, items: [{ id }] } } },
    ]);
    const later = wait(rig, `since=${id}&none=true&timeout=10s`);
    await waiting(rig);
    await rig.send();
    expect((await later).error.code).toBe('arrived');
  });
});

describe('waits', () => {
  it('end with 503 when the server stops', async () => {
    const rig = await createRig();
    const answer = rig.ask('/v1/messages/wait?timeout=10s');
    await waiting(rig);
    rig.stop();
    expect((await answer).status).toBe(503);
  });

  it('end when the caller goes away', async () => {
    const { deps } = await createRig();
    const waits = createWaits(deps.store, raise);
    const leaving = new AbortController();
    const end = waits.wait({ query: parseQuery('to:jo@shop.test'), count: 1, timeout: 10_000, since: null, signal: leaving.signal });
    expect(waits.size).toBe(1);
    leaving.abort();
    expect([(await end).how, waits.size]).toEqual(['left', 0]);
  });

  it('are limited in number', async () => {
    const rig = await createRig({ limits: { waits: 2 } });
    const first = [wait(rig, 'timeout=10s'), wait(rig, 'timeout=10s')];
    await waiting(rig, 2);
    const answer = await rig.ask('/v1/messages/wait?timeout=10s');
    expect(answer.status).toBe(503);
    await rig.send();
    expect((await Promise.all(first)).map(({ total }) => total)).toEqual([1, 1]);
  });

  it('of a thousand recipients are looked at only for their own', async () => {
    const rig = await createRig();
    const waits = createWaits(rig.deps.store, raise);
    const ends = Array.from({ length: 1_000 }, (_, n) =>
      waits.wait({ query: parseQuery(`to:r${n}@shop.test`), count: 1, timeout: 10_000, since: null, signal: new AbortController().signal }),
    );
    await rig.send({ to: ['R7@shop.test'], raw: message({ To: 'R7@shop.test' }) });
    expect((await ends[7])?.messages).toHaveLength(1);
    expect(waits.size).toBe(999);
    waits.close();
    expect((await ends[8])?.how).toBe('closed');
  });
});
