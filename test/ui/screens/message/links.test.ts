import { expect, it } from 'vitest';
import { isWeb, pieces } from '../../../../ui/screens/message/links.ts';

it.each([
  ['no link', [], 'no link'],
  ['see https://a.test/x.', ['https://a.test/x'], 'see https://a.test/x.'],
  ['(https://a.test/x)', ['https://a.test/x'], '(https://a.test/x)'],
  ['https://a.test/x_(y) z', ['https://a.test/x_(y)'], 'https://a.test/x_(y) z'],
  ['<https://a.test>, http://b.test!', ['https://a.test', 'http://b.test'], '<https://a.test>, http://b.test!'],
  ['javascript:alert(1) data:text/html,x', [], 'javascript:alert(1) data:text/html,x'],
  ['', [], ''],
])('in %j finds %j and loses nothing', (text, hrefs, whole) => {
  const found = pieces(text);
  expect(found.flatMap(({ href }) => href ?? [])).toEqual(hrefs);
  expect(found.map((piece) => piece.text).join('')).toBe(whole);
});

it.each([
  ['https://a.test', true],
  ['HTTP://a.test', true],
  ['javascript:alert(1)', false],
  ['mailto:jo@a.test', false],
  ['//a.test', false],
])('%s is opened from the page: %s', (href, opened) => {
  expect(isWeb(href)).toBe(opened);
});
