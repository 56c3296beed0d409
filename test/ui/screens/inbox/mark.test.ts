import { expect, it } from 'vitest';
import type { Recipient, RefusalSummary, Summary } from '../../../../server/http/contract/types.ts';
import { markOf } from '../../../../ui/screens/inbox/mark.ts';

const recipient = (change: Partial<Recipient> = {}): Recipient => ({
  recipient: 'jo@shop.test',
  account: 'jo@shop.test',
  state: 'delivered',
  via: null,
  attempts: 0,
  attemptsPlanned: null,
  nextAttemptAt: null,
  seen: null,
  removed: null,
  ...change,
});
const told = (...deliveries: Recipient[]): string => {
  const mark = markOf({ kind: 'message', deliveries } as Summary);
  return mark ? `${mark.glyph} ${mark.word}` : '';
};
const waits = recipient({ state: 'deferred', attempts: 3, attemptsPlanned: 8 });
const mx1 = recipient({ via: 'mx1.shop.test', attempts: 1, attemptsPlanned: 8 });
const mx2 = recipient({ via: 'mx2.shop.test', backup: true });

it.each<[string, Recipient[]]>([
  ['check local', [recipient()]],
  ['check mx1', [mx1]],
  ['backup mx2', [mx2]],
  ['waits waits 3/8', [waits]],
  ['waits waits 0/8', [{ ...waits, state: 'queued', attempts: 0 }]],
  ['held held', [recipient({ state: 'held' })]],
  ['cross bounced', [recipient({ state: 'bounced' })]],
  ['waits expired', [recipient({ state: 'expired' })]],
  ['none dropped', [recipient({ state: 'dropped' })]],
  ['again sending', [recipient({ state: 'active' })]],
  // The one that most needs a look speaks for all.
  ['waits waits 3/8', [mx1, waits, mx2]],
  ['cross bounced', [waits, recipient({ state: 'bounced' }), mx1]],
  ['backup mx2', [mx1, mx2]],
  ['', []],
])('the mark is "%s"', (words, deliveries) => {
  expect(told(...deliveries)).toBe(words);
});

it('marks what was refused', () => {
  expect(markOf({ kind: 'refusal' } as RefusalSummary)).toMatchObject({ word: 'refused', glyph: 'none' });
});
