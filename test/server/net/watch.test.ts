// The time limit on waiting, with timers that the test moves.

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createWatch } from '../../../server/net/watch.ts';

describe('a watch', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('lets a wait go on for the limit and not much longer', () => {
    const expired = vi.fn();
    const watch = createWatch(1_000, expired);
    watch.start();
    vi.advanceTimersByTime(999);
    expect(expired).not.toHaveBeenCalled();
    vi.advanceTimersByTime(251);
    expect(expired).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(10_000);
    expect(expired).toHaveBeenCalledTimes(1);
  });

  it('counts a wait that is begun again from its first beginning', () => {
    const expired = vi.fn();
    const watch = createWatch(1_000, expired);
    for (let i = 0; i < 13; i++) {
      watch.start();
      vi.advanceTimersByTime(100);
    }
    expect(expired).toHaveBeenCalledTimes(1);
  });

  it('forgets a wait that was fulfilled', () => {
    const expired = vi.fn();
    const watch = createWatch(1_000, expired);
    for (let i = 0; i < 100; i++) {
      watch.start();
      vi.advanceTimersByTime(900);
      watch.stop();
    }
    vi.advanceTimersByTime(10_000);
    expect(expired).not.toHaveBeenCalled();
  });

  it.each([
    ['after its end', 1_000, true],
    ['without a limit', 0, false],
  ])('never expires %s', (_, limit, ended) => {
    const expired = vi.fn();
    const watch = createWatch(limit, expired);
    watch.start();
    if (ended) watch.end();
    vi.advanceTimersByTime(100_000);
    expect(expired).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });
});
