import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textTest } from '../../../server/base/glob.ts';

describe('a value looked for in a text', () => {
  it.each([
    ['come', 'welcome', true],
    ['COME', 'welcome', true],
    ['', 'welcome', true],
    ['came', 'welcome', false],
    ['*', 'welcome', true],
    ['*', '', true],
    ['wel*', 'welcome', true],
    ['el*', 'welcome', false],
    ['*come', 'welcome', true],
    ['*com', 'welcome', false],
    ['w*l*e', 'welcome', true],
    ['w*e*e*e', 'welcome', false],
    ['**c**', 'welcome', true],
    ['ab*ba', 'aba', false],
    ['ab*ba', 'abba', true],
    ['a.c*', 'abcd', false],
    ['*a*', 'two\nlines a', true],
  ])('%s in %s: %s', (value, text, expected) => {
    expect(textTest(value)(text)).toBe(expected);
  });

  it('fits as a regular expression would', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    fc.assert(
      fc.property(word, fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 12 }), (value, text) => {
        fc.pre(value.includes('*'));
        expect(textTest(value)(text)).toBe(new RegExp(`^${value.replaceAll('*', '.*')}$`).test(text));
      }),
      { numRuns: 1_000 },
    );
  });

  it('costs no more for many stars', () => {
    expect(textTest(`${'*a'.repeat(5_000)}b`)('a'.repeat(100_000))).toBe(false);
  });
});
