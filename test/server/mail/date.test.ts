// Dates as header fields have them, from the strict to the odd.

import { describe, expect, test } from 'vitest';
import { formatDate, parseDate } from '../../../server/mail/date.ts';

const NOON = Date.UTC(2026, 10, 24, 12, 0, 0);

describe('a date is read', () => {
  test.each([
    ['Tue, 24 Nov 2026 12:00:00 +0000', NOON],
    ['24 Nov 2026 12:00 GMT', NOON],
    ['Tue, 24 Nov 2026 13:30:00 +0130', NOON],
    ['Tue, 24 Nov 2026 07:00:00 -0500 (EST)', NOON],
    ['Tue, 24 Nov 2026 07:00:00 EST', NOON],
    ['Tue, 24 Nov 2026 05:00:00 PDT', NOON],
    ['Tue, 24 Nov 2026 12:00:00 Z', NOON],
    ['Tue, 24 Nov 2026 12:00:00', NOON],
    ['tue,24 nov 2026 12:00:00 +00:00', NOON],
    ['Tuesday, 24-Nov-26 12:00:00 UT', NOON],
    ['Tue, 24 November 2026 12:00:00 UTC', NOON],
    ['Tue (a day), 24 Nov (month) 2026 12:00:00 +0000', NOON],
    ['Wrong, 24 Nov 2026 12:00:00 +0000', NOON],
    ['24 Nov 126 12:00 +0000', NOON],
    ['1 Jan 70 00:00:00 +0000', 0],
    ['31 Dec 1969 23:59:59 +0000', -1000],
    ['29 Feb 2024 00:00:00 +0000', Date.UTC(2024, 1, 29)],
    ['31 Dec 2016 23:59:60 +0000', Date.UTC(2017, 0, 1)],
  ])('%s', (text, ms) => {
    expect(parseDate(text)).toBe(ms);
  });
});

test.each([
  '',
  'yesterday',
  '2026-11-24',
  '32 Nov 2026 12:00 +0000',
  '31 Jun 2026 12:00 +0000',
  '0 Nov 2026 12:00',
  '24 Foo 2026 12:00',
  '24 Nov 2026 25:00 +0000',
  '24 Nov 2026',
])('%j is no date', (text) => {
  expect(parseDate(text)).toBeNull();
});

test.each([
  [NOON, 0, 'Tue, 24 Nov 2026 12:00:00 +0000'],
  [NOON, 90, 'Tue, 24 Nov 2026 13:30:00 +0130'],
  [NOON, -300, 'Tue, 24 Nov 2026 07:00:00 -0500'],
  [0, 0, 'Thu, 1 Jan 1970 00:00:00 +0000'],
])('%i ms at %i minutes is written %s', (ms, offset, text) => {
  expect(formatDate(ms, offset)).toBe(text);
  expect(parseDate(text)).toBe(ms);
});
