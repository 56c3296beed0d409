import { beforeEach, describe, expect, it } from 'vitest';
import { point } from '../../faults/rig.ts';
import type { RigOptions, Rig } from '../rig.ts';
import { createRig } from '../rig.ts';

let rig: Rig;
const start = async (options: RigOptions = {}): Promise<void> => void (rig = await createRig(options));
beforeEach(() => start());

const RULE = { on: { stage: 'rcpt' }, do: [{ reply: '450 4.2.0 later' }] };

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown> & { items?: { id: string }[]; error?: { message: string; details?: unknown } };
}

async function call(method: string, path: string, json?: unknown, headers?: Record<string, string>): Promise<Answer> {
  const answer = await rig.ask(`/v1${path}`, { method, ...(json !== undefined && { json }), ...(headers && { headers }) });
  return { status: answer.status, body: (await answer.json()) as Answer['body'] };
}

const order = async (): Promise<string> => ((await call('GET', '/faults')).body.items ?? []).map(({ id }) => id).join(' ');

describe('faults', () => {
  it('are made, answered in the words they were given in, changed and deleted', async () => {
    const made = await call('POST', '/faults', { id: 'later', ...RULE, ttl: '10m' });
    expect(made).toMatchObject({
      status: 201,
      body: { id: 'later', name: null, enabled: true, ttl: '10m', ...RULE, hits: 0, source: 'api' },
    });
    expect(Date.parse(String(made.body['expiresAt'])) - Date.parse(String(made.body['createdAt']))).toBe(600_000);
    expect((await call('GET', '/faults/later')).body).toEqual(made.body);
    const changed = await call('PATCH', '/faults/later', { do: null, script: ['reset', 'pass'], name: 'twice' });
    expect(changed.body).toMatchObject({ name: 'twice', script: ['reset', 'pass'] });
    expect(changed.body).not.toHaveProperty('do');
    expect(await call('DELETE', '/faults/later')).toEqual({ status: 200, body: { deleted: 1 } });
    for (const [method, path] of [
      ['GET', '/faults/later'],
      ['PATCH', '/faults/later'],
      ['DELETE', '/faults/later'],
      ['POST', '/faults/later/reset'],
      ['GET', '/faults/later/hits'],
    ] as const)
      expect([method, (await call(method, path, method === 'PATCH' ? {} : undefined)).status]).toEqual([method, 404]);
  });

  it.each([
    [{ on: { stage: 'rcpt' } }, 'do', 'do: something to do is missing'],
    [{ on: { stage: 'rctp' }, do: [{ close: true }] }, 'on.stage', 'on.stage: no stage of SMTP'],
    [{ ...RULE, when: { rate: { over: 1, per: 'often' } } }, 'when.rate.per', 'when.rate.per: a length of time expected'],
    [{ ...RULE, wen: {} }, 'wen', 'wen: unknown field, when may be meant'],
    [{ on: { stage: 'rcpt' }, do: [{ hold: true }] }, 'do[0].hold', 'do[0].hold: there is no queue yet'],
    [{ ...RULE, match: { subject: 'x' } }, 'match.subject', 'match.subject: not known at rcpt of SMTP'],
  ])('%j is refused with the place of what is wrong: %s', async (rule, path, message) => {
    for (const [method, json, at] of [
      ['POST', rule, path],
      ['PUT', [RULE, rule], `[1].${path}`],
    ] as const) {
      const { status, body } = await call(method, '/faults', json);
      expect([status, body.error?.details]).toEqual([422, expect.objectContaining({ path: at })]);
      expect(body.error?.message).toContain(message);
    }
    expect(await order()).toBe('');
  });

  it('stand where they are put, and move', async () => {
    for (const id of ['a', 'b']) await call('POST', '/faults', { ...RULE, id });
    await call('POST', '/faults?before=a', { ...RULE, id: 'c' });
    expect(await order()).toBe('c a b');
    await call('PATCH', '/faults/b?before=c', {});
    expect(await order()).toBe('b c a');
    await call('PATCH', '/faults/b?before=', {});
    expect(await order()).toBe('c a b');
    expect((await call('PATCH', '/faults/b?before=z', { enabled: false })).status).toBe(404);
    expect((await call('POST', '/faults?before=z', RULE)).status).toBe(404);
    expect((await call('POST', '/faults', { ...RULE, id: 'a' })).status).toBe(409);
    expect((await call('GET', '/faults/b')).body).toMatchObject({ enabled: true });
    expect(await order()).toBe('c a b');
  });

  it('are replaced as a whole; what was got can be put back, and keeps its counters', async () => {
    await call('PUT', '/faults', [
      { ...RULE, id: 'a' },
      { ...RULE, id: 'b' },
    ]);
    rig.deps.faults.decide(point());
    const { body } = await call('GET', '/faults');
    expect((await call('PUT', '/faults', body.items)).body.items).toMatchObject([{ id: 'a', hits: 1 }, { id: 'b' }]);
    expect((await call('PUT', '/faults', [{ ...RULE, id: 'b' }])).body).toMatchObject({ items: [{ id: 'b' }], next: null, total: 1 });
  });

  it('tell when they stepped in, and forget it', async () => {
    await call('POST', '/faults', { ...RULE, id: 'a' });
    for (const recipient of ['jo@shop.test', 'al@shop.test']) rig.deps.faults.decide(point({ recipient }));
    const { body } = await call('GET', '/faults/a/hits');
    expect(body).toMatchObject({ items: [{ recipient: 'al@shop.test', stage: 'rcpt', outcome: '450 4.2.0 later' }, {}], total: 2 });
    expect((await call('POST', '/faults/a/reset')).body).toMatchObject({ id: 'a', hits: 0, lastHitAt: null });
    rig.deps.faults.decide(point());
    expect((await call('POST', '/faults/reset')).body).toMatchObject({ items: [{ hits: 0 }] });
    expect((await call('GET', '/faults/a/hits')).body.items).toEqual([]);
  });

  it('know who made them: a page of our own, or a program', async () => {
    const own = { 'sec-fetch-site': 'same-origin' };
    expect((await call('POST', '/faults', RULE, own)).body).toMatchObject({ source: 'ui' });
    expect((await call('POST', '/faults', RULE)).body).toMatchObject({ source: 'api' });
  });

  it('are all gone by one call, which lets go of whom they hold', async () => {
    await call('POST', '/faults', { on: { stage: 'rcpt' }, do: [{ stall: true }] });
    const held = rig.deps.faults.decide(point());
    expect(held?.ending.kind).toBe('stall');
    expect(await call('DELETE', '/faults')).toEqual({ status: 200, body: { deleted: 1 } });
    await held?.released;
    expect(await order()).toBe('');
  });

  it('are written down for machines with what can be done where', async () => {
    const { body } = await call('GET', '/faults/options');
    expect(body).toMatchObject({ seed: 1 });
    expect(body['cells']).toContainEqual({
      protocol: 'smtp',
      stage: 'connect',
      modifiers: ['delay'],
      endings: ['close', 'reset', 'stall', 'pass'],
      matches: ['clientIp'],
    });
  });
});

