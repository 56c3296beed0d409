// The engine: which rule meets whom, how often, in which order; the same for the same seed whatever comes in between.

import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import type { Decision, FaultPoint } from '../../../server/faults/decide.ts';
import type { Rule } from '../../../server/faults/fault.ts';
import type { Engine } from './rig.ts';
import { createIds } from '../../../server/base/ids.ts';
import { createFaults } from '../../../server/faults/engine.ts';
import { point, startEngine } from './rig.ts';

/** The reply's text, or the ending in a word; `-` where nothing steps in. */
function said(decision: Decision | null): string {
  if (decision === null) return '-';
  const { ending } = decision;
  return ending.kind === 'reply' ? ending.reply.lines.join('|') : ending.kind;
}

const ask = ({ faults }: Engine, change: Partial<FaultPoint> = {}): string => said(faults.decide(point(change)));
const asks = (engine: Engine, count: number, change: Partial<FaultPoint> = {}): string[] =>
  Array.from({ length: count }, () => ask(engine, change));

function withRule(rule: Partial<Rule>, seed?: number): Engine {
  const engine = startEngine(seed);
  engine.faults.add({ on: { stage: 'rcpt' }, do: [{ reply: '450 4.2.0 later' }], ...rule }, 'api');
  return engine;
}

describe('a rule meets', () => {
  it.each<[string, Rule['match'], Partial<FaultPoint>, boolean]>([
    ['everybody without a match', undefined, {}, true],
    ['a recipient by a glob, in any case', { recipient: 'JO@*' }, {}, true],
    ['no other recipient', { recipient: 'jo@*' }, { recipient: 'joe@shop.test' }, false],
    ['a recipient with its tag', { recipient: 'jo+*@shop.test' }, { recipient: 'jo+a@shop.test' }, true],
    ['a domain', { domain: '*.test' }, {}, true],
    ['a domain, not the end of one', { domain: 'hop.test' }, {}, false],
    ['a sender by a part', { sender: { contains: '@CLIENT' } }, {}, true],
    ['a sender by a regular expression', { sender: { regex: '^(app|web)@' } }, {}, true],
    ['a sender that is equal', { sender: { equals: 'app@client.test.' } }, {}, false],
    ['a client of a network', { clientIp: '127.0.0.0/8' }, {}, true],
    ['a client of IPv6', { clientIp: '::1' }, { client: '[::1]:5' }, true],
    ['no client of another network', { clientIp: '10.0.0.0/8' }, {}, false],
    ['a login', { user: 'web-1' }, { user: 'web-1' }, true],
    ['nobody by a login before there is one', { user: '*' }, {}, false],
    ['a name in EHLO', { helo: 'app.?lient.test' }, {}, true],
  ])('%s', (_what, match, change, expected) => {
    expect(ask(withRule(match ? { match } : {}), change)).toBe(expected ? '450 4.2.0 later' : '-');
  });

  it.each<[string, Rule['match'], boolean]>([
    ['a field of the header', { header: { 'x-test-run': '42' } }, true],
    ['no other value of it', { header: { 'X-Test-Run': '43' } }, false],
    ['a subject', { subject: { contains: '[fail]' } }, true],
    ['a size', { size: { over: 999, under: 1001 } }, true],
    ['no smaller one', { size: { over: 1000 } }, false],
    ['one of several recipients', { recipient: 'kim@*' }, true],
  ])('at the end of data %s', (_what, match, expected) => {
    const engine = withRule({ on: { stage: 'end-of-data' }, match: match ?? {} });
    const header = { from: [], to: [], cc: [], bcc: [], toCount: 0, subject: 'Order [FAIL] 7', messageId: 'a@b', date: null };
    const valuesOf = (name: string): string[] => (name === 'x-test-run' ? ['42'] : []);
    const change = {
      stage: 'end-of-data',
      recipient: null,
      recipients: ['jo@shop.test', 'kim@shop.test'],
      size: 1000,
      header,
      valuesOf,
    } as const;
    expect(ask(engine, change)).toBe(expected ? '450 4.2.0 later' : '-');
  });

  it.each<[string, Rule['on'], Partial<FaultPoint>, boolean]>([
    ['the built-in server', { stage: 'rcpt' }, {}, true],
    ['not a receiver of that name', { stage: 'rcpt' }, { host: 'mx1.shop.test' }, false],
    ['the host that it names', { stage: 'rcpt', host: 'mx1.shop.test' }, { host: 'mx1.shop.test' }, true],
    ['every host', { stage: 'rcpt', host: '*' }, { host: 'mx1.shop.test' }, true],
    ['LMTP as SMTP', { stage: 'rcpt' }, { protocol: 'lmtp', host: 'lmtp' }, true],
    ['no other stage', { stage: 'mail' }, {}, false],
    ['every stage by any', { stage: 'any', protocol: 'smtp' }, {}, true],
    ['no other protocol by any', { stage: 'any', protocol: 'smtp' }, { protocol: 'imap', host: 'imap', stage: 'fetch' }, false],
  ])('%s', (_what, on, change, expected) => {
    expect(ask(withRule({ on }), change)).toBe(expected ? '450 4.2.0 later' : '-');
  });
});

