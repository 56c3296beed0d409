// Encoded words and charsets as text.

import { expect, test } from 'vitest';
import { decodeCharset, decodeWords, knownCharset } from '../../../server/mail/words.ts';

test.each([
  ['plain', 'plain'],
  ['=?utf-8?Q?Gr=C3=BC=C3=9Fe?=', 'Grüße'],
  ['=?UTF-8?B?R3LDvMOfZQ==?=', 'Grüße'],
  ['=?iso-8859-1?q?caf=E9_x?= y', 'café x y'],
  ['=?utf-8?Q?a?= =?utf-8?Q?b?=', 'ab'],
  ['=?utf-8?Q?a?= b', 'a b'],
  ['=?utf-8?Q?=E2=82?= =?utf-8?Q?=AC?=', '€'],
  ['=?utf-8?B?4oI=?= =?utf-8?B?rA==?=', '€'],
  ['=?ISO-2022-JP?B?GyRCJDMkcyRLJEEkTxsoQg==?=', 'こんにちは'],
  ['=?utf-8*en?Q?x?=', 'x'],
  ['=?no-such-charset?Q?x=41?=', 'xA'],
  ['=?utf-8?X?x?=', '=?utf-8?X?x?='],
  ['=?broken', '=?broken'],
])('%s reads %s', (value, text) => {
  expect(decodeWords(value)).toBe(text);
});

test.each([
  ['68c3bc', 'utf-8', 'hü'],
  ['68fc', 'iso-8859-1', 'hü'],
  ['80', 'windows-1252', '€'],
  ['68c3bc', '', 'hü'],
  ['68fc', '', 'hü'],
  ['68fc', 'us-ascii', 'hü'],
  ['68fc', 'no-such', 'hü'],
  ['68ff', 'utf-8', 'h\ufffd'],
  ['1b2442244a1b2842', 'iso-2022-jp', 'な'],
  ['c4e3bac3', 'gb2312', '你好'],
  ['82a0', 'shift_jis', 'あ'],
  ['2b4144772d', 'utf-7', '+ADw-'],
  ['610062', 'binary', 'a\0b'],
])('the octets %s in %j read %s', (hex, charset, text) => {
  expect(decodeCharset(Buffer.from(hex, 'hex'), charset)).toBe(text);
});

test('UTF-7 is no charset that is decoded, as it hides markup', () => {
  expect(['utf-8', 'koi8-r', 'euc-jp', 'big5'].map(knownCharset)).toEqual([true, true, true, true]);
  expect(['utf-7', 'us-ascii', '', 'nonsense'].map(knownCharset)).toEqual([false, false, false, false]);
});
