// Sets of message numbers or UIDs: `1:3,7,9:*` (RFC 9051 §9, sequence-set).

export interface Range {
  readonly first: number;
  readonly last: number;
}

/**
 * The ranges of a set, ascending and without overlap; `*` stands for `largest`. `3:*` of a mailbox whose largest is 2 has 2 and 3.
 * Null where a number is 0.
 */
export function parseSet(text: string, largest: number): Range[] | null {
  const ranges: { first: number; last: number }[] = [];
  for (const part of text.split(',')) {
    const [from = '', to = from] = part.split(':');
    const [a, b] = [from, to].map((end) => (end === '*' ? largest : Number(end)));
    if (!a || !b) {
      // `*` of an empty mailbox is nobody.
      if ((from === '*' || to === '*') && largest === 0) continue;
      return null;
    }
    ranges.push({ first: Math.min(a, b), last: Math.max(a, b) });
  }
  ranges.sort((a, b) => a.first - b.first);
  const joined: { first: number; last: number }[] = [];
  for (const range of ranges) {
    const before = joined.at(-1);
    if (before && range.first <= before.last + 1) before.last = Math.max(before.last, range.last);
    else joined.push(range);
  }
  return joined;
}

/** Ascending numbers as the shortest set: `1:3,7`. Empty for none. */
export function formatSet(numbers: readonly number[]): string {
  const parts: string[] = [];
  for (let i = 0; i < numbers.length;) {
    const first = numbers[i] as number;
    let last = first;
    while (numbers[i + 1] === last + 1) last = numbers[++i] as number;
    parts.push(first === last ? `${first}` : `${first}:${last}`);
    i++;
  }
  return parts.join(',');
}

/** Whether a number is in one of the ranges, which are in order. */
export function inSet(ranges: readonly Range[], number: number): boolean {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const { first, last } = ranges[middle] as Range;
    if (number >= first && number <= last) return true;
    if (number < first) high = middle;
    else low = middle + 1;
  }
  return false;
}
