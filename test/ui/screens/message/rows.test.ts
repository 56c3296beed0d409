import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RowCounter } from '../../../../server/mail/rows.ts';
import { cutRows, textOf, withHits } from '../../../../ui/screens/message/rows.ts';

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const cut = (text: string, width: number): string[] => cutRows(bytes(text), width).map((row) => new TextDecoder().decode(row));

it.each([
  ['', []],
  ['a\r\nb', ['a\r\n', 'b']],
  ['\n\r\n', ['\n', '\r\n']],
  ['abcd\r\n', ['abcd\r\n']],
  ['abcde\r\nf', ['abcd', 'e\r\n', 'f']],
  ['abcd\r', ['abcd', '\r']],
])('cuts %j', (text, rows) => {
  expect(cut(text, 4)).toEqual(rows);
});

it('cuts where the server counts', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', '\r', '\n'), maxLength: 40 }), fc.integer({ min: 1, max: 5 }), (text, width) => {
      const counter = new RowCounter(1, width);
      counter.take(bytes(text));
      const { total, offsets } = counter.end();
      const rows = cut(text, width);
      expect(rows.join('')).toBe(text);
      expect(rows.length).toBe(total);
      expect(rows.map((_, i) => rows.slice(0, i).join('').length)).toEqual(offsets);
    }),
  );
});

describe('a row', () => {
  it.each([
    ['grün\r\n', false, ['grün']],
    ['a\tb\n', false, ['a\tb']],
    ['a\r\n', true, ['a', '[CRLF]']],
    ['\tü\n', true, ['[→·c3·bcLF]']],
    ['', true, []],
  ])('%j shows, with signs: %s, as %j', (text, signs, expected) => {
    expect(textOf(bytes(text), signs).map((piece) => (piece.kind === 'sign' ? `[${piece.text}]` : piece.text))).toEqual(expected);
  });

  it.each([
    ['Subject: x', 'SUBJ', ['<Subj>', 'ect: x']],
    ['aXbx', 'x', ['a', '<X>', 'b', '<x>']],
    ['abc', '', ['abc']],
    ['abc', 'd', ['abc']],
    ['aaa', 'aa', ['<aa>', 'a']],
  ])('%j searched for %j shows %j', (text, wanted, expected) => {
    expect(withHits([{ text, kind: 'text' }], wanted).map((piece) => (piece.kind === 'hit' ? `<${piece.text}>` : piece.text))).toEqual(
      expected,
    );
  });
});
