// Transfer encodings and flowed text, as found in real mail.

import { describe, expect, test } from 'vitest';
import { decodeBase64, decodeBody, decodeText, decodeUuencode } from '../../../server/mail/decode.ts';
import { unflow } from '../../../server/mail/flowed.ts';
import { parseMime } from '../../../server/mail/mime.ts';
import { decodeQuotedPrintable } from '../../../server/mail/quoted-printable.ts';

const bytes = (text: string): Buffer => Buffer.from(text, 'latin1');

test.each([
  ['a=3Db', 'a=b'],
  ['caf=E9=e9', 'café\xe9'],
  ['soft=\r\nline', 'softline'],
  ['soft= \t\r\nline', 'softline'],
  ['soft=\nline', 'softline'],
  ['end=', 'end'],
  ['trailing  \t\r\nnext', 'trailing\r\nnext'],
  ['kept=20\r\nnext', 'kept \r\nnext'],
  ['inner  blanks', 'inner  blanks'],
  ['last  ', 'last'],
  ['a=ZZb =4', 'a=ZZb =4'],
  ['', ''],
])('quoted-printable %j is %j', (encoded, text) => {
  expect(decodeQuotedPrintable(bytes(encoded)).toString('latin1')).toBe(text);
});

test.each([
  ['SGVsbG8=', 'Hello'],
  ['SGVs\r\nbG8=\r\n', 'Hello'],
  ['SGVsbG8', 'Hello'],
  ['SGVsbG8=SGVsbG8=', 'HelloHello'],
  ['SGVs*bG8=', 'Hello'],
  ['', ''],
])('base64 %j is %j', (encoded, text) => {
  expect(decodeBase64(bytes(encoded)).toString()).toBe(text);
});

test('uuencoded lines are decoded between begin and end, lost blanks included', () => {
  expect(decodeUuencode(bytes('Hi\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nbye')).toString()).toBe('Cat');
  expect(decodeUuencode(bytes('begin 644 x\n$8V%T\nend\n')).toString()).toBe('cat\0');
  expect(decodeUuencode(bytes('not encoded')).toString()).toBe('not encoded');
});

describe('a part', () => {
  const open = (header: string, body: string): string => {
    const raw = bytes(`${header}\r\n\r\n${body}`);
    return decodeText(raw, parseMime(raw));
  };

  test.each([
    ['Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: quoted-printable', 'caf=E9', 'café'],
    ['Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: BASE64', 'w7w=', 'ü'],
    ['Subject: x', 'Gr\xfc\xdfe', 'Grüße'],
    ['Subject: x', 'Gr\xc3\xbc\xc3\x9fe', 'Grüße'],
    ['Content-Transfer-Encoding: __proto__', 'x', 'x'],
    ['Subject: x', 'a\r\nb\rc\nd', 'a\nb\nc\nd'],
    ['Content-Type: text/plain; format=flowed; delsp=yes', 'long \r\nword', 'longword'],
    ['Content-Type: text/html; format=flowed', 'a \r\nb', 'a \nb'],
  ])('%j of %j reads %j', (header, body, text) => {
    expect(open(header, body)).toBe(text);
  });

  test('without an encoding is a view of the message and no copy', () => {
    const raw = bytes('A: b\r\n\r\nbody');
    expect(decodeBody(raw, parseMime(raw)).buffer).toBe(raw.buffer);
  });
});

test.each([
  ['a \nb', 'a b'],
  ['a\nb', 'a\nb'],
  ['a \n\nb', 'a \n\nb'],
  ['> a \n> b', '> a b'],
  ['> a \n>> b \n> c', '> a \n>> b \n> c'],
  ['> a \nb', '> a \nb'],
  [' >not quoted', '>not quoted'],
  ['a\n-- \nsig', 'a\n-- \nsig'],
  ['a \n-- \nsig', 'a \n-- \nsig'],
])('flowed %j is %j', (text, unflowed) => {
  expect(unflow(text)).toBe(unflowed);
});
