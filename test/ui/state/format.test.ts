import { expect, it } from 'vitest';
import { formatOf } from '../../../ui/state/format.ts';

it.each([
  ['PK\x03\x04…', 'mail.bin', 'zip'],
  ['PK\x05\x06', 'empty', 'zip'],
  ['From jo@a.test Sat Jan 31 14:02:11 2026\r\n', 'inbox', 'mbox'],
  ['From: jo@a.test\r\n', 'a.txt', 'eml'],
  ['\xef\xbb\xbfReceived: from x', 'a', 'eml'],
  ['1234\r\nReceived: from x', 'mail.emlx', 'eml'],
  ['\x89PNG\r\n', 'a.png', undefined],
  ['', 'empty.eml', 'eml'],
  ['no header here\r\n', 'A.MBOX', 'mbox'],
])('%j in %s is %s', (start, name, format) => {
  expect(formatOf(start, name)).toBe(format);
});
