// xtext as a table (RFC 3461 §4).

import { expect, it } from 'vitest';
import { decodeXtext } from '../../../server/smtp/xtext.ts';

it.each([
  ['plain', 'plain'],
  ['', ''],
  ['a+2Bb', 'a+b'],
  ['e+3Dmc2', 'e=mc2'],
  ['+C3+BC', 'ü'],
  ['ü+2B', 'ü+'],
  ['<>', '<>'],
  ['a+2bb', null],
  ['a+', null],
  ['a+2', null],
  ['a=b', null],
  ['a b', null],
  ['+FF', null],
])('%j is %j', (text, decoded) => {
  expect(decodeXtext(text)).toBe(decoded);
});
