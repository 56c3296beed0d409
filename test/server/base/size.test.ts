import { expect, test } from 'vitest';
import { formatSize, parseSize } from '../../../server/base/size.ts';

test.each([
  ['0', 0],
  ['12288', 12_288],
  ['64k', 65_536],
  ['50 MB', 52_428_800],
  ['1.5gb', 1_610_612_736],
  ['', null],
  ['mb', null],
  ['-1', null],
  ['5tb', null],
  ['1constructor', null],
])('%j is %j octets', (text, octets) => {
  expect(parseSize(text)).toBe(octets);
});

test.each([
  [0, '0'],
  [1000, '1000'],
  [12_288, '12kb'],
  [52_428_800, '50mb'],
  [1_610_612_736, '1536mb'],
])('%d octets are written %s and read back', (octets, text) => {
  expect(formatSize(octets)).toBe(text);
  expect(parseSize(text)).toBe(octets);
});
