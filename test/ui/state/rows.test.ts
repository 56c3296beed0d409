import { describe, expect, it } from 'vitest';
import { Rows, type Order } from '../../../ui/state/rows.ts';

const row = (id: string) => ({ id });
const ids = (text: string) => text.split(' ').map(row);

/** `9 8 . . 5`: what is known, newest first; a dot is a hole. */
function rowsOf(picture: string, order: Order = 'falling'): Rows<{ id: string }> {
  const rows = new Rows<{ id: string }>();
  const items = picture.split(' ').filter(Boolean);
  rows.clear(items.length, order);
  items.forEach((id, i) => id !== '.' && rows.fill(i, [row(id)]));
  return rows;
}
const picture = (rows: Rows<{ id: string }>): string => Array.from({ length: rows.length }, (_, i) => rows.at(i)?.id ?? '.').join(' ');

describe('filling', () => {
  it.each([
    ['. . . .', 0, '9 8', '9 8 . .'],
    ['9 8 . .', 2, '7 6', '9 8 7 6'],
    ['9 8', 2, '7 6', '9 8 7 6'],
    ['9 8 . . 4', 2, '7 5', '9 8 7 5 4'],
    // What was placed by guess gives way to what is known now.
    ['9 8 . 7 6', 2, '7 6', '9 8 7 6 .'],
    ['8 7 . .', 2, '9 5', '. . 9 5'],
    ['9 8 7', 1, '8 7', '9 8 7'],
  ])('%s, from %i with %s, becomes %s', (before, start, items, after) => {
    const rows = rowsOf(before);
    rows.fill(start, ids(items));
    expect(picture(rows)).toBe(after);
    expect(rows.known).toBe(after.replace(/[ .]/g, '').length);
  });
});

describe('taking out', () => {
  it.each([
    ['9 8 7', '8', true, '9 7'],
    ['9 8 7', '8', false, '9 7'],
    ['9 . . 3', '5', true, '9 . 3'],
    ['9 . . 3', '5', false, '9 . . 3'],
    // Its neighbours are known and it is not between them: it went already.
    ['9 8 6', '7', true, '9 8 6'],
    ['. . .', '7', true, '. .'],
    ['', '7', true, ''],
  ])('%s without %s (guess: %s) is %s', (before, id, guess, after) => {
    const rows = rowsOf(before);
    rows.remove([id], guess);
    expect(picture(rows)).toBe(after);
  });
});

it.each([
  ['9 8 7 6 5', '6', 3],
  ['9 . . . 5', '5', 4],
  ['. . . . 5', '5', 4],
  ['9 . . . .', '9', 0],
  ['9 . 7 . 5', '8', -1],
  ['', '8', -1],
])('in %s finds %s at %i', (before, id, index) => {
  expect(rowsOf(before).indexOf(id)).toBe(index);
});

it('finds every known row of a long list with holes anywhere', () => {
  const rows = new Rows<{ id: string }>();
  const name = (i: number): string => String(99_999 - i).padStart(5, '0');
  rows.clear(10_000);
  for (const start of [0, 17, 4_000, 4_003, 9_990]) rows.fill(start, [row(name(start)), row(name(start + 1))]);
  for (const start of [0, 1, 17, 18, 4_000, 4_004, 9_991]) expect(rows.indexOf(name(start))).toBe(start);
  expect(rows.indexOf(name(5_000))).toBe(-1);
});

it.each([
  // Oldest first.
  ['rising', '5 . . 9', '6 7', 1, '5 6 7 9'],
  ['rising', '5 8 . 9', '6 7', 1, '5 6 7 9'],
  ['rising', '7 . . 9', '5 6', 1, '. 5 6 9'],
  // By something else: only the same row in two places is wrong.
  ['other', '5 . . 9', '1 7', 1, '5 1 7 9'],
  ['other', '7 . . 9', '1 7', 1, '. 1 7 9'],
] as const)('in a list that is %s, %s filled with %s from %i is %s', (order, before, items, start, after) => {
  const rows = rowsOf(before, order);
  rows.fill(start, ids(items));
  expect(picture(rows)).toBe(after);
});

it.each([
  ['falling', '9 . . 3 . 1', '8 5 2', true, '9 3 1', 0],
  ['falling', '9 . . . 3', '8 3', true, '9 . .', 0],
  ['falling', '9 . 7 3', '8 5', false, '9 . 7 3', 1],
  ['rising', '1 . . 5 . 9', '3 7', true, '1 . 5 9', 0],
  ['other', '4 . 9', '9 2', true, '4 .', 1],
  ['other', '4 9', '2', true, '4 9', 0],
] as const)('in a list that is %s, %s without %s (guess: %s) is %s, unsure of %i', (order, before, gone, guess, after, unsure) => {
  const rows = rowsOf(before, order);
  expect(rows.remove(gone.split(' '), guess)).toBe(unsure);
  expect(picture(rows)).toBe(after);
  expect(rows.known).toBe(after.replace(/[ .]/g, '').length);
});

it('puts new rows after all others, where the oldest stand first', () => {
  const rows = rowsOf('3 . 5', 'rising');
  rows.append(ids('7 8'));
  expect(picture(rows)).toBe('3 . 5 7 8');
  expect(rows.indexOf('8')).toBe(4);
  expect(rows.all().map(({ id }) => id)).toEqual(['3', '5', '7', '8']);
});

it('takes a hundred thousand out at once', () => {
  const rows = new Rows<{ id: string }>();
  const name = (i: number): string => String(199_999 - i).padStart(6, '0');
  rows.clear(200_000);
  for (const start of [0, 150_000]) rows.fill(start, [row(name(start)), row(name(start + 1))]);
  rows.remove(
    Array.from({ length: 100_000 }, (_, i) => name(i)),
    true,
  );
  expect(rows.length).toBe(100_000);
  expect(rows.indexOf(name(150_000))).toBe(50_000);
});

it('puts new rows before all others and says which are holes', () => {
  const rows = rowsOf('5 . 3');
  rows.prepend([row('7'), undefined]);
  expect(picture(rows)).toBe('7 . 5 . 3');
  expect([rows.hole(0, 4), rows.hole(2, 4), rows.hole(4, 9)]).toEqual([1, 3, -1]);
});

it('forgets what is far from the view', () => {
  const rows = rowsOf('9 8 7 6 5 4');
  rows.forget(2, 3, 1);
  expect(picture(rows)).toBe('. 8 7 6 5 .');
  expect(rows.known).toBe(4);
});