describe('a rule fires', () => {
  const [yes, no] = ['450 4.2.0 later', '-'];
  it.each<[string, Rule['when'], string[]]>([
    ['always', {}, [yes, yes, yes, yes]],
    ['at the first attempts', { attempts: { first: 2 } }, [yes, yes, no, no]],
    ['from one to another', { attempts: { from: 2, to: 3 } }, [no, yes, yes, no]],
    ['from one on', { attempts: { from: 3 } }, [no, no, yes, yes]],
    ['at some', { attempts: { nth: [1, 4] } }, [yes, no, no, yes]],
    ['at every second', { attempts: { every: 2 } }, [no, yes, no, yes]],
    ['some times', { times: 1 }, [yes, no, no, no]],
    ['beyond a rate', { rate: { over: 2, per: '1m' } }, [no, no, yes, yes]],
  ])('%s', (_what, when, expected) => {
    expect(asks(withRule({ when: when ?? {} }), 4)).toEqual(expected);
  });

  it('for each sender and recipient on its own, unless it says otherwise', () => {
    const each = withRule({ when: { attempts: { first: 1 } } });
    expect([ask(each), ask(each), ask(each, { recipient: 'kim@shop.test' }), ask(each, { sender: 'b@c.test' })]).toEqual([
      yes,
      no,
      yes,
      yes,
    ]);
    const all = withRule({ when: { attempts: { first: 1 }, attemptKey: 'rule' } });
    expect([ask(all), ask(all, { recipient: 'kim@shop.test' })]).toEqual([yes, no]);
  });

  it('by a script, whose last step stays', () => {
    const engine = startEngine();
    engine.faults.add({ on: { stage: 'rcpt' }, script: ['451 4.7.1 later', 'reset', 'pass'] }, 'api');
    expect(asks(engine, 4)).toEqual(['451 4.7.1 later', 'reset', 'pass', 'pass']);
    expect(ask(engine, { recipient: 'kim@shop.test' })).toBe('451 4.7.1 later');
  });

  it('in its window, on the clock', async () => {
    const engine = withRule({ when: { window: { after: '1m', for: '5m' } } });
    const seen = [ask(engine)];
    for (const by of [60_000, 299_999, 1]) {
      await engine.clock.advance(by);
      seen.push(ask(engine));
    }
    expect(seen).toEqual([no, yes, yes, no]);
  });

  it('in its window since it was made, also when its counters begin anew', async () => {
    const engine = withRule({ id: 'a', when: { window: { after: '1m' } } });
    await engine.clock.advance(60_000);
    engine.faults.reset('a');
    expect(ask(engine)).toBe('450 4.2.0 later');
  });

  it('until a key was first seen long enough ago, and again when it is forgotten', async () => {
    const engine = withRule({ when: { firstSeen: { under: '5m', forget: '24h' }, attemptKey: 'triplet' } });
    const seen = [ask(engine)];
    for (const by of [60_000, 240_000, 60_000, 24 * 3_600_000]) {
      await engine.clock.advance(by);
      seen.push(ask(engine));
    }
    expect(seen).toEqual([yes, yes, no, no, yes]);
  });

  it('above so many connections of a client, and lets go when they end', () => {
    const engine = withRule({ on: { stage: 'banner' }, do: [{ reply: '421 4.7.0 too many' }], when: { concurrency: { over: 2 } } });
    const at = (sessionId: string) => ask(engine, { stage: 'banner', sessionId });
    expect(['a', 'b', 'c'].map(at)).toEqual([no, no, '421 4.7.0 too many']);
    for (const id of ['a', 'c']) engine.faults.ended(id);
    expect(at('d')).toBe(no);
  });

  it('and what a rate refuses does not count: nobody starves', async () => {
    const engine = withRule({ when: { rate: { over: 10, per: '1m', by: 'sender' } } });
    let through = 0;
    for (let minute = 0; minute < 5; minute++) {
      through += asks(engine, 50).filter((one) => one === no).length;
      await engine.clock.advance(60_000);
    }
    expect(through).toBe(50);
  });

  it('with a probability by seed, rule, key and number: 0.1 of 10,000 within three sigma', () => {
    const engine = withRule({ when: { probability: 0.1 } });
    let fired = 0;
    for (let i = 0; i < 10_000; i++) if (ask(engine, { recipient: `user${i}@shop.test` }) === yes) fired++;
    expect(Math.abs(fired - 1000)).toBeLessThanOrEqual(3 * Math.sqrt(900));
  });

  it('in the same way whatever the order in which eight clients come', () => {
    const rule = { when: { probability: 0.4 } };
    const play = (order: readonly number[]): Record<string, string> => {
      const engine = withRule(rule, 7);
      const told: Record<string, string> = {};
      for (const client of order)
        told[client] = (told[client] ?? '') + (ask(engine, { recipient: `u${client}@shop.test` }) === yes ? 'x' : '.');
      return told;
    };
    const inTurn = Array.from({ length: 80 }, (_, i) => i % 8);
    const expected = play(inTurn);
    fc.assert(
      fc.property(fc.shuffledSubarray(inTurn, { minLength: 80 }), (order) => {
        expect(play(order)).toEqual(expected);
      }),
      { numRuns: 30 },
    );
    expect(new Set(Object.values(expected)).size).toBeGreaterThan(1);
  });
});

