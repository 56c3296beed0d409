import { expect, it } from 'vitest';
import { left, lengthOf, per, written } from '../../../../ui/screens/faults/length.ts';

it.each([
  ['5m', '5 min'],
  ['1h30m', '1 h 30 min'],
  ['250ms', '250 ms'],
  ['2d', '2 d'],
  ['90', '90 s'],
  [1500, '1 s 500 ms'],
  [60_000, '1 min'],
  [0, '0 s'],
])('%s is said as %s', (length, said) => expect(lengthOf(length)).toBe(said));

it.each([
  [5_400_000, '1h30m'],
  [7_800_000, '2h10m'],
  [250, '250ms'],
])('%i ms is written %s', (ms, text) => expect(written(ms)).toBe(text));

it.each([
  ['1m', 'a minute'],
  ['1h', 'an hour'],
  ['90s', 'in 90 s'],
])('%s is %s', (length, said) => expect(per(length)).toBe(said));

it.each([
  [-1, 'over'],
  [900, '00:01'],
  [552_000, '09:12'],
  [3_725_000, '1:02:05'],
  [3 * 86_400_000 + 60_000, '3 d'],
])('%i ms are left as %s', (ms, time) => expect(left(ms, (text) => text, 'over')).toBe(time));
