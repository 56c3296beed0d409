// Lines out of chunks: any split of the same octets gives the same lines.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Input } from '../../../server/net/input.ts';

const LIMIT = 20;

/** All lines of these chunks; null is a line beyond the limit, a bare LF is marked. */
function linesOf(chunks: readonly Buffer[], limit = LIMIT): (string | null)[] {
  const input = new Input();
  const lines: (string | null)[] = [];
  for (const chunk of chunks) {
    input.push(chunk);
    for (let line = input.line(limit); line !== undefined; line = input.line(limit)) {
      lines.push(line === null ? null : input.bareLf ? `${line}<LF>` : line);
    }
  }
  return lines;
}

/** The same by a plain rule over the whole text. */
function expected(octets: Buffer): (string | null)[] {
  const parts = octets.toString('latin1').split('\n').slice(0, -1);
  return parts.map((part) => (part.length + 1 > LIMIT ? null : part.endsWith('\r') ? part.slice(0, -1) : `${part}<LF>`));
}

function split(octets: Buffer, sizes: readonly number[]): Buffer[] {
  const chunks: Buffer[] = [];
  let at = 0;
  for (const size of sizes) {
    chunks.push(Buffer.from(octets.subarray(at, at + size)));
    at += size;
  }
  chunks.push(Buffer.from(octets.subarray(at)));
  return chunks.filter((chunk) => chunk.length > 0);
}

const octets = fc
  .array(fc.constantFrom('\r\n', '\n', '\r', 'a', 'bc', 'x'.repeat(15), 'x'.repeat(40), '\0', '\xff'), { maxLength: 60 })
  .map((parts) => Buffer.from(parts.join(''), 'latin1'));
const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 80 });

describe('lines', () => {
  it('are the same however the octets are split', () => {
    fc.assert(
      fc.property(octets, sizes, (whole, cuts) => {
        expect(linesOf(split(whole, cuts))).toEqual(expected(whole));
      }),
      { numRuns: 500 },
    );
  });

  it('are the same octet by octet, far beyond the number of chunks that are joined', () => {
    const whole = Buffer.from(`${'a'.repeat(300)}\r\n${'b'.repeat(100)}\r\n`);
    expect(linesOf(split(whole, Array<number>(400).fill(1)), 400)).toEqual(['a'.repeat(300), 'b'.repeat(100)]);
  });

  it('keep octets that are no UTF-8', () => {
    expect(linesOf([Buffer.from([0xff, 0xfe, 0x0d, 0x0a])])).toEqual(['\xff\xfe']);
  });

  it('may be exactly as long as the limit', () => {
    expect(linesOf([Buffer.from(`${'x'.repeat(LIMIT - 2)}\r\n${'x'.repeat(LIMIT - 1)}\r\nok\r\n`)])).toEqual([
      'x'.repeat(LIMIT - 2),
      null,
      'ok',
    ]);
  });

  it('without an end take no more memory than their limit', () => {
    const input = new Input();
    for (let i = 0; i < 1_000; i++) {
      input.push(Buffer.alloc(1_000, 'x'));
      expect(input.line(LIMIT)).toBe(undefined);
      expect(input.length).toBe(0);
    }
    input.push(Buffer.from('\r\nnext\r\n'));
    expect(input.line(LIMIT)).toBe(null);
    expect(input.line(LIMIT)).toBe('next');
  });
});

describe('what is left', () => {
  it('is given and read in pieces', () => {
    const input = new Input();
    input.push(Buffer.from('line\r\nabc'));
    input.push(Buffer.from('def'));
    expect(input.line(LIMIT)).toBe('line');
    expect(input.peek()?.toString()).toBe('abc');
    input.skip(2);
    expect(input.peek()?.toString()).toBe('c');
    input.skip(1);
    expect(input.peek()?.toString()).toBe('def');
    expect(input.length).toBe(3);
    input.clear();
    expect([input.peek(), input.length]).toEqual([undefined, 0]);
  });
});
