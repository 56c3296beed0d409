// Paths as clients write them, and the account that an address belongs to.

import { describe, expect, test } from 'vitest';
import { accountOf, parsePath, splitAddress } from '../../../server/mail/address.ts';
import { ParseError } from '../../../server/base/errors.ts';

const PATHS: readonly (readonly [text: string, address: string, rest?: string])[] = [
  ['<jo@shop.test>', 'jo@shop.test'],
  [' <jo@shop.test>', 'jo@shop.test'],
  ['<Jo.Doe@Shop.Test> SIZE=10 BODY=8BITMIME', 'Jo.Doe@Shop.Test', 'SIZE=10 BODY=8BITMIME'],
  ['<jo@shop.test>  ', 'jo@shop.test'],
  ['jo@shop.test', 'jo@shop.test'],
  ['jo@shop.test SIZE=10', 'jo@shop.test', 'SIZE=10'],
  ['<>', ''],
  ['<> RET=HDRS', '', 'RET=HDRS'],
  ['<Postmaster>', 'Postmaster'],
  ['<jo+tag@shop.test>', 'jo+tag@shop.test'],
  ['<"jo doe"@shop.test>', '"jo doe"@shop.test'],
  ['<"a\\"b>@c"@shop.test>', '"a\\"b>@c"@shop.test'],
  ['<""@shop.test>', '""@shop.test'],
  ['<@relay.test:jo@shop.test>', 'jo@shop.test'],
  ['<@a.test,@b.test:jo@shop.test> NOTIFY=NEVER', 'jo@shop.test', 'NOTIFY=NEVER'],
  ['<jo@[127.0.0.1]>', 'jo@[127.0.0.1]'],
  ['<jo@[IPv6:::1]>', 'jo@[IPv6:::1]'],
  ['<jürgen@bücher.test>', 'jürgen@bücher.test'],
  ['<用户@例え.test>', '用户@例え.test'],
  ['<jo..doe.@shop.test>', 'jo..doe.@shop.test'],
  ['<jo@my_host.test>', 'jo@my_host.test'],
  [`<${'a'.repeat(64)}@shop.test>`, `${'a'.repeat(64)}@shop.test`],
];

const WRONG: readonly (readonly [text: string, column: number])[] = [
  ['', 1],
  ['<', 2],
  ['<jo>', 4],
  ['<jo@>', 5],
  ['<@shop.test>', 12],
  ['<jo@shop.test', 14],
  ['<jo@shop..test>', 9],
  ['<jo@-shop.test>', 5],
  ['<jo@shop-.test>', 9],
  ['<jo doe@shop.test>', 4],
  ['<jo@shop.test>SIZE=1', 15],
  ['jo@shop.test>', 13],
  ['<"jo@shop.test>', 2],
  ['<j\to@shop.test>', 3],
  ['<jo@[300.1.1.1]>', 5],
  ['<jo@[IPv6:zz]>', 5],
  ['<a@b@c.test>', 5],
  [`<${'a'.repeat(65)}@shop.test>`, 2],
  [`<${'ü'.repeat(33)}@shop.test>`, 2],
  [`<${'a'.repeat(64)}@${'b'.repeat(191)}>`, 2],
];

describe('a path is read', () => {
  test.each(PATHS.map(([text, address, rest = '']) => [text, address, rest] as const))('%s', (text, address, rest) => {
    expect(parsePath(text)).toEqual({ address, rest });
  });
});

describe('a wrong path is refused at its column', () => {
  test.each(WRONG)('%s at %i', (text, column) => {
    expect(() => parsePath(text)).toThrow(ParseError);
    expect(() => parsePath(text)).toThrow(expect.objectContaining({ column }));
  });

  test('a domain of 256 octets is over the limit and one of 255 is not', () => {
    const domain = (length: number): string => 'a'.repeat(length);
    expect(() => parsePath(`<j@${domain(256)}>`, { local: 64, domain: 255, path: 1000 })).toThrow(/domain is longer/);
    expect(parsePath(`<j@${domain(255)}>`, { local: 64, domain: 255, path: 1000 }).address).toHaveLength(257);
  });
});

const ACCOUNTS: readonly (readonly [address: string, account: string])[] = [
  ['jo@shop.test', 'jo@shop.test'],
  ['Jo+tag@Shop.Test', 'jo@shop.test'],
  ['a+b+c@x.test', 'a+b@x.test'],
  ['+tag@x.test', '+tag@x.test'],
  ['"a+b"@x.test', '"a+b"@x.test'],
  ['"jo"@x.test', 'jo@x.test'],
  ['"j\\o"@x.test', 'jo@x.test'],
  ['"J o"@x.test', '"j o"@x.test'],
  ['jo@xn--bcher-kva.test', 'jo@bücher.test'],
  ['JÜRGEN@BÜCHER.test', 'jürgen@bücher.test'],
  ['ju\u0308rgen@bu\u0308cher.test', 'jürgen@bücher.test'],
  ['jo@shop.test.', 'jo@shop.test'],
  ['jo@[127.0.0.1]', 'jo@[127.0.0.1]'],
  ['jo@[IPv6:::1]', 'jo@[ipv6:::1]'],
  ['jo@0x7f.1', 'jo@0x7f.1'],
  ['Postmaster', 'postmaster'],
  ['App+dev', 'app'],
  ['*', '*'],
];

test.each(ACCOUNTS)('mail for %s belongs to the account %s', (address, account) => {
  expect(accountOf(address)).toBe(account);
  expect(accountOf(account)).toBe(account.startsWith('a+b') ? 'a@x.test' : account);
});

test.each([
  ['jo@shop.test', 'jo', 'shop.test'],
  ['"a@b"@shop.test', '"a@b"', 'shop.test'],
  ['"a@b"', '"a@b"', ''],
  ['jo', 'jo', ''],
])('%s splits at the "@" before its domain', (address, local, domain) => {
  expect(splitAddress(address)).toEqual({ local, domain });
});
