import { expect, it } from 'vitest';
import { offsets } from '../../../ui/parts/offsets.ts';

/** Ten rows of 50 px; headings of 20 px before the rows 0, 3 and 4. */
const grouped = offsets(10, 50, [0, 3, 4], 20);

it.each([
  [0, 20, 1],
  [1, 70, 1],
  [2, 120, 1],
  [3, 190, 2],
  [4, 260, 3],
  [9, 510, 3],
])('row %i begins at %i px, with %i headings above it', (index, top, headings) => {
  expect(grouped.topOf(index)).toBe(top);
  expect(grouped.headingsTo(index)).toBe(headings);
});

it.each([
  [-5, 0],
  [0, 0],
  [19, 0],
  [69, 0],
  [70, 1],
  [169, 2],
  [170, 3],
  [189, 3],
  [239, 3],
  [240, 4],
  [310, 5],
  [559, 9],
  [9_999, 9],
])('at %i px stands row %i', (px, index) => {
  expect(grouped.at(px)).toBe(index);
});

it('finds every row again where it begins, with headings or without', () => {
  for (const breaks of [[], [0], [5], [0, 1, 2, 3], [2, 9]]) {
    const list = offsets(10, 32, breaks, 28);
    for (let i = 0; i < 10; i++) expect(list.at(list.topOf(i))).toBe(i);
    expect(list.full).toBe(320 + breaks.length * 28);
  }
});
