import { describe, expect, it } from 'vitest';
import { RowCounter } from '../../../server/mail/rows.ts';

/** The rows of a text, cut where each begins; fed in pieces of `piece` octets. */
function rowsOf(text: string, width: number, piece = text.length): string[] {
  const counter = new RowCounter(1, width);
  for (let at = 0; at < text.length; at += piece) counter.take(Buffer.from(text.slice(at, at + piece), 'latin1'));
  const { total, offsets } = counter.end();
  expect(offsets.length).toBe(total);
  return offsets.map((offset, i) => text.slice(offset, offsets[i + 1]));
}

describe('rows of at most four octets', () => {
  it.each([
    ['', []],
    ['ab', ['ab']],
    ['\n', ['\n']],
    ['\r\n', ['\r\n']],
    ['ab\r\ncd\nef', ['ab\r\n', 'cd\n', 'ef']],
    ['ab\r\n\r\n\n', ['ab\r\n', '\r\n', '\n']],
    ['a\rb\r\n', ['a\rb\r\n']],
    ['\r', ['\r']],
    ['\n\r', ['\n', '\r']],
    ['abcd', ['abcd']],
    ['abcd\n', ['abcd\n']],
    ['abcd\r\n', ['abcd\r\n']],
    ['abcde\r\n', ['abcd', 'e\r\n']],
    ['abcdefgh\r\n', ['abcd', 'efgh\r\n']],
    ['abcdefghi', ['abcd', 'efgh', 'i']],
    ['abc\r\r\n', ['abc\r\r\n']],
    ['abcd\r\r\n', ['abcd', '\r\r\n']],
    ['abcd\r', ['abcd', '\r']],
    ['abcd\rx\n', ['abcd', '\rx\n']],
    ['abcdefgh\r\nabcde\nx', ['abcd', 'efgh\r\n', 'abcd', 'e\n', 'x']],
  ])('of %j', (text, expected) => {
    for (const piece of [1, 2, 3, text.length || 1]) expect(rowsOf(text, 4, piece)).toEqual(expected);
  });
});

describe('where every third row begins', () => {
  it.each([
    ['', { total: 0, offsets: [] }],
    ['a\nb\nc\n', { total: 3, offsets: [0] }],
    ['a\nb\nc\nd', { total: 4, offsets: [0, 6] }],
    ['abcdefghijklmnopqrstuvwxyz', { total: 7, offsets: [0, 12, 24] }],
    ['a\nabcdefghijklm\r\n\n', { total: 6, offsets: [0, 10] }],
  ])('of %j', (text, expected) => {
    const counter = new RowCounter(3, 4);
    counter.take(Buffer.from(text));
    expect(counter.end()).toEqual(expected);
  });
});
