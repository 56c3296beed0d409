// The queue against hosts that answer as they are told to: what is tried where and when, and what becomes of it.

import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../../../server/mail/delivery.ts';
import { BEGIN, createRig, newOne, receiver, toHosts } from './rig.ts';
import type { Answer, HostScript } from './rig.ts';

const always =
  (answer: Answer): HostScript =>
  () =>
    answer;
const say = ({ attempts }: Delivery): string[] =>
  attempts.map(({ at, round, host, code, enhanced }) => `${(at - BEGIN) / 1000}s #${round} ${host} ${code ?? enhanced}`);

const SHOP = receiver('shop.test', toHosts('mx1 mx2'));
const RETRY = '450 4.2.1 later';
const NEVER = '550 5.1.1 no such user';

describe('a delivery', () => {
  it('goes to the preferred host, at once and where the clock stands', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: always('250') } });
    await rig.add('m1', ['jo@shop.test']);
    expect((await rig.clock.advance({ to: 'next' })).ran).toMatchObject([{ kind: 'delivery', outcome: 'delivered' }]);
    expect(rig.at('jo@shop.test')).toMatchObject({ state: 'delivered', via: 'mx1', rounds: 1, nextAttemptAt: null });
    expect(rig.clock.pending).toEqual([]);
  });

  it.each([
    ['refused', ['0s #1 mx1 4.4.1', '0s #1 mx2 250']],
    ['lost', ['0s #1 mx1 4.4.2', '0s #1 mx2 250']],
    [RETRY, ['0s #1 mx1 450', '0s #1 mx2 250']],
  ])('is taken by the backup in the same try where the preferred host says %s', async (answer, attempts) => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: always(answer), mx2: always('250') } });
    await rig.add('m1', ['jo@shop.test']);
    await rig.clock.advance({ by: 0 });
    expect([rig.state('jo@shop.test'), say(rig.at('jo@shop.test'))]).toEqual(['delivered', attempts]);
  });

  it('is not offered to the backup after a refusal for good', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: always(NEVER), mx2: always('250') } });
    await rig.add('m1', ['jo@shop.test']);
    await rig.clock.advance({ until: 'idle' });
    expect([rig.dials, rig.state('jo@shop.test'), rig.gaveUp]).toEqual([['mx1'], 'bounced', ['jo@shop.test bounced']]);
  });

  it('reaches the backup only after a lost connection where the policy says so', async () => {
    const strict = receiver('shop.test', toHosts('mx1 mx2', { policy: { failover: 'connection' } }));
    const rig = createRig({ receivers: [strict], hosts: { mx1: (_, n) => (n === 1 ? RETRY : 'lost'), mx2: always('250') } });
    await rig.add('m1', ['jo@shop.test']);
    await rig.clock.advance({ until: 'idle' });
    expect(say(rig.at('jo@shop.test'))).toEqual(['0s #1 mx1 450', '1s #2 mx1 4.4.2', '1s #2 mx2 250']);
  });

  it('is tried at the times of its schedule, and given up once', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: {} });
    await rig.add('m1', ['jo@shop.test']);
    const { ran, to } = await rig.clock.advance({ until: 'idle' });
    expect(ran.map(({ at, outcome }) => `${(at - BEGIN) / 1000} ${outcome}`)).toEqual([
      ...[0, 1, 3, 7, 15, 23].map((at) => `${at} deferred`),
      '30 expired',
    ]);
    expect([to - BEGIN, rig.gaveUp]).toEqual([30_000, ['jo@shop.test expired']]);
    expect(rig.at('jo@shop.test').attempts).toHaveLength(14);
  });

  it('runs through the five days of Postfix in as many tries as were planned', async () => {
    const postfix = receiver('shop.test', toHosts('mx1', { policy: { profile: 'postfix' } }));
    const rig = createRig({ receivers: [postfix], hosts: {} });
    await rig.add('m1', ['jo@shop.test']);
    expect((await rig.clock.advance({ by: 5 * 86_400_000 })).ranCount).toBe(113);
    expect(rig.at('jo@shop.test')).toMatchObject({ state: 'expired', rounds: 113, attemptsPlanned: 113 });
  });

  it.each([
    ['null-mx', 'bounced', 556],
    ['nxdomain', 'bounced', '5.1.2'],
    ['servfail', 'deferred', '4.4.3'],
  ] as const)('of a domain that DNS calls %s is %s, and nobody is dialled', async (dns, state, what) => {
    const rig = createRig({ receivers: [receiver('shop.test', { hosts: [], dns })], hosts: {} });
    await rig.add('m1', ['jo@shop.test']);
    await rig.clock.advance({ by: 0 });
    expect([rig.state('jo@shop.test'), say(rig.at('jo@shop.test')), rig.dials]).toEqual([state, [`0s #1  ${what}`], []]);
  });

  it('that may have been taken is said to be unsure', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: always('lost-reply'), mx2: always('250') } });
    await rig.add('m1', ['jo@shop.test']);
    await rig.clock.advance({ by: 0 });
    expect(rig.at('jo@shop.test').attempts.map(({ unsure = false }) => unsure)).toEqual([true, false]);
  });

  it('that a backup relays goes to better hosts alone', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: (_, n) => (n === 1 ? 'refused' : '250'), mx2: always('250') } });
    await rig.add('m1', ['jo@shop.test'], { relayedBy: 'mx2' });
    await rig.clock.advance({ until: 'idle' });
    expect(say(rig.at('jo@shop.test'))).toEqual(['0s #1 mx1 4.4.1', '1s #2 mx1 250']);
  });
});

