import { describe, expect, it } from 'vitest';
import { boxOf, isUnfinished, queryOf, rewritten } from '../../../../../ui/screens/frame/search/box.ts';

describe('a query in the box', () => {
  it.each([
    ['', [], ''],
    ['welcome ', [], 'welcome '],
    ['from:acme', ['from:acme'], ''],
    ['welcome from:acme -is:read', ['from:acme', '-is:read'], 'welcome'],
    ['from:acme (b OR c)', ['from:acme'], '(b OR c)'],
    ['from:acme OR to:b', [], 'from:acme OR to:b'],
    ['colour:red is:green', [], 'colour:red is:green'],
    ['--from:a', [], '--from:a'],
    ['NOT from:a', ['NOT from:a'], ''],
  ])('%j has the chips %j and the text %j', (query, chips, draft) => {
    const box = boxOf(query);
    expect([box.chips.map(({ source }) => source), box.draft]).toEqual([chips, draft]);
  });

  it.each([
    ['from:acme', 'welcome', 'from:acme welcome'],
    ['from:acme', 'a OR b', 'from:acme (a OR b)'],
    ['from:acme', '"open', 'from:acme ("open)'],
    ['', 'a OR b', 'a OR b'],
    ['', 'apples ', 'apples '],
  ])('chips %j and the text %j are the query %j', (chips, draft, query) => {
    expect(queryOf({ ...boxOf(chips), draft })).toBe(query);
  });
});

it.each([
  ['from:', true],
  ['is:un', true],
  ['is:unread', false],
  ['"one', true],
  ['from:ac', false],
  ['colour:', false],
  ['welcome', false],
])('%j is still being written: %j', (draft, expected) => expect(isUnfinished(draft, draft.length)).toBe(expected));

it.each([
  ['fro', 3, 'from:', 'from:', 5],
  ['a -fro b', 6, 'from:', 'a -from: b', 8],
  ['a ', 2, 'from:', 'a from:', 7],
])('%j at %i, with %j, becomes %j', (draft, caret, write, expected, at) => {
  expect(rewritten(draft, caret, write)).toEqual({ draft: expected, caret: at });
});
