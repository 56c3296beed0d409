// Oddities of the bytes themselves.

import { expect, test } from 'vitest';
import { byteDefects } from '../../../server/mail/bytes.ts';
import { parseMime } from '../../../server/mail/mime.ts';

test.each<[text: string, defects: string[]]>([
  ['A: b\r\n\r\nx\r\n', []],
  ['A: b\n\nx\n', ['bare-lf']],
  ['A: b\r\n\r\nx\ry\r\n', ['bare-cr']],
  ['A: b\r\n\r\nx\r', ['bare-cr']],
  ['A: b\r\n\r\nx\0\r\n', ['nul']],
  [`A: b\r\n\r\n${'x'.repeat(998)}\r\n`, []],
  [`A: b\r\n\r\n${'x'.repeat(999)}\r\n`, ['long-line']],
  [`A: b\r\n\r\n${'x'.repeat(999)}`, ['long-line']],
  ['A: b\r\n\r\n\xfc\r\n', ['8bit-without-label']],
  ['Content-Transfer-Encoding: 8bit\r\n\r\n\xfc\r\n', []],
  ['Content-Transfer-Encoding: quoted-printable\r\n\r\n\xfc\r\n', ['8bit-without-label']],
  ['Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\xfc\r\n--b--\r\n', []],
  ['', []],
])('%j', (text, defects) => {
  const raw = Buffer.from(text, 'latin1');
  expect(byteDefects(raw, parseMime(raw))).toEqual(defects);
});