describe('the list', () => {
  const reply = (text: string): Rule => ({ id: text, on: { stage: 'rcpt' }, do: [{ reply: `450 ${text}` }] });

  it('is asked in its order; the first that meets somebody decides', () => {
    const engine = startEngine();
    for (const id of ['one', 'two']) engine.faults.add(reply(id), 'api');
    engine.faults.add(reply('before'), 'api', 'one');
    expect(ask(engine)).toBe('450 before');
    engine.faults.patch('before', { enabled: false });
    expect(ask(engine)).toBe('450 one');
    engine.faults.patch('two', {}, 'one');
    expect([ask(engine), engine.faults.list().map(({ id }) => id)]).toEqual(['450 two', ['before', 'two', 'one']]);
    expect(engine.faults.remove('two')).toBe(true);
    expect(ask(engine)).toBe('450 one');
    engine.faults.clear();
    expect([ask(engine), engine.faults.list()]).toEqual(['-', []]);
  });

  it('is replaced as a whole: what says the same under the same id goes on counting', () => {
    const engine = startEngine();
    engine.faults.replace([reply('a'), { ...reply('b'), enabled: false }], 'file');
    ask(engine);
    engine.faults.replace([reply('a'), reply('b')], 'api');
    expect(engine.faults.list().map(({ id, hits, source }) => [id, hits, source])).toEqual([
      ['a', 1, 'api'],
      ['b', 0, 'api'],
    ]);
    engine.faults.replace([{ ...reply('a'), do: [{ close: true }] }], 'api');
    expect([engine.faults.get('a')?.hits, ask(engine)]).toEqual([0, 'close']);
  });

  it('is replaced twice as once, also by rules without an id: each is the one with its name and words', () => {
    const engine = startEngine();
    const rule: Rule = { on: { stage: 'rcpt' }, do: [{ reply: '450 4.2.0 later' }], when: { attempts: { first: 2 } } };
    const list = [{ ...rule, name: 'a' }, rule, { ...rule, match: { recipient: 'jo@*' } }, rule];
    const first = engine.faults.replace(list, 'api');
    expect(asks(engine, 1)).toEqual(['450 4.2.0 later']);
    const again = engine.faults.replace(list, 'api');
    expect(again.map(({ id, hits }) => [id, hits])).toEqual(first.map(({ id }, i) => [id, i === 0 ? 1 : 0]));
    expect(engine.faults.replace([rule], 'api').map(({ id }) => id)).toEqual([first[1]?.id]);
  });

  test('a fault is gone when its time is over, and what it holds is let go', async () => {
    const engine = startEngine();
    engine.faults.add({ id: 'held', ttl: '10m', on: { stage: 'rcpt' }, do: [{ stall: true }] }, 'api');
    const decision = engine.faults.decide(point());
    expect(engine.clock.pending).toMatchObject([{ kind: 'fault', id: 'held' }]);
    await engine.clock.advance(600_000);
    await decision?.released;
    expect([engine.faults.list(), ask(engine), engine.clock.pending]).toEqual([[], '-', []]);
  });

  it.each<[string, (engine: Engine) => void]>([
    ['removed', ({ faults }) => void faults.remove('held')],
    ['paused', ({ faults }) => void faults.patch('held', { enabled: false })],
    ['reset', ({ faults }) => void faults.reset('held')],
    ['stopped with all', ({ faults }) => void faults.clear()],
    ['replaced', ({ faults }) => void faults.replace([], 'api')],
  ])('lets go of whom it holds when it is %s', async (_how, end) => {
    const engine = startEngine();
    engine.faults.add({ id: 'held', on: { stage: 'rcpt' }, do: [{ stall: true }] }, 'api');
    const decision = engine.faults.decide(point());
    end(engine);
    await expect(decision?.released).resolves.toBeUndefined();
  });

  it('tells of every hit, and keeps the newest', () => {
    const engine = withRule({ id: 'a', when: { attempts: { first: 1 } } });
    const told: string[] = [];
    engine.faults.events.on((event) => told.push(event.type === 'fault.hit' ? `${event.hit.outcome} ${event.fault.hits}` : event.type));
    ask(engine, { sessionId: 's7' });
    ask(engine);
    expect(told).toEqual(['450 4.2.0 later 1']);
    expect(engine.faults.hits('a')).toEqual([
      {
        at: 1_000_000,
        faultId: 'a',
        sessionId: 's7',
        stage: 'rcpt',
        sender: 'app@client.test',
        recipient: 'jo@shop.test',
        outcome: '450 4.2.0 later',
      },
    ]);
  });
});

