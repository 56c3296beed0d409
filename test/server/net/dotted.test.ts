// Messages out of dotted lines, against a plain rule over the whole text.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DottedReader } from '../../../server/net/dotted.ts';
import { NO_ENDINGS } from '../../hostile/smuggling.ts';

interface Reading {
  readonly message: string;
  /** What follows the end, null where there is none. */
  readonly rest: string | null;
}

/** RFC 5321 §4.5.2 word for word, over text that is all there. */
function expected(text: string): Reading {
  const lines = text.split('\r\n');
  const end = lines.slice(0, -1).indexOf('.');
  const unstuffed = (part: readonly string[]): string[] => part.map((line) => (line.startsWith('.') ? line.slice(1) : line));
  if (end < 0) return { message: unstuffed(lines).join('\r\n'), rest: null };
  const message = unstuffed(lines.slice(0, end)).map((line) => `${line}\r\n`);
  return { message: message.join(''), rest: lines.slice(end + 1).join('\r\n') };
}

function read(text: string, cuts: readonly number[]): Reading {
  const reader = new DottedReader();
  const parts: Buffer[] = [];
  let at = 0;
  for (const cut of [...cuts, text.length]) {
    const chunk = Buffer.from(text.slice(at, at + cut), 'latin1');
    if (chunk.length === 0) continue;
    const used = reader.feed(chunk, { take: (part) => void parts.push(Buffer.from(part)) });
    if (used >= 0) return { message: Buffer.concat(parts).toString('latin1'), rest: text.slice(at + used) };
    at += cut;
  }
  const message = Buffer.concat(parts).toString('latin1');
  expect(reader.octets).toBe(message.length);
  return { message, rest: null };
}

const text = fc
  .array(fc.constantFrom('\r\n', '\r\n.', '\r\n.\r\n', '.', '..', '\r', '\n', '\n.\n', 'a', 'words', '\0'), { maxLength: 40 })
  .map((parts) => parts.join(''));
const cuts = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 80 });

describe('dotted lines', () => {
  it('with an end give the same message however they are split, and leave the rest', () => {
    fc.assert(
      fc.property(text, text, cuts, (before, after, sizes) => {
        const whole = `${before}\r\n.\r\n${after}`;
        expect(read(whole, sizes)).toEqual(expected(whole));
      }),
      { numRuns: 2_000 },
    );
  });

  it.each(NO_ENDINGS.map((ending) => [JSON.stringify(ending), ending]))('do not end at %s', (_, ending) => {
    const whole = `text${ending}MAIL FROM:<evil@client.test>`;
    for (const size of [1, 2, 3, 100]) expect(read(whole, Array<number>(whole.length).fill(size)).rest).toBe(null);
  });

  it('that end at once are an empty message', () => {
    expect(read('.\r\nQUIT', [])).toEqual({ message: '', rest: 'QUIT' });
    expect(read('.\r\nQUIT', [1, 1, 1])).toEqual({ message: '', rest: 'QUIT' });
  });

  it('without an end are given as they come', () => {
    const parts: string[] = [];
    const reader = new DottedReader();
    for (const chunk of ['one\r\n', '..two', ' three'])
      reader.feed(Buffer.from(chunk), { take: (part) => void parts.push(part.toString()) });
    expect(parts).toEqual(['one\r\n', '.two', ' three']);
  });
});
