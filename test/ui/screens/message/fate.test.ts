import { expect, it } from 'vitest';
import type { Recipient } from '../../../../server/http/contract/types.ts';
import { fateOf } from '../../../../ui/screens/message/fate.ts';

const recipient = (more: Partial<Recipient>): Recipient => ({
  recipient: 'jo@shop.test',
  account: 'jo@shop.test',
  state: 'delivered',
  via: null,
  attempts: 0,
  attemptsPlanned: null,
  nextAttemptAt: null,
  seen: null,
  removed: null,
  ...more,
});

it.each([
  [{}, ''],
  [{ via: 'mx1.shop.test', attempts: 1 }, 'Delivered by mx1.shop.test'],
  [{ via: 'mx2.shop.test', attempts: 1, backup: true }, 'Delivered by backup mx2.shop.test'],
  [{ via: 'mx2.shop.test', attempts: 3, backup: true, attemptsPlanned: 8 }, 'Delivered by backup mx2.shop.test, after 3 tries'],
  [{ state: 'queued', attemptsPlanned: 8 }, 'Waits for its first try'],
  [{ state: 'deferred', attempts: 1, attemptsPlanned: 8 }, 'Waits to be tried again, after 1 try'],
  [{ state: 'held' }, 'Held until somebody releases it'],
  [{ state: 'bounced', attempts: 1, attemptsPlanned: 8 }, 'Bounced: refused for good, after 1 try'],
  [{ state: 'expired', attempts: 8, attemptsPlanned: 8 }, 'Given up: its time was over, after 8 tries'],
] as const)('%j: %s', (more, sentence) => {
  const one = recipient(more);
  expect(fateOf(one, [one])).toBe(sentence);
});

it('names the recipient only where others fared otherwise', () => {
  const one = recipient({ via: 'mx1.shop.test', attempts: 1 });
  expect(fateOf(one, [one, { ...one, recipient: 'dev@shop.test' }])).toBe('Delivered by mx1.shop.test');
  expect(fateOf(one, [one, recipient({ state: 'held' })])).toBe('jo@shop.test: Delivered by mx1.shop.test');
});