describe('what does not work changes nothing', () => {
  const expiring: Rule = { id: 'a', ttl: '10m', on: { stage: 'rcpt' }, do: [{ reply: '450 a' }] };

  it.each<[string, (engine: Engine) => unknown, string]>([
    ['a list with a wrong rule', ({ faults }) => faults.replace([expiring, { ...expiring, id: 'b', do: [] }], 'api'), '[1].do'],
    ['a list with an id twice', ({ faults }) => faults.replace([expiring, expiring], 'api'), '[1].id: it stands here twice'],
    ['a list with nothing in it', ({ faults }) => faults.replace([null], 'api'), '[0]'],
    ['an id that is there', ({ faults }) => faults.add(expiring, 'api'), 'there is a fault a already'],
    ['a place that is not there', ({ faults }) => faults.add({ ...expiring, id: 'b' }, 'api', 'z'), 'there is no fault z to stand before'],
    ['a move to such a place', ({ faults }) => faults.patch('a', {}, 'z'), 'there is no fault z to stand before'],
    ['a wrong change', ({ faults }) => faults.patch('a', { ttl: 'soon' }), 'ttl: a length of time'],
  ])('%s', (_what, attempt, message) => {
    const engine = startEngine();
    engine.faults.add(expiring, 'api');
    const before = [engine.faults.list(), engine.clock.pending];
    expect(() => attempt(engine)).toThrow(message);
    expect([engine.faults.list(), engine.clock.pending]).toEqual(before);
    expect(ask(engine)).toBe('450 a');
  });
});

describe('a change', () => {
  const rule: Rule = { id: 'a', on: { stage: 'rcpt' }, match: { recipient: 'jo@*' }, do: [{ stall: true }] };

  it('that says the same lets nobody go, and keeps the life that has begun', async () => {
    const engine = startEngine();
    engine.faults.add({ ...rule, ttl: '10m' }, 'api');
    const released = engine.faults.decide(point())?.released.then(() => 'released');
    await engine.clock.advance(60_000);
    engine.faults.patch('a', { name: 'held' });
    expect(engine.faults.get('a')).toMatchObject({ name: 'held', hits: 1, expiresAt: 1_600_000 });
    engine.faults.replace([{ ...rule, name: null, ttl: '10m' }], 'api');
    expect(engine.faults.get('a')).toMatchObject({ hits: 1, createdAt: 1_000_000, expiresAt: 1_660_000 });
    expect(await Promise.race([released, Promise.resolve('held')])).toBe('held');
    engine.faults.patch('a', { do: [{ close: true }] });
    expect(await released).toBe('released');
  });

  it('puts a script in the place of what was to be done, and takes fields away by null', () => {
    const { faults } = startEngine();
    faults.add(rule, 'api');
    expect(faults.patch('a', { script: ['reset'] })).toMatchObject({ script: ['reset'] });
    expect(faults.get('a')?.do).toBeUndefined();
    expect(faults.patch('a', { match: null }).match).toBeUndefined();
  });

  it('of a fault as it was answered is the rule itself', () => {
    const { faults } = startEngine();
    const [first] = faults.replace([rule], 'api');
    expect(faults.replace(first ? [first] : [], 'api')).toEqual([first]);
  });
});

