// Content-Type and Content-Disposition values, right and wrong.

import { describe, expect, test } from 'vitest';
import { joinContinued, readStructured } from '../../../server/mail/parameters.ts';

const VALUES: readonly (readonly [text: string, value: string, parameters?: Record<string, string>])[] = [
  ['', ''],
  ['text/plain', 'text/plain'],
  ['Text/HTML; Charset=UTF-8', 'text/html', { charset: 'UTF-8' }],
  ['text/plain;charset="utf-8";format=flowed', 'text/plain', { charset: 'utf-8', format: 'flowed' }],
  ['text/plain (a comment); charset=utf-8 (another; one)', 'text/plain', { charset: 'utf-8' }],
  ['multipart/mixed; boundary="a b\\"c"', 'multipart/mixed', { boundary: 'a b"c' }],
  ['multipart/mixed; boundary=a=b', 'multipart/mixed', { boundary: 'a=b' }],
  ['attachment; filename=my report.pdf; size=10', 'attachment', { filename: 'my report.pdf', size: '10' }],
  ['attachment; filename="a;b.txt"', 'attachment', { filename: 'a;b.txt' }],
  ['attachment; filename="not closed', 'attachment', { filename: 'not closed' }],
  ['attachment;; filename=a ;', 'attachment', { filename: 'a' }],
  ['attachment; =x; filename=a', 'attachment', { filename: 'a' }],
  ['attachment; filename=a; filename=b', 'attachment', { filename: 'a' }],
  ['text/plain; __proto__=x', 'text/plain', Object.fromEntries([['__proto__', 'x']])],
  // RFC 2231
  ["attachment; filename*=UTF-8''na%C3%AFve.txt", 'attachment', { filename: 'naïve.txt' }],
  ["attachment; filename*=iso-8859-1'en'caf%E9", 'attachment', { filename: 'café' }],
  ['attachment; filename*0="one "; filename*1="two"', 'attachment', { filename: 'one two' }],
  ['attachment; filename*1="two"; filename*0="one "', 'attachment', { filename: 'one two' }],
  ["attachment; filename*0*=UTF-8''%E2%82; filename*1*=%AC; filename*2=x", 'attachment', { filename: '€x' }],
  ["attachment; filename=old; filename*=UTF-8''new", 'attachment', { filename: 'new' }],
  ["attachment; filename*=UTF-8''new; filename=old", 'attachment', { filename: 'new' }],
  ["attachment; filename*=no-such''a%41", 'attachment', { filename: 'aA' }],
  ['attachment; filename*0=a; filename*2=c', 'attachment', { filename: 'a' }],
  ["attachment; filename*=UTF-8''100%", 'attachment', { filename: '100%' }],
  // Wrong by RFC 2047 §5 and common
  ['attachment; filename="=?UTF-8?Q?=C3=9C.txt?="', 'attachment', { filename: 'Ü.txt' }],
  ['attachment; filename="=?UTF-8?B?w5w=?= =?UTF-8?B?LnR4dA==?="', 'attachment', { filename: 'Ü.txt' }],
];

describe('a structured value', () => {
  test.each(VALUES.map(([text, value, parameters = {}]) => [text, value, parameters] as const))('%s', (text, value, parameters) => {
    const read = readStructured(text);
    expect(read.value).toBe(value);
    expect(Object.entries(read.parameters)).toEqual(Object.entries(parameters));
  });
});

test('the pairs stand as written, in order', () => {
  expect(readStructured("a; Name*1*=b; NAME*0*=UTF-8''%41; x=y").pairs).toEqual([
    ['name*1*', 'b'],
    ['name*0*', "UTF-8''%41"],
    ['x', 'y'],
  ]);
});

describe('continued parameters are put together', () => {
  test.each<[written: string, ...pairs: [string, string][]]>([
    ['a; x=y', ['x', 'y']],
    ['a; name*1=two; x=y; name*0="one "', ['name', 'one two'], ['x', 'y']],
    ["a; name*0*=UTF-8''%E2%82; name*1*=%AC", ['name*', "UTF-8''%E2%82%AC"]],
    ["a; name*0*=us-ascii'en'is; name*1=\"n't 100%\"", ['name*', "us-ascii'en'isn%27t%20100%25"]],
    ['a; name*0=a; name*1*=%41', ['name*', "''a%41"]],
    ['a; name*0=a; name*2=c', ['name*0', 'a'], ['name*2', 'c']],
    ['a; name*0=a; name*0=b', ['name*0', 'a'], ['name*0', 'b']],
    ["a; name*=UTF-8''x; name*0=y", ['name*', "UTF-8''x"], ['name', 'y']],
    ['a; __proto__*0=x', ['__proto__', 'x']],
  ])('%s', (written, ...pairs) => {
    expect(joinContinued(readStructured(written).pairs)).toEqual(pairs);
  });

  test('100,000 pieces in no time', () => {
    const pairs = Array.from({ length: 100_000 }, (_, i): [string, string] => [`n*${i % 10_000}`, 'x']);
    expect(joinContinued(pairs)).toHaveLength(100_000);
  });
});
