import { expect, it } from 'vitest';
import type { Attempt, Delivery, MessageDetail, Recipient } from '../../../../server/http/contract/types.ts';
import { lanesOf } from '../../../../ui/screens/message/lanes.ts';

const NOW = Date.parse('2026-01-31T14:10:00.000Z');
const at = (seconds: number): string => new Date(NOW + seconds * 1000).toISOString();

const attempt = (round: number, host: string, change: Partial<Attempt> = {}): Attempt => ({
  at: at(round),
  round,
  host: `${host}.shop.test`,
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
const TAKEN = { stage: 'end-of-data', code: 250, enhanced: '2.0.0', text: 'ok', outcome: 'delivered' } as const;

const delivery = (change: Partial<Delivery>): Delivery => ({
  id: 'd1',
  messageId: 'm1',
  sender: 'app@client.test',
  recipient: 'jo@shop.test',
  receiver: 'shop.test',
  state: 'delivered',
  queuedAt: at(0),
  nextAttemptAt: null,
  expiresAt: at(3600),
  attemptsPlanned: 8,
  rounds: change.attempts?.at(-1)?.round ?? 0,
  via: null,
  relayedBy: null,
  attempts: [],
  ...change,
});

const detail = (...recipients: string[]): MessageDetail =>
  ({
    receivedAt: at(0),
    host: 'submission',
    client: '127.0.0.1:51022',
    user: 'web-1',
    deliveries: recipients.map((recipient) => ({ recipient, via: null }) as Recipient),
  }) as MessageDetail;

const told = (...deliveries: Delivery[]): string[] =>
  (lanesOf(detail('jo@shop.test'), deliveries, NOW)[0]?.steps ?? [])
    .slice(1)
    .map(({ glyph, when, title, what }) => [glyph, when, title, what].filter(Boolean).join(' | '));

it.each<[string, Partial<Delivery>, string[]]>([
  ['nothing yet', { state: 'queued', nextAttemptAt: at(0) }, [expect.stringMatching(/^clock \| now \| Try 1 of 8 \| given up at /)]],
  [
    'a backup that took it',
    { attempts: [attempt(1, 'mx1', REFUSED), attempt(1, 'mx2', TAKEN)] },
    ['cross | Try 1, mx1.shop.test | connection refused', 'check | Try 1, mx2.shop.test | 250 2.0.0 ok'],
  ],
  [
    'a second try that went as the first',
    { attempts: [attempt(1, 'mx1'), attempt(2, 'mx1'), attempt(3, 'mx1', TAKEN)] },
    [
      'cross | Try 1, mx1.shop.test | 451 4.3.2 busy at RCPT',
      'waits | Try 2 | the same answers',
      'check | Try 3, mx1.shop.test | 250 2.0.0 ok',
    ],
  ],
  [
    'a hundred tries that went as the first',
    {
      state: 'expired',
      attempts: Array.from({ length: 100 }, (_, i) => [attempt(i + 1, 'mx1', REFUSED), attempt(i + 1, 'mx2')]).flat(),
    },
    [
      'cross | Try 1, mx1.shop.test | connection refused',
      'cross | Try 1, mx2.shop.test | 451 4.3.2 busy at RCPT',
      expect.stringMatching(/^waits \| Tries 2 to 100 \| the same answers, until /) as string,
      'cross | Expired | given up: its time was over',
    ],
  ],
  [
    'a lost reply',
    { state: 'deferred', nextAttemptAt: at(192), attempts: [attempt(1, 'mx1', { ...REFUSED, stage: 'end-of-data', unsure: true })] },
    [
      'waits | Try 1, mx1.shop.test | the reply was lost: it may have been taken',
      expect.stringMatching(/^clock \| in 03:12 \| Try 2 of 8/) as string,
    ],
  ],
  [
    'a refusal for good, without a host',
    {
      state: 'bounced',
      attempts: [attempt(1, '', { host: '', stage: 'route', code: 556, enhanced: '5.1.10', text: 'null MX', outcome: 'permanent' })],
    },
    ['cross | Try 1 | 556 5.1.10 null MX no host to try', 'cross | Bounced | refused for good'],
  ],
  ['what is tried now', { state: 'active', rounds: 2 }, ['again | Try 3 | is being tried now']],
  ['what is held', { state: 'held' }, ['held | Held | waits for a person to release it']],
  ['what was dropped', { state: 'dropped' }, ['none | Dropped | taken away by a person']],
  ['what a backup has', { state: 'deferred', relayedBy: 'mx2.shop.test' }, ['backup | mx2 hands it on | when a better host is back']],
])('tells of %s', (_what, change, steps) => {
  expect(told(delivery(change))).toEqual(steps);
});

it('goes on in the same lane when a backup relays', () => {
  expect(
    told(
      delivery({ attempts: [attempt(1, 'mx2', TAKEN)], via: 'mx2.shop.test' }),
      delivery({ id: 'd2', relayedBy: 'mx2.shop.test', attempts: [attempt(1, 'mx1', TAKEN)] }),
    ),
  ).toEqual(['check | Try 1, mx2.shop.test | 250 2.0.0 ok', 'check | Try 1, mx1.shop.test | 250 2.0.0 ok']);
});

it('has a lane for each recipient, in their order, and begins each with who brought it', () => {
  const lanes = lanesOf(
    detail('a@shop.test', 'b@local.test'),
    [delivery({ recipient: 'a@shop.test', attempts: [attempt(1, 'mx1', TAKEN)] })],
    NOW,
  );
  expect(lanes.map(({ recipient, steps }) => `${recipient}: ${steps.map(({ title }) => title).join(', ')}`)).toEqual([
    'a@shop.test: submission took it, Try 1, mx1.shop.test',
    'b@local.test: submission took it, local',
  ]);
  expect(lanes[0]?.steps[0]?.what).toBe('from 127.0.0.1 as web-1');
});