describe('a rule for any command', () => {
  it.each([
    ['rcpt', true],
    ['noop', true],
    ['any', true],
    ['banner', false],
    ['connect', false],
    ['tls', false],
    ['body', false],
  ] as const)('at %s: %s', (stage, expected) => {
    expect(ask(withRule({ on: { stage: 'any' } }), { stage })).toBe(expected ? '450 4.2.0 later' : '-');
  });

  it('stands where it stands among the others', () => {
    const engine = withRule({ on: { stage: 'any' } });
    engine.faults.add({ on: { stage: 'rcpt' }, do: [{ close: true }] }, 'api');
    expect([ask(engine), ask(engine, { stage: 'data' })]).toEqual(['450 4.2.0 later', '450 4.2.0 later']);
  });
});

it.each<[string, Rule, Partial<FaultPoint>]>([
  [
    'thousands of fields',
    { on: { stage: 'end-of-data' }, match: { header: { 'X-A': { regex: '(a|b)*c' } } }, do: [{ close: true }] },
    { valuesOf: () => Array.from({ length: 5_000 }, () => 'ab'.repeat(2_000)) },
  ],
  [
    'a thousand recipients',
    { on: { stage: 'data' }, match: { recipient: '*a*a*a*a*a*a*a*?*b*' }, do: [{ close: true }] },
    { recipients: Array.from({ length: 1_000 }, (_, i) => `${'a'.repeat(12_000)}${i}@shop.test`) },
  ],
])('%s that are hard to compare do not stop everybody else', (_what, rule, change) => {
  const engine = startEngine();
  engine.faults.add(rule, 'api');
  // Or else this would take minutes.
  expect(ask(engine, { stage: rule.on.stage, recipient: null, ...change })).toBe('-');
});

it('a rule whose time is over is not asked, even if nobody has told it yet', () => {
  const engine = withRule({ ttl: '10m' });
  let late = 0;
  const clock = { ...engine.clock, now: () => 1_000_000 + late };
  const faults = createFaults({ clock, seed: 1, ids: createIds(), report: () => undefined });
  faults.add({ ttl: '10m', on: { stage: 'rcpt' }, do: [{ close: true }] }, 'api');
  expect(said(faults.decide(point()))).toBe('close');
  late = 600_000;
  expect(said(faults.decide(point()))).toBe('-');
});

it('a hit names the recipient that was met', () => {
  const engine = withRule({ id: 'a', on: { stage: 'data' }, match: { domain: 'bücher.test' } });
  ask(engine, { stage: 'data', recipient: null, recipients: ['jo@shop.test', 'kim@xn--bcher-kva.test'] });
  expect(engine.faults.hits('a')).toMatchObject([{ recipient: 'kim@xn--bcher-kva.test' }]);
});

it('what probability lets through counts for the rate', () => {
  const engine = withRule({ when: { rate: { over: 2, per: '1m', by: 'sender' }, probability: 0.000001 } });
  expect(asks(engine, 20).every((one) => one === '-')).toBe(true);
  engine.faults.patch(engine.faults.list()[0]?.id ?? '', { when: { rate: { over: 2, per: '1m', by: 'sender' } } });
  expect(asks(engine, 3)).toEqual(['-', '-', '450 4.2.0 later']);
});

it('a clock that is put back lets rates and greylisting begin anew', async () => {
  const rated = withRule({ when: { rate: { over: 1, per: '1h', by: 'sender' } } });
  const grey = withRule({ when: { firstSeen: { under: '1m' } } });
  for (const { clock } of [rated, grey]) await clock.advance(5 * 86_400_000);
  expect([asks(rated, 2), ask(grey)]).toEqual([['-', '450 4.2.0 later'], '450 4.2.0 later']);
  for (const { clock } of [rated, grey]) await clock.advance(-5 * 86_400_000);
  expect([ask(rated), ask(grey)]).toEqual(['-', '450 4.2.0 later']);
  await grey.clock.advance(60_000);
  expect(ask(grey)).toBe('-');
});

