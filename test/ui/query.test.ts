import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ParseError } from '../../server/base/errors.ts';
import { FIELDS } from '../../server/store/fields.ts';
import { parseQuery, type Query } from '../../server/store/query.ts';
import { CHOICES, both, termAt, termText, termsOf, toggled, without, type Term } from '../../ui/query.ts';
import { text } from '../../ui/text.ts';

const short = ({ negated, field, value }: Term): string => `${negated ? '-' : ''}${field}=${value}`;

/** Columns are of no matter here. */
const meaningOf = (query: string): unknown =>
  JSON.parse(JSON.stringify(parseQuery(query), (key, value: unknown) => (key === 'column' ? 0 : value)));

/** As the server reads it, in the words of the page; null where it is no list of terms. */
function serverTerms(query: string): string[] | null {
  const root = parseQuery(query);
  // Parentheses around all of it are one group to the page.
  if (root.kind === 'or') return null;
  const describe = (part: Query, negated = false): string =>
    part.kind === 'not'
      ? describe(part.term, !negated)
      : part.kind === 'term'
        ? `${negated ? '-' : ''}${part.field}=${part.value}`
        : `${negated ? '-' : ''}group`;
  return root.kind === 'and' ? root.terms.map((part) => describe(part)) : [describe(root)];
}

describe('the terms of a query', () => {
  it.each([
    ['', []],
    ['  ', []],
    ['from:acme', ['from=acme']],
    ['FROM:Acme welcome', ['from=Acme', 'text=welcome']],
    ['-from:acme NOT is:read', ['-from=acme', '-is=read']],
    ['"a phrase" subject:"two words"', ['text=a phrase', 'subject=two words']],
    ['user:"say \\"hi\\""', ['user=say "hi"']],
    ['header:X-Kind="a b" c', ['header=X-Kind=a b', 'text=c']],
    ['a AND b', ['text=a', 'text=b']],
    ['from:a (b OR c)', ['from=a', 'group=b OR c']],
    ['-(b OR (c d))', ['-group=b OR (c d)']],
    ['- "OR" -', ['text=-', 'text=OR', 'text=-']],
    ['--a', ['text=a']],
    ['a OR b', null],
    ['"open', null],
    ['(open', null],
    ['close)', null],
    ['from:', null],
    ['NOT', null],
    ['AND a', null],
    ['"a\\', null],
  ])('of %j are %j', (query, expected) => {
    expect(termsOf(query)?.map(short) ?? null).toEqual(expected);
  });

  it('are those that the server finds', () => {
    const piece = fc.constantFrom(
      'from:acme',
      'to:"a b"',
      'welcome',
      '"a ( b"',
      '-',
      '-is:read',
      'NOT ',
      'AND',
      'OR',
      '(',
      ')',
      '(x y)',
      'header:A="b c"',
      'a"b"',
      ' ',
      '  ',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), fc.constantFrom('', ' '), (pieces, between) => {
        const query = pieces.join(between);
        let expected: string[] | null;
        try {
          expected = serverTerms(query);
        } catch (error) {
          expect(error).toBeInstanceOf(ParseError);
          return;
        }
        const terms = termsOf(query);
        // One pair of parentheses around everything is nothing to the server.
        if (!terms || terms.some(({ field }) => field === 'group')) return void (terms === null && expect(expected).toBeNull());
        expect(terms.map(short)).toEqual(expected);
        expect(meaningOf(both(...terms.map(({ source }) => source)))).toEqual(meaningOf(query));
      }),
      { numRuns: 2_000 },
    );
  });

  it('never hang or throw, whatever is typed', () => {
    fc.assert(fc.property(fc.string({ unit: fc.constantFrom(...'ab:-"\\() \n=OR') }), (query) => void termsOf(query)));
  });
});

describe('the term at the caret', () => {
  it.each([
    ['from:ac', 7, 'from', 'ac'],
    ['-from:ac', 8, 'from', 'ac'],
    ['a from:ac b', 4, 'from', 'ac'],
    ['(from:', 6, 'from', ''],
    ['subject:"two wo', 15, 'subject', 'two wo'],
    ['fro', 3, 'text', 'fro'],
  ])('of %j at %i is %s with %j', (query, caret, field, value) => {
    expect(termAt(query, caret)).toMatchObject({ field, value });
  });

  it.each([
    ['', 0],
    ['a ', 2],
    ['(', 1],
  ])('of %j at %i is none', (query, caret) => expect(termAt(query, caret)).toBeUndefined());
});

it.each(['jm@shop.test', 'two words', 'a "b" \\c', '(x)', 'ünï', 'a\\b'])('a value %j written as a term reads as itself', (value) => {
  expect(parseQuery(termText('user', value))).toMatchObject({ field: 'user', value });
});

describe('choosing a value', () => {
  it.each([
    ['', 'rcpt', 'a@x', {}, 'rcpt:a@x'],
    ['welcome', 'rcpt', 'a@x', {}, 'welcome rcpt:a@x'],
    ['rcpt:A@x welcome', 'rcpt', 'a@x', {}, 'welcome'],
    ['rcpt:a@x', 'rcpt', 'b@x', {}, 'rcpt:a@x rcpt:b@x'],
    ['rcpt:a@x is:unread', 'rcpt', 'b@x', { alone: true }, 'is:unread rcpt:b@x'],
    ['-rcpt:a@x', 'rcpt', 'b@x', { alone: true }, '-rcpt:a@x rcpt:b@x'],
    ['rcpt:a@x', 'rcpt', 'a@x', { negated: true }, '-rcpt:a@x'],
    ['-rcpt:a@x b', 'rcpt', 'a@x', { negated: true }, 'b'],
    ['a OR b', 'rcpt', 'a@x', {}, '(a OR b) rcpt:a@x'],
    ['(a OR b) rcpt:a@x', 'rcpt', 'a@x', {}, '(a OR b)'],
    ['a AND b', 'user', 'x y', {}, 'a AND b user:"x y"'],
    ['a AND user:z', 'user', 'z', {}, 'a'],
  ])('in %j, %s %s %j, gives %j', (query, field, value, how, expected) => {
    expect(toggled(query, field, value, how)).toBe(expected);
  });

  it('leaves a query alone that it cannot read', () => expect(without('"open from:a', () => true)).toBe('"open from:a'));
});

it('knows the fields of the grammar and their values', () => {
  expect(Object.keys(text.fields).sort()).toEqual(Object.keys(FIELDS).sort());
  const choices = Object.entries(FIELDS).flatMap(([name, { choices: some }]) => (some ? [[name, [...some].sort()]] : []));
  expect(Object.fromEntries(Object.entries(CHOICES).map(([name, some]) => [name, [...some].sort()]))).toEqual(Object.fromEntries(choices));
});
