// The trace lines of an account's copy.

import { describe, expect, test } from 'vitest';
import type { Message, Origin } from '../../../server/mail/message.ts';
import { tracePrefix } from '../../../server/mail/trace.ts';

const origin: Origin = {
  source: 'smtp',
  sessionId: 's1',
  client: '127.0.0.1:50123',
  user: null,
  host: 'submission',
  helo: 'app.test',
  protocol: 'ESMTPS',
  by: 'mail.rig.test',
};

function message(changes: { origin?: Partial<Origin>; sender?: string; recipients?: string[] } = {}): Message {
  return {
    id: 'abc123',
    receivedAt: Date.UTC(2026, 10, 24, 12),
    size: 100,
    envelope: {
      sender: changes.sender ?? 'hello@acme.test',
      recipients: (changes.recipients ?? ['jo@shop.test']).map((address) => ({ address })),
    },
    refused: [],
    header: { from: [], to: [], cc: [], bcc: [], toCount: 0, subject: '', messageId: null, date: null },
    origin: { ...origin, ...changes.origin },
    defects: [],
  };
}

const lines = (text: string): string[] => text.split('\r\n').slice(0, -1);

test('one recipient is named', () => {
  expect(lines(tracePrefix(message(), ['jo@shop.test']))).toEqual([
    'Return-Path: <hello@acme.test>',
    'Delivered-To: jo@shop.test',
    'Received: from app.test ([127.0.0.1]) by mail.rig.test with ESMTPS id abc123',
    '\tfor <jo@shop.test>; Tue, 24 Nov 2026 12:00:00 +0000',
  ]);
});

test('several recipients are not told of each other', () => {
  const text = tracePrefix(message({ recipients: ['jo@shop.test', 'al@shop.test'] }), ['jo@shop.test']);
  expect(text).not.toContain('al@shop.test');
  expect(text).not.toContain('for <');
});

test('the acceptances by later hosts stand above the submission, the last one first', () => {
  const hop = {
    origin: { ...origin, by: 'mx1.shop.test', helo: 'mail.rig.test', client: '[::1]:2525' },
    id: 'd9',
    recipient: 'jo@shop.test',
    at: Date.UTC(2026, 10, 24, 13),
  };
  const backup = { ...hop, origin: { ...hop.origin, by: 'mx2.shop.test' }, id: 'd8', recipient: null, at: Date.UTC(2026, 10, 24, 12, 30) };
  const received = tracePrefix(message(), ['jo@shop.test'], [backup, { ...hop, origin: { ...hop.origin, helo: 'mx2.shop.test' } }])
    .replace(/\r\n[ \t]/g, ' ')
    .split('\r\n')
    .slice(2, -1);
  expect(received).toEqual([
    'Received: from mx2.shop.test ([IPv6:::1]) by mx1.shop.test with ESMTPS id d9 for <jo@shop.test>; Tue, 24 Nov 2026 13:00:00 +0000',
    'Received: from mail.rig.test ([IPv6:::1]) by mx2.shop.test with ESMTPS id d8; Tue, 24 Nov 2026 12:30:00 +0000',
    'Received: from app.test ([127.0.0.1]) by mail.rig.test with ESMTPS id abc123 for <jo@shop.test>; Tue, 24 Nov 2026 12:00:00 +0000',
  ]);
});

test("the date is the sandbox's, which may have been moved", () => {
  const moved = { ...message(), clockOffset: 86_400_000 };
  expect(tracePrefix(moved, ['jo@shop.test'])).toContain('; Wed, 25 Nov 2026 12:00:00 +0000');
});

describe('what was said', () => {
  const received = (changes: Partial<Origin>): string =>
    tracePrefix(message({ origin: changes }), ['jo@shop.test'])
      .replace(/\r\n[ \t]/g, ' ')
      .split('\r\n')[2] ?? '';

  test.each<[Partial<Origin>, string]>([
    [{ client: null, helo: null, protocol: 'HTTP' }, 'Received: by mail.rig.test with HTTP id'],
    [{ helo: null }, 'Received: from [127.0.0.1] by'],
    [{ client: null }, 'Received: from app.test by'],
    [{ client: '::ffff:10.0.0.1:99' }, 'Received: from app.test ([IPv6:::ffff:10.0.0.1]) by'],
    [{ helo: 'a (b) <c>; d' }, 'Received: from a??b???c???d ([127'],
    [{ helo: '' }, 'Received: from unknown (['],
  ])('%j', (changes, start) => {
    expect(received(changes).startsWith(start)).toBe(true);
  });

  test('cannot start a field of its own', () => {
    const text = tracePrefix(message({ sender: 'a\r\nBcc: x@y.test', recipients: ['b\nX: y'], origin: { helo: 'c\r\nY: z' } }), [
      'd\r\nZ: 1',
    ]);
    expect(
      lines(text)
        .filter((line) => !line.startsWith('\t'))
        .map((line) => line.split(':')[0]),
    ).toEqual(['Return-Path', 'Delivered-To', 'Received']);
  });

  test('is folded below 78 columns where a word allows it', () => {
    const text = tracePrefix(message({ origin: { helo: `${'a'.repeat(50)}.test`, by: `${'b'.repeat(50)}.test` } }), ['jo@shop.test']);
    expect(Math.max(...lines(text).map((line) => line.length))).toBeLessThan(78);
  });
});

test('the null sender is an empty path', () => {
  expect(tracePrefix(message({ sender: '' }), ['jo@shop.test'])).toMatch(/^Return-Path: <>\r\n/);
});