it('a clock that is put back lets no fault live longer than it was to live, and holds whom it holds', async () => {
  const engine = withRule({ id: 'a', ttl: '10m', when: { window: { for: '5m' } }, do: [{ stall: true }] });
  engine.faults.add({ id: 'b', on: { stage: 'mail' }, do: [{ close: true }], ttl: '1h' }, 'api');
  await engine.clock.advance(1000);
  engine.faults.clockMoved();
  expect(engine.faults.list()).toMatchObject([
    { createdAt: 1_000_000, expiresAt: 1_600_000 },
    { createdAt: 1_000_000, expiresAt: 4_600_000 },
  ]);
  const held = engine.faults.decide(point());
  let released = false;
  void held?.released.then(() => (released = true));
  await engine.clock.advance(-500_000);
  engine.faults.clockMoved();
  expect(engine.faults.get('a')).toMatchObject({ createdAt: 501_000, expiresAt: 1_101_000, hits: 1 });
  expect([ask(engine), released]).toEqual(['stall', false]);
  await engine.clock.advance(600_000);
  expect([engine.faults.list().map(({ id }) => id), released]).toEqual([['b'], true]);
});

it('a rule forgets the keys that came least lately beyond its limit', () => {
  const { clock } = startEngine();
  const limits = { rules: 1, keys: 2, hits: 2 };
  const faults = createFaults({ clock, seed: 1, ids: createIds(), report: () => undefined, limits });
  faults.add({ id: 'a', on: { stage: 'rcpt' }, when: { attempts: { first: 1 } }, do: [{ close: true }] }, 'api');
  const at = (recipient: string) => said(faults.decide(point({ recipient })));
  expect(['a@x.test', 'b@x.test', 'a@x.test', 'c@x.test', 'a@x.test', 'b@x.test'].map(at)).toEqual([
    'close',
    'close',
    '-',
    'close',
    '-',
    'close',
  ]);
  expect([faults.get('a')?.hits, faults.hits('a').map(({ recipient }) => recipient)]).toEqual([4, ['b@x.test', 'c@x.test']]);
});

it('there are no more faults than the limit; addresses that are some are forgotten beyond it', () => {
  const { clock } = startEngine();
  const limits = { rules: 2, keys: 2, hits: 2 };
  const faults = createFaults({ clock, seed: 1, ids: createIds(), report: () => undefined, limits });
  const rule: Rule = { on: { stage: 'rcpt' }, match: { domain: 'else.test' }, do: [{ close: true }] };
  for (const code of ['450', '451', '452']) expect(said(faults.decide(point({ recipient: `jo+rcpt-${code}@shop.test` })))).toContain(code);
  expect(faults.list().map(({ id }) => id)).toEqual(['magic:rcpt-451', 'magic:rcpt-452']);
  faults.replace([rule, rule], 'api');
  expect(() => faults.add(rule, 'api')).toThrow('more than 2 faults; max-faults is the limit');
  expect(() => faults.replace([rule, rule, rule], 'api')).toThrow('more than 2 faults');
  expect(faults.list()).toHaveLength(2);
});

it('an id stays', () => {
  const { faults } = withRule({ id: 'a' });
  expect(() => faults.patch('a', { id: 'b' })).toThrow('id: it stays');
  expect(faults.patch('a', { id: 'a', name: 'one' })).toMatchObject({ id: 'a', name: 'one' });
});

describe('moving', () => {
  it.each([
    ['a', 'c', 'bac'],
    ['c', 'a', 'cab'],
    ['a', null, 'bca'],
    ['b', 'b', 'abc'],
    ['b', undefined, 'abc'],
  ])('%s before %s makes %s', (id, before, order) => {
    const { faults } = startEngine();
    for (const one of ['a', 'b', 'c']) faults.add({ id: one, on: { stage: 'rcpt' }, do: [{ close: true }] }, 'api');
    faults.patch(id, {}, before);
    expect(
      faults
        .list()
        .map((fault) => fault.id)
        .join(''),
    ).toBe(order);
  });
});

describe('what an earlier run had', () => {
  it('lives on for as long as it had left, and counts anew', async () => {
    const [before, after] = [startEngine(), startEngine()];
    before.faults.add({ id: 'a', ttl: '10s', on: { stage: 'rcpt' }, do: [{ close: true }] }, 'ui');
    before.faults.decide(point());
    await after.clock.advance(4000);
    after.faults.restore(before.faults.list());
    expect(after.faults.list()).toMatchObject([{ id: 'a', source: 'ui', hits: 0, ttl: '10s', createdAt: 1_000_000, expiresAt: 1_010_000 }]);
    await after.clock.advance(6000);
    expect(after.faults.list()).toEqual([]);
  });
});
