import { expect, it } from 'vitest';
import type { SessionLine } from '../../../../server/http/contract/types.ts';
import { joined } from '../../../../ui/screens/session/lines.ts';

const line = (number: number, bytes: number | null = null): SessionLine => ({
  number,
  at: '2026-01-31T14:02:11.401Z',
  side: 'server',
  text: '',
  bytes,
  faultId: null,
});
const lines = (...numbers: number[]): SessionLine[] => numbers.map((number) => line(number));

it.each([
  ['go on after those that are known', [1, 2], [3, 4], [1, 2, 3, 4]],
  ['begin where nothing is known', [], [1], [1]],
  ['are left out where they are known already', [1, 2, 3], [2, 3, 4], [1, 2, 3, 4]],
  ['go on after a gap in those that are known', [1, 2, 90], [91], [1, 2, 90, 91]],
  ['are none', [1], [], [1]],
  ['leave a gap, so that all must be fetched', [1, 2], [4], null],
  ['were missed from the first one on', [], [2], null],
])('new lines %s', (_, known, more, expected) => {
  expect(joined(lines(...known), lines(...more))?.map(({ number }) => number) ?? null).toEqual(expected);
});

it('takes a line that has grown in place of itself', () => {
  expect(joined([line(1), line(2, 100)], [line(2, 150), line(3)])?.map(({ bytes }) => bytes)).toEqual([null, 150, null]);
});

it('keeps the beginning and the end of what is longer than can be shown', () => {
  const all = joined(lines(...Array.from({ length: 150 }, (_, i) => i + 1)), lines(151, 152), 120);
  expect([all?.length, all?.[99]?.number, all?.[100]?.number, all?.at(-1)?.number]).toEqual([120, 100, 133, 152]);
});
