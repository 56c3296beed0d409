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
  ['(note) jo@shop.test (Jo)', 'Jo|jo@shop.test'],
  ['jo@shop.test (a (nested) \\) comment)', 'a (nested) ) comment|jo@shop.test'],
  ['jo (c) @ (d) shop.test', 'd|jo@shop.test'],
  ['Jo @ Home <jo@shop.test>', 'Jo @ Home|jo@shop.test'],
  ['a b c@shop.test', 'a b|c@shop.test'],
  ['"quoted local"@shop.test, x@y.test', '|"quoted local"@shop.test', '|x@y.test'],
  ['"a@b" "c" <d@e.test>', 'a@b c|d@e.test'],
  ['@route.test:x@shop.test', '|x@shop.test'],
  ['<@a.test,@b.test:y@shop.test>, z@shop.test', '|y@shop.test', '|z@shop.test'],
  ['jo@[IPv6:::1], al@shop.test', '|jo@[IPv6:::1]', '|al@shop.test'],
  ['Team: a@x.test; ; b@x.test', '|a@x.test', '|b@x.test'],
  ['a@x.test; b@x.test', '|a@x.test', '|b@x.test'],
  ['A: B: a@x.test;, b@x.test', '|a@x.test', '|b@x.test'],
  ['Joe <joe@x.test', 'Joe|joe@x.test'],
  ['Joe <joe@x.test, al@x.test', 'Joe|joe@x.test', '|al@x.test'],
  ['"unclosed <a@x.test>, b@x.test', 'unclosed|a@x.test', '|b@x.test'],
  ['a@x.test (unclosed, b@x.test', 'unclosed, b@x.test|a@x.test'],
  ['<>'],
  ['Nobody <>', 'Nobody|'],
  ['a)b] <c@x.test>', 'a)b]|c@x.test'],
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

test.each(['"', '(', '<', '@', ',', ':', ';', '[', '\\"', '<"', '"(', 'a:', 'a,', 'a <b>,', '(,', 'x"y(z<'])(
  'a field of nothing but %j is read in no time',
  (piece) => {
    const begun = performance.now();
    addressList(piece.repeat(200_000 / piece.length));
    expect(performance.now() - begun).toBeLessThan(2_000);
  },
);
