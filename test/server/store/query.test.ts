import { describe, expect, test } from 'vitest';
import { ParseError } from '../../../server/base/errors.ts';
import type { Query } from '../../../server/store/query.ts';
import { parseQuery } from '../../../server/store/query.ts';

/** The tree in one line: `(and a (or b c))`. */
function outline(query: Query): string {
  if (query.kind === 'term') return query.field === 'text' ? JSON.stringify(query.value) : `${query.field}=${query.value}`;
  if (query.kind === 'not') return `(not ${outline(query.term)})`;
  return `(${[query.kind, ...query.terms.map(outline)].join(' ')})`;
}

describe('a query is read as', () => {
  test.each([
    ['', '(and)'],
    ['   ', '(and)'],
    ['welcome', '"welcome"'],
    ['one two', '(and "one" "two")'],
    ['one AND two', '(and "one" "two")'],
    ['"two words"', '"two words"'],
    ['"say \\"hi\\""', '"say \\"hi\\""'],
    ['from:jo@shop.test', 'from=jo@shop.test'],
    ['FROM:jo', 'from=jo'],
    ['subject:"your code"', 'subject=your code'],
    ['-from:jo', '(not from=jo)'],
    ['NOT a', '(not "a")'],
    ['a OR b c', '(or "a" (and "b" "c"))'],
    ['(a OR b) c', '(and (or "a" "b") "c")'],
    ['-(a b)', '(not (and "a" "b"))'],
    ['well-known', '"well-known"'],
    ['header:X-Id=7', 'header=X-Id=7'],
    ['header:Subject="a b"', 'header=Subject=a b'],
    ['"from:jo"', '"from:jo"'],
    ['12:30', '"12:30"'],
    ['or', '"or"'],
    ['a - b', '(and "a" "-" "b")'],
  ])('%s → %s', (text, expected) => {
    expect(outline(parseQuery(text))).toBe(expected);
  });
});

describe('a wrong query names what is wrong and where', () => {
  test.each([
    ['subjct:a', 1, /unknown field "subjct"; did you mean "subject:"/],
    ['a http://x.test', 3, /unknown field "http"/],
    ['a "b', 3, /quote is never closed/],
    ['(a', 1, /parenthesis is never closed/],
    ['a)', 2, /unexpected "\)"/],
    ['from:', 1, /wants a value/],
    ['a OR', 5, /OR wants something on both sides/],
    ['OR a', 1, /OR wants something on both sides/],
    ['is:new', 4, /is one of read, unread, starred, pinned, not "new"/],
    ['x state:lost', 9, /is one of queued/],
    ['before:soon', 8, /no date/],
    ['larger:big', 8, /no size/],
    ['NOT', 1, /nothing to negate/],
    ['AND a', 1, /nothing before AND/],
    ['('.repeat(60), 51, /nested too deeply/],
    ['-'.repeat(60) + 'a', 51, /nested too deeply/],
  ])('%s', (text, column, message) => {
    let error: unknown;
    try {
      parseQuery(text);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(ParseError);
    expect((error as ParseError).message).toMatch(message);
    expect((error as ParseError).column).toBe(column);
  });
});
