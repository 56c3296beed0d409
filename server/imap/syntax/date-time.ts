// The date and time that a client gives a message: `"24-Nov-2026 12:00:00 +0100"` (RFC 9051 §9, date-time).

import { parseDate } from '../../mail/date.ts';
import type { Cursor } from './cursor.ts';

const DATE_TIME = /^[ \d]\d-[A-Za-z]{3}-\d{4} \d{2}:\d{2}:\d{2} [+-]\d{4}$/;

/** ms since 1970. Throws ParseError. */
export function readDateTime(cursor: Cursor): number {
  const text = cursor.string();
  const time = DATE_TIME.test(text) ? parseDate(text.trim().replace(/-/, ' ').replace(/-/, ' ')) : null;
  return time ?? cursor.fail('expected a date and time');
}
