// Expressions that could take for ever, and texts that would make them.

import { expect, it } from 'vitest';
import { choicesIn, regexTest } from '../../../server/faults/safe-regex.ts';

it.each<[string, number, boolean]>([
  ['^vip', 0, false],
  ['^vip.*@', 1, false],
  ['a+b*', 2, false],
  ['(?:a|b)+', 2, false],
  ['(a+)+', 2, true],
  ['((a+))*', 2, true],
  ['(a{2,})?', 2, false],
  ['(a+){30}', 2, true],
  ['(?=a)(?<name>b)+?c', 1, false],
  ['[(+*](a)', 0, false],
  ['[\\]+](a)+', 1, false],
  ['\\(a+\\)+', 2, false],
  ['(a)\\1+', 2, false],
])('%s has %d choices; repetitions in repetitions: %s', (source, count, nested) => {
  expect(choicesIn(source)).toEqual({ count, nested });
});

it.each([
  ['^app\\d+@.*\\.test$', 'App12@client.TEST', true],
  ['^app\\d+@.*\\.test$', 'app@client.test', false],
  ['b|c', 'xcx', true],
] as const)('%s takes %s: %s', (source, text, expected) => {
  expect(regexTest(source)(text)).toBe(expected);
});

it.each([
  ['(a|a|b?)*c', 'a'.repeat(60)],
  ['(.*)(.*)(.*)(.*)x', 'b'.repeat(4000)],
  [`${'a?'.repeat(40)}${'a'.repeat(40)}`, 'a'.repeat(39)],
])('%s is stopped where it would take for ever', (source, text) => {
  const began = performance.now();
  expect(regexTest(source)(text)).toBe(false);
  // Without an end it would be many hours.
  expect(performance.now() - began).toBeLessThan(5_000);
});