describe('recipients of one message', () => {
  it('go in one transaction, and only those that failed go on', async () => {
    const answers: Readonly<Record<string, Answer>> = { 'good@shop.test': '250', 'busy@shop.test': RETRY, 'bad@shop.test': NEVER };
    const rig = createRig({
      receivers: [SHOP],
      hosts: { mx1: (recipient) => answers[recipient] ?? '250', mx2: (_, n) => (n === 1 ? RETRY : '250') },
    });
    await rig.add('m1', Object.keys(answers));
    await rig.clock.advance({ until: 'idle' });
    expect(rig.transactions).toEqual([
      'mx1: app@client.test > good@shop.test,busy@shop.test,bad@shop.test',
      'mx2: app@client.test > busy@shop.test',
      'mx1: app@client.test > busy@shop.test',
      'mx2: app@client.test > busy@shop.test',
    ]);
    expect(Object.keys(answers).map((one) => rig.state(one))).toEqual(['delivered', 'delivered', 'bounced']);
    expect(rig.gaveUp).toEqual(['bad@shop.test bounced']);
  });

  it('that came within a second are tried again together', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: (_, n) => (n === 1 ? RETRY : '250'), mx2: always(RETRY) } });
    await rig.clock.advance({ by: 100 });
    await rig.add('m1', ['a@shop.test']);
    await rig.clock.advance({ by: 500 });
    await rig.add('m1', ['b@shop.test']);
    await rig.clock.advance({ until: 'idle' });
    expect(rig.at('a@shop.test').attempts.at(-1)?.at).toBe(BEGIN + 2000);
    expect(rig.transactions.at(-1)).toBe('mx1: app@client.test > a@shop.test,b@shop.test');
  });

  it('of different receivers go apart', async () => {
    const rig = createRig({ receivers: [SHOP, receiver('bank.test', toHosts('mx9'))], hosts: { mx1: always('250'), mx9: always('250') } });
    await rig.add('m1', ['a@shop.test', 'b@bank.test']);
    await rig.clock.advance({ by: 0 });
    expect(rig.transactions.sort()).toEqual(['mx1: app@client.test > a@shop.test', 'mx9: app@client.test > b@bank.test']);
  });
});

