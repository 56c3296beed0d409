// A message being received: limits, the room it takes, and what is left of it.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Body } from '../../../server/smtp/body.ts';
import { createInflight } from '../../../server/smtp/inflight.ts';
import type { Inflight } from '../../../server/smtp/deps.ts';
import { NO_ROOM, TOO_LARGE } from '../../../server/smtp/replies.ts';
import { hasBareLineEnd } from '../../../server/smtp/submit.ts';

/** How many octets are free. */
function free(inflight: Inflight, limit: number): number {
  for (let octets = limit; octets > 0; octets--) {
    if (!inflight.reserve(octets)) continue;
    inflight.release(octets);
    return octets;
  }
  return 0;
}

describe('a body', () => {
  it('is all its chunks in order, whatever their sizes', () => {
    const sizes = fc.array(fc.oneof(fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1_000, max: 20_000 })), { maxLength: 60 });
    fc.assert(
      fc.property(sizes, (lengths) => {
        const chunks = lengths.map((length, i) => Buffer.alloc(length, i));
        const body = new Body(0, createInflight(0));
        for (const chunk of chunks) body.take(chunk);
        expect(body.raw().equals(Buffer.concat(chunks))).toBe(true);
        expect(body.octets).toBe(lengths.reduce((sum, length) => sum + length, 0));
      }),
    );
  });

  it('does not keep a large packet alive for a small part of it', () => {
    const body = new Body(0, createInflight(0));
    body.take(Buffer.alloc(64 * 1024).subarray(0, 100));
    expect(body.raw().buffer.byteLength).toBeLessThanOrEqual(8 * 1024);
  });

  it.each([
    ['size', 10, 0, TOO_LARGE],
    ['room', 0, 10, NO_ROOM],
  ])('beyond the limit of %s is counted, not kept, and gives its room back', (_, size, room, refusal) => {
    const inflight = createInflight(room || 100);
    const body = new Body(size, inflight);
    body.take(Buffer.alloc(10));
    expect([body.refusal, free(inflight, 100)]).toEqual([null, (room || 100) - 10]);
    body.take(Buffer.alloc(1));
    body.take(Buffer.alloc(50));
    expect(body.refusal).toBe(refusal);
    expect([body.octets, free(inflight, 100), body.raw().length]).toEqual([61, room || 100, 0]);
    body.release();
    expect(free(inflight, 100)).toBe(room || 100);
  });

  it('gives its room back once', () => {
    const inflight = createInflight(100);
    const body = new Body(0, inflight);
    body.take(Buffer.alloc(60));
    body.release();
    body.release();
    expect(free(inflight, 200)).toBe(100);
  });
});

describe('a bare line end', () => {
  it.each([
    ['', false],
    ['a\r\nb\r\n', false],
    ['a\nb\r\n', true],
    ['\n', true],
    ['a\rb\r\n', true],
    ['a\r', true],
    ['a\r\r\n', true],
    ['a\r\n\n', true],
  ])('in %j: %j', (text, bare) => {
    expect(hasBareLineEnd(Buffer.from(text))).toBe(bare);
  });
});
