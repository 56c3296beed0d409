import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DottedReader } from '../../../server/net/dotted.ts';
import { DotWriter, LineEndCounter } from '../../../server/net/dot-writer.ts';

const chunksOf = (octets: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(octets.length / size) }, (_, i) => octets.subarray(i * size, (i + 1) * size));

function written(text: string, size = 1): string {
  const writer = new DotWriter();
  const pieces = chunksOf(Buffer.from(text, 'latin1'), size).map((chunk) => writer.write(chunk));
  return Buffer.concat([...pieces, writer.end()]).toString('latin1');
}

function added(text: string, size: number): number {
  const counter = new LineEndCounter();
  for (const chunk of chunksOf(Buffer.from(text, 'latin1'), size)) counter.feed(chunk);
  return counter.added;
}

const CASES: readonly (readonly [title: string, message: string, sent: string])[] = [
  ['nothing', '', '.\r\n'],
  ['whole lines', 'a\r\nb\r\n', 'a\r\nb\r\n.\r\n'],
  ['no end of the last line', 'a\r\nb', 'a\r\nb\r\n.\r\n'],
  ['dots at the start of lines', '.\r\n..a\r\n.', '..\r\n...a\r\n..\r\n.\r\n'],
  ['dots elsewhere', 'a.\r\nb.c\r\n', 'a.\r\nb.c\r\n.\r\n'],
  ['bare LF', '\na\n.\n', '\r\na\r\n..\r\n.\r\n'],
  ['bare CR', 'a\rb\r.\r', 'a\rb\r.\r\r\n.\r\n'],
  ['CR CR LF', 'a\r\r\n.', 'a\r\r\n..\r\n.\r\n'],
  ['what would smuggle an end', 'a\n.\r\nb\r\n.\nc', 'a\r\n..\r\nb\r\n..\r\nc\r\n.\r\n'],
];

describe('the dot writer', () => {
  for (const [title, message, sent] of CASES) {
    it(`sends ${title}`, () => {
      for (const size of [1, 2, 3, 100]) expect(written(message, size)).toBe(sent);
    });
  }

  it('gives back the chunk itself where nothing is put into it', () => {
    const chunk = Buffer.from('a line\r\nand more');
    expect(new DotWriter().write(chunk)).toBe(chunk);
  });

  const message = fc.array(fc.constantFrom('\r', '\n', '.', 'a', '\r\n'), { maxLength: 40 }).map((parts) => parts.join(''));

  it('is undone by the dotted reader, whatever the message', () => {
    fc.assert(
      fc.property(message, fc.integer({ min: 1, max: 9 }), (text, size) => {
        const pieces: Buffer[] = [];
        const sent = Buffer.from(written(text, size), 'latin1');
        const used = new DottedReader().feed(sent, { take: (chunk) => pieces.push(Buffer.from(chunk)) });
        const lines = text.replace(/\r?\n/g, '\r\n');
        expect(used).toBe(sent.length);
        expect(Buffer.concat(pieces).toString('latin1')).toBe(lines === '' || lines.endsWith('\r\n') ? lines : `${lines}\r\n`);
        expect(added(text, size)).toBe(Buffer.concat(pieces).length - text.length);
      }),
    );
  });
});
