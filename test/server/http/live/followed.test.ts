import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { coalesced, createFollowed } from '../../../../server/http/live/followed.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('what changes is told at once, then once for all that happened meanwhile', () => {
  const told: string[] = [];
  const changed = coalesced(250, (what: string) => told.push(what));
  changed('a');
  changed('a');
  changed('b');
  changed('a');
  expect(told).toEqual(['a', 'b']);
  vi.advanceTimersByTime(250);
  expect(told).toEqual(['a', 'b', 'a']);
  vi.advanceTimersByTime(250);
  changed('a');
  expect(told).toEqual(['a', 'b', 'a', 'a']);
});

it('is followed until the last one has left', () => {
  const followed = createFollowed();
  followed.add('a');
  followed.add('a');
  followed.add(null);
  followed.remove('a');
  expect(followed.has('a')).toBe(true);
  followed.remove('a');
  followed.remove('a');
  followed.remove(null);
  expect(followed.has('a')).toBe(false);
});