describe('hosts', () => {
  it('of one preference share the mail, the same way at every run', async () => {
    const even = receiver('shop.test', { hosts: [{ name: 'mx1' }, { name: 'mx2' }, { name: 'mx3' }] });
    const shares = async (seed: number): Promise<string[]> => {
      const rig = createRig({
        receivers: [even],
        hosts: { mx1: always('250'), mx2: always('250'), mx3: always('250') },
        settings: { seed },
      });
      for (let i = 0; i < 300; i++) await rig.add(`m${i}`, [`u${i}@shop.test`]);
      await rig.clock.advance({ by: 0 });
      return [...rig.deliveries.values()].map(({ via }) => via ?? '');
    };
    const [first, again, other] = [await shares(1), await shares(1), await shares(2)];
    expect(first).toEqual(again);
    expect(first).not.toEqual(other);
    for (const host of ['mx1', 'mx2', 'mx3']) expect(first.filter((one) => one === host).length).toBeGreaterThan(70);
  });

  it('are not dialled again and again when nobody listens: a thousand mails cost one dial', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx2: always('250') } });
    for (let i = 0; i < 1000; i++) await rig.add(`m${i}`, [`u${i}@shop.test`]);
    await rig.clock.advance({ by: 0 });
    expect(rig.dials.filter((host) => host === 'mx1')).toHaveLength(1);
    expect([...rig.deliveries.values()].every(({ state, attempts }) => state === 'delivered' && attempts.length === 2)).toBe(true);
    expect(rig.most()).toBeLessThanOrEqual(21);
  });

  it('that are said to be alive again are dialled at once', async () => {
    let up = false;
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: () => (up ? '250' : 'refused'), mx2: always('250') } });
    await rig.add('m1', ['a@shop.test']);
    await rig.clock.advance({ by: 0 });
    up = true;
    await rig.add('m2', ['b@shop.test']);
    await rig.clock.advance({ by: 0 });
    expect(rig.at('b@shop.test').via).toBe('mx2');
    rig.queue.forgive('mx1');
    await rig.add('m3', ['c@shop.test']);
    await rig.clock.advance({ by: 0 });
    expect(rig.at('c@shop.test').via).toBe('mx1');
  });

  it('have no more connections than they may, and each is used again', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: always('250') }, settings: { maxHostConnections: 3 } });
    for (let i = 0; i < 200; i++) await rig.add(`m${i}`, [`u${i}@shop.test`]);
    await rig.clock.advance({ by: 0 });
    expect([rig.most(), rig.transactions.length]).toEqual([3, 200]);
    expect(rig.dials.length).toBeLessThanOrEqual(6);
  });

  it('that answer slowly hold up no other', async () => {
    let answer = (_: Answer): void => undefined;
    const slow = receiver('slow.test', toHosts('mx8'));
    const rig = createRig({
      receivers: [SHOP, slow],
      hosts: { mx1: always('250'), mx8: () => new Promise((resolve) => (answer = resolve)) },
    });
    await rig.add('m1', ['a@slow.test', 'b@shop.test']);
    const moved = rig.clock.advance({ by: 0 });
    await expect.poll(() => rig.state('b@shop.test')).toBe('delivered');
    expect(rig.state('a@slow.test')).toBe('active');
    answer('250');
    await moved;
    expect(rig.state('a@slow.test')).toBe('delivered');
  });
});

describe('what people say', () => {
  it('held, it waits for as long as they like; released, it goes at once', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: (_, n) => (n === 1 ? RETRY : '250'), mx2: always(RETRY) } });
    await rig.add('m1', ['jo@shop.test']);
    await rig.clock.advance({ by: 0 });
    await rig.queue.order('hold', 'd1');
    await rig.clock.advance({ by: 3_600_000 });
    expect([rig.state('jo@shop.test'), rig.clock.pending]).toEqual(['held', []]);
    await rig.queue.order('release', 'd1');
    await rig.clock.advance({ by: 0 });
    expect(rig.state('jo@shop.test')).toBe('delivered');
  });

  it('tried now, it does not wait for its time, nor believe that a host is dead', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: (_, n) => (n === 1 ? 'refused' : '250'), mx2: always(RETRY) } });
    await rig.add('m1', ['jo@shop.test']);
    await rig.clock.advance({ by: 0 });
    await rig.queue.order('retry', 'd1');
    await rig.clock.advance({ by: 0 });
    expect(say(rig.at('jo@shop.test'))).toEqual(['0s #1 mx1 4.4.1', '0s #1 mx2 450', '0s #2 mx1 250']);
  });

  it.each([
    ['drop', 'dropped', []],
    ['bounce', 'bounced', ['jo@shop.test bounced']],
  ] as const)('%s: it is %s', async (order, state, gaveUp) => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: always(RETRY), mx2: always(RETRY) } });
    await rig.add('m1', ['jo@shop.test']);
    await rig.clock.advance({ by: 0 });
    await rig.queue.order(order, 'd1');
    await rig.clock.advance({ until: 'idle' });
    expect([rig.state('jo@shop.test'), rig.gaveUp, rig.at('jo@shop.test').rounds]).toEqual([state, gaveUp, 1]);
    await expect(rig.queue.order('retry', 'd1')).rejects.toMatchObject({ code: 'conflict' });
  });

  it('nothing can be taken back while it is being tried', async () => {
    let answer = (_: Answer): void => undefined;
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: () => new Promise((resolve) => (answer = resolve)) } });
    await rig.add('m1', ['jo@shop.test']);
    const moved = rig.clock.advance({ by: 0 });
    await expect.poll(() => rig.dials.length).toBe(1);
    await expect(rig.queue.order('drop', 'd1')).rejects.toThrow('delivery d1: it is being tried at this moment');
    await expect(rig.queue.order('drop', 'none')).rejects.toMatchObject({ code: 'not-found' });
    expect(await rig.queue.orderAll('drop', ['d1', 'none'])).toEqual([]);
    await expect.poll(() => rig.dials.length).toBe(1);
    answer('250');
    await moved;
    expect(rig.state('jo@shop.test')).toBe('delivered');
  });

  it('of many, those that can be are: each once', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: (to) => (to.startsWith('bad') ? NEVER : RETRY), mx2: always(RETRY) } });
    await rig.add('m1', ['a@shop.test', 'bad@shop.test', 'b@shop.test']);
    await rig.clock.advance({ by: 0 });
    expect(await rig.queue.orderAll('hold', ['d1', 'd2', 'd3', 'd1'])).toEqual(['d1', 'd3']);
  });
});

