// One page of a result: `1:100`, or from its end `-1:-100` (RFC 9394 §3.1).

import type { Cursor } from './cursor.ts';

/** The first and last position that PARTIAL wants, from 1, or from the end with -1. */
export interface Page {
  readonly first: number;
  readonly last: number;
  readonly text: string;
}

const PAGE = /-?[1-9]\d{0,9}:-?[1-9]\d{0,9}/y;

export function readPage(cursor: Cursor): Page {
  const text = cursor.match(PAGE) ?? cursor.fail('expected a range such as 1:100');
  const [a = 0, b = 0] = text.split(':').map(Number);
  if (a < 0 !== b < 0) cursor.fail('both ends count from the same side');
  return { first: Math.min(Math.abs(a), Math.abs(b)) * Math.sign(a), last: Math.max(Math.abs(a), Math.abs(b)) * Math.sign(a), text };
}

/** What is on that page, in the order that it has. */
export function pageOf<T>(items: readonly T[], { first, last }: Page): readonly T[] {
  if (first > 0) return items.slice(first - 1, last);
  const end = items.length + first + 1;
  return items.slice(Math.max(0, items.length + last), Math.max(0, end));
}
