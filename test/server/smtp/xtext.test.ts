// xtext as a table (RFC 3461 §4).

import { expect, it } from 'vitest';
import { decodeXtext, encodeXtext } from '../../../server/smtp/xtext.ts';

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

it.each([
  ['plain<>', 'plain<>'],
  ['a+b=c d', 'a+2Bb+3Dc+20d'],
  ['ü€😀', '+C3+BC+E2+82+AC+F0+9F+98+80'],
  ['\0\x7f', '+00+7F'],
])('%j is written %j', (text, encoded) => {
  expect(encodeXtext(text)).toBe(encoded);
  expect(decodeXtext(encoded)).toBe(text);
});
