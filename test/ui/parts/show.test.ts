import { expect, it } from 'vitest';
import { isoHere, plain, relativeTime, rowTime, size } from '../../../ui/parts/show.ts';

it.each([
  ['plain', 'plain'],
  ['two\r\n lines', 'two  lines'],
  ['invoice\u202efdp.exe', 'invoice\ufffdfdp.exe'],
  ['a\u0000b\u200bc', 'a\ufffdb\ufffdc'],
  ['مكتب 田中', 'مكتب 田中'],
])('%j is shown as %j', (text, shown) => {
  expect(plain(text)).toBe(shown);
});

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [2080, '2.1 KB'],
  [203_400, '203 KB'],
  [1_000_000, '1 MB'],
  [52_428_800, '52 MB'],
])('%i octets are %s', (octets, shown) => {
  expect(size(octets)).toBe(shown);
});

it.each([
  [new Date(2026, 0, 31, 14, 2, 11), '14:02:11'],
  [new Date(2026, 0, 30, 14, 2, 11), '30 Jan 14:02'],
  [new Date(2025, 11, 31, 14, 2, 11), '31 Dec 2025'],
])('%s is shown in a row as %s', (then, shown) => {
  expect(rowTime(then.toISOString(), new Date(2026, 0, 31, 20))).toBe(shown);
});

it.each([
  [new Date(2026, 0, 31, 20, 0, 1), 'now'],
  [new Date(2026, 0, 31, 19, 59, 30), 'now'],
  [new Date(2026, 0, 31, 19, 59), '1 min ago'],
  [new Date(2026, 0, 31, 19, 1), '59 min ago'],
  [new Date(2026, 0, 31, 14, 2), '5 h ago'],
  [new Date(2026, 0, 28, 20), '3 d ago'],
  [new Date(2026, 0, 20, 14, 2), '20 Jan 14:02'],
  [new Date(2026, 1, 3, 14, 2), '3 Feb 14:02'],
])('%s was %s', (then, shown) => {
  expect(relativeTime(then.toISOString(), new Date(2026, 0, 31, 20).getTime())).toBe(shown);
});

it('gives the exact time of this place, with its zone, which reads back as the same', () => {
  const time = '2026-01-31T14:02:11.482Z';
  const [iso = '', zone = ''] = isoHere(time).split(' ');
  expect(new Date(iso).toISOString()).toBe(time);
  expect(zone).not.toBe('');
});
