import { expect, test } from 'vitest';
import { patternTest } from '../../../../server/imap/list/pattern.ts';

test.each([
  ['*', 'a/b', true],
  ['%', 'a/b', false],
  ['%', 'a', true],
  ['', '', true],
  ['', 'a', false],
  ['a/%', 'a/b', true],
  ['a/%', 'a/b/c', false],
  ['a/*', 'a/b/c', true],
  ['a/*', 'a', false],
  ['a*', 'a', true],
  ['%/b', 'a/b', true],
  ['%/%', 'a/b', true],
  ['%b%', 'abc', true],
  ['%b%', 'a/b', false],
  ['*b%', 'a/b', true],
  ['%*', 'a/b', true],
  ['*%', 'a/b', true],
  ['**', 'a/b', true],
  ['inbox', 'INBOX', true],
  ['InBoX/%', 'INBOX/a', true],
  ['INBOX/%', 'INBOX/a', true],
  ['inbox*', 'INBOX', true],
  ['a', 'A', false],
  ['ü%', 'üb', true],
  ['a.c', 'abc', false],
])('%s and %s: %s', (pattern, name, fits) => {
  expect(patternTest(pattern, '/')(name)).toBe(fits);
});

test('a long pattern does not take long', () => {
  const pattern = '%a*'.repeat(20_000);
  const begun = performance.now();
  expect(patternTest(pattern, '/')('a'.repeat(1_000))).toBe(false);
  expect(patternTest('*a'.repeat(400), '/')('a'.repeat(399) + 'b')).toBe(false);
  expect(performance.now() - begun).toBeLessThan(500);
});
