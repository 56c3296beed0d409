// The connections to one host: what lets it rest, and who is dialled meanwhile.

import { describe, expect, it } from 'vitest';
import type { AttemptStage } from '../../../../server/mail/delivery.ts';
import type { Outcome } from '../../../../server/delivery/client/outcome.ts';
import { createLine } from '../../../../server/delivery/queue/line.ts';
import type { ConnectOptions, Talk } from '../../../../server/delivery/queue/line.ts';
import { newOne } from './rig.ts';

const REST = 500;

type Words = Partial<Outcome> & Pick<Outcome, 'stage'>;
const outcomeOf = (words: Words): Outcome => ({
  code: null,
  enhanced: null,
  text: 'Why',
  outcome: 'transient',
  lost: true,
  unsure: false,
  ...words,
});
const WELL = outcomeOf({ stage: 'end-of-data', code: 250, outcome: 'delivered', lost: false, text: 'Ok' });

/** What one connection comes to; a function is asked with each batch. */
type Answer = Outcome | ((nth: number) => Outcome | Promise<Outcome>);

interface Started {
  send(): Promise<Outcome>;
  /** What came of a few that were waiting together. */
  sendAll(count: number): Promise<string[]>;
  forgive(): void;
  at: number;
  readonly dials: () => number;
}

const BEFORE_MAIL: readonly AttemptStage[] = ['connect', 'banner', 'ehlo', 'starttls', 'tls'];

/** The `n`th connection answers so; the last one stands for all after it. */
function start(answers: readonly Answer[], maxConnections = 20): Started {
  const time = { now: 0 };
  let [dials, batches] = [0, 0];
  const line = createLine(
    { name: 'mx1', address: '127.0.0.1', port: 25, tls: 'none' },
    {
      clock: { now: () => time.now },
      signal: new AbortController().signal,
      maxConnections,
      rest: REST,
      register: () => () => undefined,
      sessionOf: () => null,
      connect(_target, { connected, served }: ConnectOptions) {
        const answer = answers[Math.min(dials++, answers.length - 1)] ?? WELL;
        let stands = false;
        return {
          async converse() {
            await Promise.resolve();
            const begins = !stands;
            const planned = typeof answer === 'function' ? null : answer;
            if (planned?.stage !== 'connect' && begins) connected('127.0.0.1:5');
            await Promise.resolve();
            if (begins && !(planned?.lost && BEFORE_MAIL.includes(planned.stage))) served();
            stands = true;
            const outcome = typeof answer === 'function' ? await answer(++batches) : answer;
            return { outcomes: [outcome], client: '127.0.0.1:5', durationMs: 1, open: !outcome.lost };
          },
          close: () => Promise.resolve(),
        };
      },
    },
  );
  const send = async (): Promise<Outcome> => {
    const carried = { messageId: 'm', deliveries: [newOne('m', 'jo@shop.test', 0, [], 'd')] };
    const batch = { sender: '', recipients: [{ address: 'jo@shop.test' }], raw: Buffer.alloc(0), body: null } as const;
    const talk: Talk = await line.send({
      carried,
      load: () => Promise.resolve({ ...batch, smtputf8: false, ret: null, envid: null }),
    });
    const [outcome] = talk.outcomes;
    if (outcome === undefined) throw new Error('no outcome');
    return outcome;
  };
  return {
    send,
    sendAll: async (count) =>
      (await Promise.all(Array.from({ length: count }, send))).map(({ stage, code, text }) => `${stage} ${code} ${text}`),
    forgive: () => line.forgive(),
    get at() {
      return time.now;
    },
    set at(now) {
      time.now = now;
    },
    dials: () => dials,
  };
}

const RESTS: readonly (readonly [what: string, words: Words])[] = [
  ['nobody listens', { stage: 'connect' }],
  ['it closes before the greeting', { stage: 'connect' }],
  ['421 in the greeting', { stage: 'banner', code: 421 }],
  ['450 in the greeting', { stage: 'banner', code: 450 }],
  ['554 in the greeting', { stage: 'banner', code: 554 }],
  ['it is lost in the greeting', { stage: 'banner' }],
  ['421 to EHLO', { stage: 'ehlo', code: 421 }],
  ['451 to EHLO', { stage: 'ehlo', code: 451 }],
  ['it is silent at EHLO', { stage: 'ehlo' }],
  ['454 to STARTTLS, which must be', { stage: 'starttls', code: 454 }],
  ['TLS breaks, which must be', { stage: 'tls' }],
];

