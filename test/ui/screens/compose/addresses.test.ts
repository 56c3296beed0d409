import { describe, expect, it } from 'vitest';
import { accountOf, isAddress, readAddresses, writeAddress } from '../../../../ui/screens/compose/addresses.ts';

const jo = 'jo@shop.test';

describe('what is typed or pasted is read as addresses', () => {
  it.each<[string, [name: string, address: string][]]>([
    ['', []],
    [' ,; \n', []],
    [jo, [['', jo]]],
    [`Jo Doe <${jo}>`, [['Jo Doe', jo]]],
    [`"Doe, Jo" <${jo}>`, [['Doe, Jo', jo]]],
    [`Doe, Jo <${jo}>`, [['Doe, Jo', jo]]],
    [`"Jo \\"J\\" Doe" <${jo}>`, [['Jo "J" Doe', jo]]],
    [`<${jo}>`, [['', jo]]],
    [`${jo} (Jo Doe)`, [['Jo Doe', jo]]],
    [
      `a@x.test, B <b@x.test>; c@x.test\r\nd@x.test`,
      [
        ['', 'a@x.test'],
        ['B', 'b@x.test'],
        ['', 'c@x.test'],
        ['', 'd@x.test'],
      ],
    ],
    [
      'a@x.test b@x.test\tc@x.test',
      [
        ['', 'a@x.test'],
        ['', 'b@x.test'],
        ['', 'c@x.test'],
      ],
    ],
    [
      'nobody; a@x.test',
      [
        ['', 'nobody'],
        ['', 'a@x.test'],
      ],
    ],
    ['"odd, one"@x.test', [['', '"odd, one"@x.test']]],
    [
      '"open, quote',
      [
        ['', '"open'],
        ['', 'quote'],
      ],
    ],
    ['jürgen@müller.test', [['', 'jürgen@müller.test']]],
  ])('%j', (text, expected) => {
    expect(readAddresses(text).map(({ name, address }) => [name, address])).toEqual(expected);
  });
});

it.each([
  [jo, true],
  ['jo+tag@shop.test', true],
  ['.odd..one.@shop.test', true],
  ['"a b"@shop.test', true],
  ['jo@[127.0.0.1]', true],
  ['jo@[IPv6:::1]', true],
  ['jürgen@müller.test', true],
  ['jo', false],
  ['@shop.test', false],
  ['jo@', false],
  ['a b@shop.test', false],
  ['a@b@shop.test', false],
  ['', false],
])('%j can be sent to: %s', (text, good) => {
  expect(isAddress(text)).toBe(good);
});

it.each([
  ['', jo],
  ['Jo Doe', `Jo Doe <${jo}>`],
  ['Müller', `Müller <${jo}>`],
  ['Doe, Jo', `"Doe, Jo" <${jo}>`],
  ['J. Doe', `"J. Doe" <${jo}>`],
  ['a "b" \\c', `"a \\"b\\" \\\\c" <${jo}>`],
  ['x>\r\nBcc: y', `"x> Bcc: y" <${jo}>`],
])('the name %j is written as %j, and read as it was', (name, expected) => {
  expect(writeAddress({ name, address: jo })).toBe(expected);
  expect(readAddresses(expected)).toEqual([{ name: name.replace(/\s+/g, ' '), address: jo }]);
});

it.each([
  ['Jo@Shop.test', jo],
  ['jo+a+b@shop.test', 'jo+a@shop.test'],
  ['+tag@shop.test', '+tag@shop.test'],
  ['"a+b"@shop.test', '"a+b"@shop.test'],
])('%s belongs to the account %s', (address, account) => {
  expect(accountOf(address)).toBe(account);
});
