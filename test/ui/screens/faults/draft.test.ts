import { describe, expect, it } from 'vitest';
import type { FaultRule, TextMatch } from '../../../../server/http/contract/types.ts';
import {
  delayOf,
  endingKind,
  headerOf,
  matchOf,
  modifierOf,
  putMatch,
  putModifier,
  typed,
  typedDelay,
  typedHeader,
  whenKind,
  withEnding,
  withKind,
  type EndingKind,
  type WhenKind,
} from '../../../../ui/screens/faults/draft.ts';

const rule: FaultRule = { on: { stage: 'rcpt' }, do: [{ delay: '2s' }, { reply: '450 x' }] };

it.each<[string, TextMatch | undefined]>([
  ['', undefined],
  ['*@shop.test', '*@shop.test'],
  ['/^vip/', { regex: '^vip' }],
  ['"jo"', { equals: 'jo' }],
  ['/', '/'],
])('%j is typed for %j', (text, match) => {
  expect(matchOf(text)).toEqual(match);
  expect(typed(match)).toBe(text);
});

it('shows what is contained as a glob', () => expect(typed({ contains: 'fail' })).toBe('*fail*'));

it.each<[string, Record<string, TextMatch> | undefined]>([
  ['X-Test-Run: 42', { 'X-Test-Run': '42' }],
  ['X-Test-Run', { 'X-Test-Run': '*' }],
  [' ', undefined],
])('the header %j', (text, header) => expect(headerOf(text)).toEqual(header));
it('writes a header as it stands in mail', () => expect(typedHeader({ 'X-A': '1', 'X-B': { regex: '2' } })).toBe('X-A: 1, X-B: /2/'));

it.each([
  ['', undefined],
  ['2s', '2s'],
  ['2s to 8s', { min: '2s', max: '8s' }],
])('the delay %j', (text, delay) => {
  expect(delayOf(text)).toEqual(delay);
  expect(typedDelay(delay)).toBe(text);
});
it.each(['2s-8s', '2s – 8s'])('reads %j too', (text) => expect(delayOf(text)).toEqual({ min: '2s', max: '8s' }));

describe('matches', () => {
  it('leave nothing behind', () => {
    const matched = putMatch(rule, { recipient: 'jo@*' });
    expect(matched.match).toEqual({ recipient: 'jo@*' });
    expect(putMatch(matched, { recipient: undefined })).toEqual(rule);
  });
});

describe('ways of firing', () => {
  it.each<WhenKind>(['always', 'first', 'every', 'chance', 'rate', 'concurrency', 'firstSeen'])('%s', (kind) => {
    const made = withKind({ ...rule, when: { times: 3, probability: 0.1 } }, kind);
    expect(whenKind(made)).toBe(kind);
    expect(made.when?.times).toBe(3);
  });
  it.each([{ attempts: { nth: [1] } }, { attempts: { first: 1 }, probability: 0.5 }])('%j is for the JSON', (when) =>
    expect(whenKind({ ...rule, when })).toBe('other'),
  );
});

describe('answers', () => {
  it.each<EndingKind>(['', 'reply', 'close', 'reset', 'stall', 'truncate', 'discard', 'corrupt', 'acceptThen', 'pass'])(
    '%s keeps the delay',
    (kind) => {
      const made = withEnding(rule, kind, 'smtp');
      expect([endingKind(made), modifierOf(made, 'delay')]).toEqual([kind, '2s']);
      expect(made.do).toHaveLength(kind === '' ? 1 : 2);
    },
  );
  it('a script stands alone, and can be left again', () => {
    const script = withEnding(rule, 'script', 'pop3');
    expect(script).toEqual({ on: { stage: 'rcpt' }, script: ['-ERR [SYS/TEMP] Try again later', 'pass'] });
    expect(withEnding(script, 'reset', 'pop3')).toEqual({ on: { stage: 'rcpt' }, do: [{ reset: true }] });
  });
  it('modifiers stand before the answer', () => {
    const made = putModifier({ ...rule, do: [{ reply: '450 x' }] }, 'delay', '1s');
    expect(made.do).toEqual([{ delay: '1s' }, { reply: '450 x' }]);
    expect(putModifier(made, 'delay', undefined).do).toEqual([{ reply: '450 x' }]);
  });
});
