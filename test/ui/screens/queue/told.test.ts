import { describe, expect, it } from 'vitest';
import type { Attempt, ClockAdvance, Delivery, DeliveryState } from '../../../../server/http/contract/types.ts';
import {
  byUrgency,
  canOrder,
  lastReply,
  nextEvent,
  nextTry,
  pathOf,
  ranSentence,
  triesOf,
  tookOver,
} from '../../../../ui/screens/queue/told.ts';

const NOW = Date.parse('2026-01-31T14:00:00.000Z');
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

const attempt = (change: Partial<Attempt> = {}): Attempt => ({
  at: at(-60),
  round: 1,
  host: 'mx1.shop.test',
  stage: 'rcpt',
  code: 451,
  enhanced: '4.3.2',
  text: 'busy',
  durationMs: 4,
  outcome: 'transient',
  faultId: null,
  sessionId: null,
  unsure: false,
  ...change,
});
const REFUSED = { stage: 'connect', code: null, enhanced: null, text: 'connection refused' } as const;
const second = (change: Partial<Attempt> = {}): Attempt => attempt({ host: 'mx2.shop.test', ...change });

const delivery = (change: Partial<Delivery> = {}): Delivery => ({
  id: 'd1',
  messageId: 'm1',
  sender: 'app@client.test',
  recipient: 'jo@shop.test',
  receiver: 'shop.test',
  state: 'deferred',
  queuedAt: at(-60),
  nextAttemptAt: null,
  expiresAt: at(3600),
  attemptsPlanned: 8,
  rounds: 1,
  via: null,
  relayedBy: null,
  attempts: [],
  ...change,
});

it.each<[string, Partial<Delivery>]>([
  ['in 03:12', { nextAttemptAt: at(192) }],
  ['in 1:00:01', { nextAttemptAt: at(3601) }],
  ['now', { nextAttemptAt: at(-1) }],
  ['now', { state: 'queued', nextAttemptAt: at(0) }],
  ['now', { state: 'active' }],
  ['until released', { state: 'held' }],
  ['–', { state: 'dropped' }],
])('the next try is %s for %j', (words, change) => {
  expect(nextTry(delivery(change), NOW)).toBe(words);
});

it('says of one that is over when it was tried last', () => {
  expect(nextTry(delivery({ state: 'delivered', attempts: [attempt()] }), NOW)).toMatch(/^\d\d:59:00$/);
});

it.each<[string, Partial<Delivery>]>([
  ['451 4.3.2 busy (mx1)', { attempts: [attempt()] }],
  ['connection refused (mx2)', { attempts: [attempt(), second(REFUSED)] }],
  ['250 2.0.0 ok (mx2)', { attempts: [attempt(), second({ code: 250, enhanced: '2.0.0', text: 'ok', outcome: 'delivered' })] }],
  ['the reply was lost: it may have been taken (mx1)', { attempts: [attempt({ ...REFUSED, unsure: true })] }],
  ['no host (x)', { attempts: [attempt({ ...REFUSED, text: 'no host', host: 'x' })] }],
  ['554 a\ufffdb (mx1)', { attempts: [attempt({ code: 554, enhanced: null, text: 'a\u202eb' })] }],
  ['556 5.1.10 null MX', { attempts: [attempt({ host: '', code: 556, enhanced: '5.1.10', text: 'null MX' })] }],
  ['no reply yet', { state: 'active' }],
  ['put aside', { state: 'held' }],
  ['not tried yet', { state: 'queued' }],
])('the last reply is %s', (words, change) => {
  expect(lastReply(delivery(change)).words).toBe(words);
});

it.each<[string, Attempt[]]>([
  ['', []],
  ['mx1 failed', [attempt()]],
  ['mx1 failed, mx2 taken', [attempt(), second({ outcome: 'delivered' })]],
  ['mx1 unsure', [attempt({ unsure: true })]],
  // Only the last try, and each host once.
  ['mx2 failed', [attempt(), second(), second({ round: 2 })]],
  ['mx1 failed', [attempt({ outcome: 'delivered' }), attempt()]],
  ['', [attempt({ host: '' })]],
])('the path is "%s"', (words, attempts) => {
  expect(
    pathOf({ attempts })
      .map(({ host, end }) => `${host} ${end}`)
      .join(', '),
  ).toBe(words);
});

it.each<[boolean, Partial<Delivery>]>([
  [true, { via: 'mx2.shop.test', attempts: [attempt(), second({ outcome: 'delivered' })] }],
  [false, { via: 'mx1.shop.test', attempts: [attempt(), attempt({ round: 2, outcome: 'delivered' })] }],
  [false, { attempts: [attempt(), second()] }],
])('that another took it over is %s', (over, change) => {
  expect(tookOver(delivery(change))).toBe(over);
});

it.each([
  [3, 8, '3/8'],
  [9, 8, '9/9'],
])('%d tries of %d are %s', (rounds, attemptsPlanned, words) => {
  expect(triesOf({ rounds, attemptsPlanned })).toBe(words);
});

it.each<[DeliveryState, string]>([
  ['queued', 'retry hold bounce drop'],
  ['deferred', 'retry hold bounce drop'],
  ['held', 'retry release bounce drop'],
  ['active', ''],
  ['delivered', ''],
  ['expired', ''],
])('%s can be ordered to %s', (state, orders) => {
  const known = ['retry', 'hold', 'release', 'bounce', 'drop'] as const;
  expect(known.filter((order) => canOrder(order, { state })).join(' ')).toBe(orders);
});

it('has first what happens next, then what is held, then what is over, the newest first', () => {
  const all = [
    delivery({ id: 'd1', state: 'delivered' }),
    delivery({ id: 'd2', state: 'held' }),
    delivery({ id: 'd3', nextAttemptAt: at(20) }),
    delivery({ id: 'd4', state: 'active' }),
    delivery({ id: 'd5', nextAttemptAt: at(10) }),
    delivery({ id: 'd6', state: 'bounced' }),
    delivery({ id: 'd7', nextAttemptAt: at(10) }),
  ];
  expect(all.sort(byUrgency).map(({ id }) => id)).toEqual(['d4', 'd5', 'd7', 'd3', 'd2', 'd6', 'd1']);
});

describe('the next event', () => {
  const pending = (...kinds: readonly (readonly [string, number])[]) => ({
    pending: kinds.map(([kind, seconds], i) => ({ kind, at: at(seconds), id: String(i) })),
  });
  it.each([
    ['3 tries', pending(['delivery', 5], ['delivery', 5.4], ['delivery', 5], ['delivery', 9])],
    ['1 host back up, 1 try', pending(['host', 7], ['delivery', 7])],
    ['2 events', pending(['moon', 7], ['moon', 7], ['delivery', 99])],
  ])('is %s', (what, clock) => {
    expect(nextEvent(clock)?.what).toBe(what);
  });
  it('is none where nothing waits', () => {
    expect(nextEvent({ pending: [] })).toBeNull();
  });
});

it.each<[string, Partial<ClockAdvance>]>([
  ['The clock moved 1 min: nothing came due.', {}],
  [
    'The clock moved 1 min: 2 waits, 1 delivered.',
    { ran: ['deferred', 'deferred', 'delivered'].map((outcome) => ({ at: at(1), kind: 'delivery', id: 'd', outcome })), ranCount: 3 },
  ],
  ['The clock moved 1 min: 2 events, stopped at its limit.', { ranCount: 2, stopped: 'limit' }],
])('says "%s"', (sentence, change) => {
  expect(ranSentence([{ from: at(0), to: at(60), ran: [], ranCount: 0, stopped: null, ...change }])).toBe(sentence);
});