const GOES_ON: readonly (readonly [what: string, words: Words])[] = [
  ['550 to EHLO', { stage: 'ehlo', code: 550, outcome: 'permanent', lost: false }],
  ['421 to MAIL', { stage: 'mail', code: 421 }],
  ['451 to MAIL', { stage: 'mail', code: 451, lost: false }],
  ['421 to RCPT', { stage: 'rcpt', code: 421 }],
  ['450 to RCPT', { stage: 'rcpt', code: 450, lost: false }],
  ['421 to DATA', { stage: 'data', code: 421 }],
  ['it is lost in the message', { stage: 'body' }],
  ['421 at the dot', { stage: 'end-of-data', code: 421 }],
  ['the reply is lost', { stage: 'end-of-data', unsure: true }],
];

describe('a host rests where', () => {
  it.each(RESTS)('%s: who waits hears the same without a dial', async (_what, words) => {
    const why = outcomeOf(words);
    const line = start([why, WELL]);
    const said = `${why.stage} ${why.code} Why`;
    const [first, ...others] = await line.sendAll(4);
    expect([first, new Set(others), line.dials()]).toEqual([said, new Set([`${said} (found before, not dialled again)`]), 1]);
    line.at = REST - 1;
    expect([await line.sendAll(1), line.dials()]).toEqual([[`${said} (found before, not dialled again)`], 1]);
    line.at = REST;
    expect([await line.sendAll(1), line.dials()]).toEqual([['end-of-data 250 Ok'], 2]);
  });

  it.each(GOES_ON)('but not where %s', async (_what, words) => {
    const line = start([outcomeOf(words), WELL], 1);
    const said = await line.sendAll(2);
    expect(said[0]).toBe(`${words.stage} ${words.code ?? null} Why`);
    expect(said[1]).toBe(words.lost === false ? said[0] : 'end-of-data 250 Ok');
  });
});

it('a host that is said to be well is dialled at once', async () => {
  const line = start([outcomeOf({ stage: 'banner', code: 421 }), WELL]);
  await line.send();
  line.forgive();
  expect([await line.sendAll(1), line.dials()]).toEqual([['end-of-data 250 Ok'], 2]);
});

it('nobody else dials before the first has been served; then all may', async () => {
  let goOn = (): void => undefined;
  const held = new Promise<void>((resolve) => (goOn = resolve));
  const line = start([() => held.then(() => WELL), () => WELL]);
  const all = line.sendAll(3);
  expect(line.dials()).toBe(1);
  await expect.poll(line.dials).toBe(3);
  goOn();
  expect(await all).toEqual(Array(3).fill('end-of-data 250 Ok'));
});

it('a host that wants no more connections goes on with those that it has: nobody who waits is turned away', async () => {
  const waiting: (() => void)[] = [];
  const slowly = (): Promise<Outcome> => new Promise((resolve) => waiting.push(() => resolve(WELL)));
  const line = start([slowly, outcomeOf({ stage: 'banner', code: 421 })], 2);
  const all = line.sendAll(5);
  for (let i = 0; i < 4; i++) {
    await expect.poll(() => waiting.length).toBe(1);
    waiting.shift()?.();
  }
  expect((await all).sort()).toEqual(['banner 421 Why', ...Array<string>(4).fill('end-of-data 250 Ok')]);
  expect(line.dials()).toBe(2);
});

it('the last of those connections is gone: who still waits is turned away', async () => {
  let end = (_: Outcome): void => undefined;
  const line = start([() => new Promise((resolve) => (end = resolve)), outcomeOf({ stage: 'ehlo', code: 421 })], 2);
  const all = line.sendAll(4);
  await expect.poll(line.dials).toBe(2);
  end(outcomeOf({ stage: 'body', text: 'Lost' }));
  expect(await all).toEqual(['body null Lost', 'ehlo 421 Why', ...Array<string>(2).fill('ehlo 421 Why (found before, not dialled again)')]);
});
