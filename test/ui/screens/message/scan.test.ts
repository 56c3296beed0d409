import fc from 'fast-check';
import { expect, it } from 'vitest';
import { scan } from '../../../../ui/screens/message/scan.ts';

async function found(text: string, wanted: string, piece: number): Promise<number[]> {
  const bytes = new TextEncoder().encode(text);
  const hits: number[] = [];
  const read = (start: number, end: number): Promise<Uint8Array> => Promise.resolve(bytes.slice(start, end));
  for await (const searched of scan(read, bytes.length, wanted, piece)) hits.push(...searched.hits);
  return hits;
}

it.each([
  ['abcabc', 'bc', [1, 4]],
  ['ABCabc', 'bC', [1, 4]],
  ['aaaa', 'aa', [0, 2]],
  ['über Über', 'ü', [0]],
  ['abc', '', []],
  ['abc', 'abcd', []],
  ['a\r\nb', 'b', [3]],
])('finds in %j %j at %j, whatever the pieces', async (text, wanted, hits) => {
  for (let piece = 1; piece <= 8; piece++) expect(await found(text, wanted, piece)).toEqual(hits);
});

it('finds the same in pieces as at once', async () => {
  const letters = fc.constantFrom('a', 'b');
  const text = fc.string({ unit: letters, maxLength: 60 });
  const wanted = fc.string({ unit: letters, minLength: 1, maxLength: 4 });
  await fc.assert(
    fc.asyncProperty(text, wanted, fc.integer({ min: 1, max: 9 }), async (all, needle, piece) => {
      expect(await found(all, needle, piece)).toEqual(await found(all, needle, 1000));
    }),
  );
});
