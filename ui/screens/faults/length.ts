// Lengths of time as they are said: `5m` is 5 min.

import type { WrittenDuration } from '../../../server/http/contract/types.ts';

const NAMES: Readonly<Record<string, string>> = { ms: 'ms', s: 's', m: 'min', h: 'h', d: 'd', w: 'wk' };
const UNITS = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'm'],
  [1000, 's'],
  [1, 'ms'],
] as const;

/** ms → the shortest text that the server reads back: `1h30m`. */
export function written(ms: number): string {
  let rest = Math.round(ms);
  let text = '';
  for (const [size, name] of UNITS) {
    const count = Math.floor(rest / size);
    if (count > 0) text += `${count}${name}`;
    rest -= count * size;
  }
  return text || '0s';
}

/** `1h30m` → `1 h 30 min`; a bare number in a text is seconds, a number is ms. */
export function lengthOf(length: WrittenDuration): string {
  const text = typeof length === 'number' ? written(length) : length.trim().toLowerCase();
  if (/^\d+(\.\d+)?$/.test(text)) return `${text} s`;
  return text.replace(
    /(\d(?:\.\d+)?)(ms|[smhdw])(?=(\d)?)/g,
    (_all, count: string, unit: string, more: string | undefined) => `${count} ${NAMES[unit] ?? unit}${more === undefined ? '' : ' '}`,
  );
}

const SPANS: Readonly<Record<string, string>> = { '1 s': 'a second', '1 min': 'a minute', '1 h': 'an hour', '1 d': 'a day' };

/** `1m` → `a minute`, `90s` → `in 90 s`. */
export const per = (length: WrittenDuration): string => SPANS[lengthOf(length)] ?? `in ${lengthOf(length)}`;

/** What is left of a time, by the second: `ends in 09:12`. */
export function left(ms: number, say: (time: string) => string, over: string): string {
  if (ms <= 0) return over;
  const seconds = Math.ceil(ms / 1000);
  if (seconds >= 86_400) return say(lengthOf(written(Math.floor(ms / 3_600_000) * 3_600_000)));
  const two = (n: number): string => String(Math.floor(n)).padStart(2, '0');
  const hours = seconds >= 3600 ? `${Math.floor(seconds / 3600)}:` : '';
  return say(`${hours}${two((seconds / 60) % 60)}:${two(seconds % 60)}`);
}
