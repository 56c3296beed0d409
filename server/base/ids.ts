// Ids: opaque, sortable by the order in which they were made, never taken from mail.

const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford's base 32, lower case

function base32(value: number, width: number): string {
  let text = '';
  for (let rest = value, i = 0; i < width; i++, rest = Math.floor(rest / 32)) text = DIGITS.charAt(rest % 32) + text;
  return text;
}

/**
 * Makes ids of 14 characters: 9 for real time in ms (enough until the year 3084), 5 for a counter within that ms.
 * They sort as text in the order in which they were made, even when the wall clock is set back; `after` is the newest id
 * of an earlier run.
 */
export function createIds(now: () => number = Date.now, after = ''): () => string {
  let last = numberOf(after.slice(0, 9));
  let count = numberOf(after.slice(9));
  let prefix = base32(last, 9);
  return () => {
    const time = now();
    if (time > last) {
      last = time;
      count = 0;
      prefix = base32(last, 9);
    } else count++;
    return prefix + base32(count, 5);
  };
}

function numberOf(digits: string): number {
  let value = 0;
  for (const digit of digits) value = value * 32 + DIGITS.indexOf(digit);
  return value;
}

/** The real time (ms) in which an id was made. */
export const timeOfId = (id: string): number => numberOf(id.slice(0, 9));