describe('safety', () => {
  it('everything is kept before it is acted on: marked before it is dialled, the end before the next host', async () => {
    const seen: string[] = [];
    const rig = createRig({
      receivers: [SHOP],
      hosts: { mx1: (to) => (seen.push(`mx1 ${to}`), to.startsWith('a') ? '250' : RETRY), mx2: (to) => (seen.push(`mx2 ${to}`), '250') },
      before: (changes) => changes.forEach((change) => seen.push('state' in change ? change.state : change.type)),
    });
    await rig.add('m1', ['a@shop.test', 'b@shop.test']);
    await rig.clock.advance({ by: 0 });
    expect(seen).toEqual([
      'deliveries.queued',
      'active',
      'mx1 a@shop.test',
      'mx1 b@shop.test',
      'delivered',
      'mx2 b@shop.test',
      'delivered',
    ]);
  });

  it('what was waiting when the process ended is tried as it was due', async () => {
    const kept = [
      { ...newOne('m1', 'a@shop.test', BEGIN - 5000, [SHOP], 'd1'), state: 'deferred' as const, nextAttemptAt: BEGIN + 2000 },
      { ...newOne('m2', 'b@shop.test', BEGIN - 9_000_000, [SHOP], 'd2') },
      { ...newOne('m3', 'c@shop.test', BEGIN, [SHOP], 'd3'), state: 'held' as const, nextAttemptAt: null },
    ];
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: always('250') }, kept });
    const { ran } = await rig.clock.advance({ until: 'idle' });
    expect(ran.map(({ id }) => id)).toEqual(['d2', 'd1']);
    expect(rig.state('c@shop.test')).toBe('held');
  });

  it('a stop waits for a while, then leaves what is under way as it is', async () => {
    const rig = createRig({ receivers: [SHOP], hosts: { mx1: () => new Promise(() => undefined) } });
    await rig.add('m1', ['a@shop.test']);
    const moved = rig.clock.advance({ by: 0 });
    await expect.poll(() => rig.dials.length).toBe(1);
    await rig.queue.stop();
    await moved;
    expect([rig.state('a@shop.test'), rig.at('a@shop.test').attempts, rig.gaveUp, rig.errors]).toEqual(['active', [], [], []]);
    await rig.add('m2', ['b@shop.test']);
    await rig.clock.advance({ by: 1000 });
    expect(rig.state('b@shop.test')).toBe('queued');
  });

  it('what cannot be kept is reported, and tried again later', async () => {
    let full = true;
    const rig = createRig({
      receivers: [SHOP],
      hosts: { mx1: always('250') },
      before(changes) {
        if (full && changes.some(({ type }) => type !== 'deliveries.queued')) throw new Error('full');
      },
    });
    await rig.add('m1', ['a@shop.test']);
    await rig.clock.advance({ by: 0 });
    expect([rig.errors.map(String), rig.dials]).toEqual([['Error: full'], []]);
    full = false;
    await rig.clock.advance({ by: 60_000 });
    expect(rig.state('a@shop.test')).toBe('delivered');
  });
});
