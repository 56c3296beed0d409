// Bytes as a stream, cut where a test says.

import fc from 'fast-check';

/** In pieces of these lengths, over and over. */
export async function* cut(bytes: Buffer, lengths: readonly number[]): AsyncGenerator<Uint8Array> {
  for (let at = 0, i = 0; at < bytes.length; i++) {
    const length = lengths[i % lengths.length] ?? bytes.length;
    yield await Promise.resolve(new Uint8Array(bytes.subarray(at, at + length)));
    at += length;
  }
}

export async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = [];
  for await (const value of values) list.push(value);
  return list;
}

export const lengths = fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 5 });

/** Bytes that are likely to mean something to a format made of lines. */
export const hostileBytes = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        'From ',
        '>From ',
        '>>',
        '>',
        '\n',
        '\r\n',
        '\r',
        '\n\n',
        '\r\n\r\n',
        'From a@b.test Mon Feb  2 10:00:00 2026\n',
        ' unended',
        'a',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
    ),
    { maxLength: 12 },
  )
  .map((words) => Buffer.from(words.join('')));
