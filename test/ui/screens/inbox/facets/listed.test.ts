import { expect, it } from 'vitest';
import { listed } from '../../../../../ui/screens/inbox/facets/listed.ts';

const facets = [
  { value: 'a', count: 9 },
  { value: 'b', count: 5 },
  { value: '', count: 4 },
  { value: 'c', count: 3 },
];
const yes = (value: string) => ({ value, negated: false });

it.each([
  ['the largest', [], undefined, ['a 9', 'b 5']],
  ['a chosen one that is not among them', [yes('C')], undefined, ['a 9', 'b 5', 'C 3 yes']],
  ['a chosen one among them', [yes('b')], undefined, ['a 9', 'b 5 yes']],
  ['one that is not wanted', [{ value: 'a', negated: true }], undefined, ['a 9 not', 'b 5']],
  ['what was typed by hand, without a number', [yes('x*')], undefined, ['a 9', 'b 5', 'x* null yes']],
  ['the order of before, while somebody points at it', [], ['b', 'gone', 'a'], ['b 5', 'gone 0', 'a 9']],
] as const)('lists %s', (_what, choices, order, expected) => {
  const rows = listed(facets, choices, 2, order).map(({ value, count, chosen }) =>
    [value, count, chosen].filter((part) => part !== null || false).join(' '),
  );
  expect(rows).toEqual(expected.map((row) => row.replace(' null', '')));
});
