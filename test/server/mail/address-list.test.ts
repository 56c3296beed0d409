// Address lists as headers have them, plain and odd.

import { expect, test } from 'vitest';
import { addressList } from '../../../server/mail/address-list.ts';

const LISTS: readonly (readonly [value: string, ...addresses: string[]])[] = [
  [''],
  [' , '],
  ['jo@shop.test', '|jo@shop.test'],
  ['<jo@shop.test>', '|jo@shop.test'],
  ['Jo <jo@shop.test>', 'Jo|jo@shop.test'],
  ['Jo<jo@shop.test>', 'Jo|jo@shop.test'],
  ['Jo  Doe   <jo@shop.test>', 'Jo  Doe|jo@shop.test'],
  ['"Doe, Jo" <jo@shop.test>', 'Doe, Jo|jo@shop.test'],
  ['"Jo \\"J\\" Doe" <jo@shop.test>', 'Jo "J" Doe|jo@shop.test'],
  ['jo@shop.test, Al <al@shop.test>,', '|jo@shop.test', 'Al|al@shop.test'],
  ['"a, b" <a@b.test>, "c, d" <c@d.test>', 'a, b|a@b.test', 'c, d|c@d.test'],
  ['Foo, PhD <foo@b.test>, c@d.test', 'Foo, PhD|foo@b.test', '|c@d.test'],
  ['jo@shop.test (Jo Doe)', 'Jo Doe|jo@shop.test'],
  ['Team: jo@shop.test, "Al" <al@shop.test>; bo@shop.test', '|jo@shop.test', 'Al|al@shop.test', '|bo@shop.test'],
  ['undisclosed-recipients:;'],
  ['=?utf-8?Q?J=C3=BCrgen?= <j@shop.test>', 'Jürgen|j@shop.test'],
  ['"=?utf-8?Q?J=C3=BCrgen?=" <j@shop.test>', 'Jürgen|j@shop.test'],
  ['=?utf-8?Q?Doe=2C_Jo?= <j@shop.test>', 'Doe, Jo|j@shop.test'],
  ['Jürgen <jürgen@bücher.test>', 'Jürgen|jürgen@bücher.test'],
  ['"a b"@shop.test', '|"a b"@shop.test'],
  ['jo@[127.0.0.1]', '|jo@[127.0.0.1]'],
  ['just words', 'just words|'],
];

test.each(LISTS)('%j', (value, ...expected) => {
  const { addresses, count } = addressList(value);
  expect(addresses.map(({ name, address }) => `${name}|${address}`)).toEqual(expected);
  expect(count).toBe(expected.length);
});

test('a list is cut at its limit and counted whole', () => {
  expect(addressList('a@x.test, b@x.test, c@x.test', 2)).toEqual({
    addresses: [
      { name: '', address: 'a@x.test' },
      { name: '', address: 'b@x.test' },
    ],
    count: 3,
  });
});