describe('presets', () => {
  it('are listed with their rules, and each of them can be made', async () => {
    await call('PUT', '/receivers/shop.test', { hosts: [{ name: 'mx1.shop.test' }, { name: 'mx2.shop.test', preference: 20 }] });
    const { body } = await call('GET', '/faults/presets');
    const presets = body.items as unknown as { name: string; faults: object[]; hosts: object; options: string[] }[];
    expect(presets.length).toBeGreaterThan(10);
    for (const { name, faults, hosts } of presets) {
      const made = await call('POST', `/faults/presets/${name}`, {});
      expect([name, made.status, made.body['hosts']]).toEqual([name, 201, hosts]);
      expect(made.body['faults']).toHaveLength(faults.length);
    }
  });

  it('stand at a host, for a time, for whom they are meant', async () => {
    const made = await call('POST', '/faults/presets/mailbox-full', {
      host: 'submission',
      ttl: '5m',
      hard: true,
      match: { recipient: '*@w3.test' },
    });
    expect(made.body['faults']).toMatchObject([
      {
        ttl: '5m',
        on: { protocol: 'smtp', stage: 'rcpt', host: 'submission' },
        match: { recipient: '*@w3.test' },
        do: [{ reply: '552 5.2.2 Mailbox full' }],
        source: 'preset',
      },
    ]);
  });

  it('make those of their rules that can know whom they are to meet', async () => {
    const made = await call('POST', '/faults/presets/rate-limited', { match: { sender: '*@w3.test' } });
    expect(made.body['faults']).toMatchObject([{ on: { stage: 'mail' }, match: { sender: '*@w3.test' } }]);
    await call('DELETE', '/faults');
  });

  it('make all or nothing', async () => {
    const refused = await call('POST', '/faults/presets/rate-limited', { match: { recipient: '*@w3.test' } });
    expect(refused).toMatchObject({ status: 422, body: { error: { details: { path: 'match' } } } });
    expect((await call('POST', '/faults/presets/busy', { hard: true })).body.error).toMatchObject({ details: { path: 'hard' } });
    expect((await call('POST', '/faults/presets/bussy', {})).body.error?.message).toContain('busy may be meant');
    expect((await call('POST', '/faults/presets/down', { host: 'nobody' })).status).toBe(404);
    expect(await order()).toBe('');
  });

  it('take a host down for a time', async () => {
    await call('POST', '/faults/presets/down', { ttl: '1m' });
    expect(rig.listening).toEqual(['submission is down']);
    await call('POST', '/clock/advance', { by: '1m' });
    expect(rig.listening).toEqual(['submission is down', 'submission listens']);
  });
});

describe('a reset', () => {
  const here = { ...RULE, id: 'here', match: { recipient: '*@w3.test' } };
  const domain = { ...RULE, id: 'domain', match: { domain: 'w3.test' } };
  const user = { ...RULE, id: 'user', match: { user: { equals: 'w3' } } };
  const like = { ...RULE, id: 'like', match: { user: 'w33' } };
  const other = { ...RULE, id: 'other', match: { recipient: '*@w4.test' } };
  const regex = { ...RULE, id: 'regex', match: { recipient: { regex: 'w3' } } };

  beforeEach(async () => {
    await call('PUT', '/faults', [here, domain, user, like, other, regex]);
    await call('PATCH', '/hosts/submission', { state: 'down' });
    await call('POST', '/clock/advance', { by: '1h' });
  });

  it.each([
    [{}, '', 'up', 0],
    [{ keep: ['faults'] }, 'here domain user like other regex', 'down', 0],
    [{ keep: ['clock'] }, '', 'up', 60],
    [{ scope: { rcpt: '*@w3.test' } }, 'user like other regex', 'down', 60],
    [{ scope: { user: 'w3' } }, 'here domain like other regex', 'down', 60],
    [{ scope: { rcpt: '*@w3.test', user: 'w3' }, keep: ['faults'] }, 'here domain user like other regex', 'down', 60],
  ])('%j leaves the faults %j, the host %s and the clock ahead by %d min', async (body, faults, state, ahead) => {
    expect((await call('POST', '/reset', body)).status).toBe(200);
    expect([await order(), rig.deps.hosts.named('submission').state]).toEqual([faults, state]);
    // An hour, less what the move took.
    expect(Math.round(rig.deps.clock.offset / 60_000)).toBe(ahead);
  });
});
