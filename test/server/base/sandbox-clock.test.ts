// The sandbox's clock: runs, stands still, is moved on event by event, and never goes back but to real time.

import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Refusal } from '../../../server/base/errors.ts';
import type { MovableClock, SandboxClockParts } from '../../../server/base/sandbox-clock.ts';
import { CLOCK_LIMITS, createSandboxClock } from '../../../server/base/sandbox-clock.ts';

const BEGIN = Date.UTC(2026, 10, 25);

beforeEach(() => void vi.useFakeTimers({ now: BEGIN, toFake: ['setTimeout', 'clearTimeout', 'Date'] }));
afterEach(() => void vi.useRealTimers());

const errors: unknown[] = [];
const clockWith = (parts: Partial<SandboxClockParts> = {}): MovableClock =>
  createSandboxClock({ system: { now: () => Date.now() }, report: (error) => errors.push(error), ...parts });

/** Notes when it was run. */
function note(clock: MovableClock, id: string, at: number, told: string[]): () => void {
  return clock.schedule({ at: BEGIN + at, kind: 'test', id }, () => {
    told.push(`${id} ${clock.now() - BEGIN}`);
    return 'done';
  });
}

describe('by itself', () => {
  it('it runs what is due, in order of time, those of one time as they came', async () => {
    const [clock, told] = [clockWith(), [] as string[]];
    for (const [id, at] of [
      ['c', 2000],
      ['a', 1000],
      ['b', 1000],
    ] as const)
      note(clock, id, at, told);
    expect(clock.pending.map(({ id }) => id)).toEqual(['a', 'b', 'c']);
    await vi.advanceTimersByTimeAsync(1500);
    expect(told).toEqual(['a 1000', 'b 1000']);
    await vi.advanceTimersByTimeAsync(1000);
    expect([told.at(-1), clock.pending]).toEqual(['c 2000', []]);
  });

  it('it runs nothing that was taken back, and nothing while it stands still', async () => {
    const [clock, told] = [clockWith(), [] as string[]];
    note(clock, 'back', 500, told)();
    note(clock, 'later', 1000, told);
    clock.freeze();
    await vi.advanceTimersByTimeAsync(5000);
    expect([told, clock.now() - BEGIN, clock.offset, clock.mode]).toEqual([[], 0, -5000, 'frozen']);
    clock.resume();
    await vi.advanceTimersByTimeAsync(1000);
    expect([told, clock.mode]).toEqual([['later 1000'], 'real']);
    clock.reset();
    expect(clock.offset).toBe(0);
  });

  it('it runs what is due already, also where it stands still', async () => {
    const [clock, told] = [clockWith({ frozenAt: BEGIN }), [] as string[]];
    note(clock, 'due', 0, told);
    note(clock, 'later', 1, told);
    await vi.advanceTimersByTimeAsync(5000);
    expect(told).toEqual(['due 0']);
  });

  it('it is as far ahead as it was put, however fast time goes by', () => {
    let looks = 0;
    expect(clockWith({ system: { now: () => looks++ }, offset: 5 }).offset).toBe(5);
  });

  it('it begins where it is told to', () => {
    expect(clockWith({ offset: 60_000 }).now()).toBe(BEGIN + 60_000);
    expect(clockWith({ frozenAt: 5 }).now()).toBe(5);
  });

  it('what fails is reported, and the rest runs', async () => {
    const [clock, told] = [clockWith(), [] as string[]];
    clock.schedule({ at: BEGIN + 1, kind: 'test', id: 'bad' }, () => Promise.reject(new Error('no')));
    note(clock, 'good', 2, told);
    await vi.advanceTimersByTimeAsync(10);
    expect([told, errors.splice(0).map(String)]).toEqual([['good 2'], ['Error: no']]);
  });
});

/** Something that is over when it is told so. */
function slow(clock: MovableClock, id: string, at: number, told: string[]): () => void {
  let end = (): void => undefined;
  clock.schedule({ at: BEGIN + at, kind: 'test', id }, () => {
    told.push(`${id} begins`);
    return new Promise((resolve) => {
      end = () => {
        told.push(`${id} ends`);
        resolve('done');
      };
    });
  });
  return () => end();
}

describe('what takes long', () => {
  it('by itself it holds up nothing that is due later', async () => {
    const [clock, told] = [clockWith(), [] as string[]];
    const end = slow(clock, 'slow', 1000, told);
    note(clock, 'same', 1000, told);
    note(clock, 'later', 2000, told);
    await vi.advanceTimersByTimeAsync(3000);
    end();
    expect(told).toEqual(['slow begins', 'same 1000', 'later 2000', 'slow ends']);
  });

  it('moved, all of one moment run at the same time, and the next moment waits for them', async () => {
    const [clock, told] = [clockWith(), [] as string[]];
    const ends = ['a', 'b'].map((id) => slow(clock, id, 1000, told));
    note(clock, 'later', 1001, told);
    const moved = clock.advance({ by: 5000 });
    await vi.advanceTimersByTimeAsync(0);
    expect(told.splice(0)).toEqual(['a begins', 'b begins']);
    ends[1]?.();
    await vi.advanceTimersByTimeAsync(0);
    expect(told.splice(0)).toEqual(['b ends']);
    ends[0]?.();
    expect((await moved).ran.map(({ id }) => id)).toEqual(['a', 'b', 'later']);
    expect(told).toEqual(['a ends', 'later 1001']);
  });

  it('a move waits no longer than it may, and what it leaves goes on by itself', async () => {
    const [clock, told] = [clockWith({ limits: { ...CLOCK_LIMITS, wall: 1000 } }), [] as string[]];
    const end = slow(clock, 'slow', 10, told);
    note(clock, 'after', 3_600_000, told);
    const moved = clock.advance({ by: 7_200_000 });
    await vi.advanceTimersByTimeAsync(1000);
    const { to, ran, stopped } = await moved;
    expect([to - BEGIN, ran.map(({ id, outcome }) => `${id} ${outcome}`), stopped]).toEqual([10, ['slow running'], 'limit']);
    const again = clock.advance({ by: 7_200_000 });
    await vi.advanceTimersByTimeAsync(500);
    end();
    expect(await again).toMatchObject({ ranCount: 1, stopped: null });
    expect(told).toEqual(['slow begins', 'slow ends', 'after 3600000']);
  });
});

describe('when it is moved', () => {
  it('it stops at each event on the way, also at those that events make', async () => {
    const [clock, told] = [clockWith(), [] as string[]];
    clock.schedule({ at: BEGIN + 60_000, kind: 'test', id: 'first' }, () => {
      note(clock, 'second', 90_000, told);
      return 'deferred';
    });
    note(clock, 'third', 3_600_000, told);
    const { from, to, ran, ranCount, stopped } = await clock.advance({ by: 120_000 });
    expect([from - BEGIN, to - BEGIN, ranCount, stopped]).toEqual([0, 120_000, 2, null]);
    expect(ran.map(({ id, at, outcome }) => [id, at - BEGIN, outcome])).toEqual([
      ['first', 60_000, 'deferred'],
      ['second', 90_000, 'done'],
    ]);
    expect(told).toEqual(['second 90000']);
    expect([clock.mode, clock.offset]).toEqual(['real', 120_000]);
    await vi.advanceTimersByTimeAsync(3_480_000);
    expect(told.at(-1)).toBe('third 3600000');
  });

  it('it goes to the next, or until nothing is due', async () => {
    const [clock, told] = [clockWith(), [] as string[]];
    for (const [id, at] of [
      ['a', 1000],
      ['b', 86_400_000],
    ] as const)
      note(clock, id, at, told);
    expect((await clock.advance({ to: 'next' })).to - BEGIN).toBe(1000);
    expect((await clock.advance({ until: 'idle' })).to - BEGIN).toBe(86_400_000);
    expect((await clock.advance({ to: 'next' })).ranCount).toBe(0);
    expect(told).toEqual(['a 1000', 'b 86400000']);
  });

  it('it stays frozen when it was', async () => {
    const clock = clockWith({ frozenAt: BEGIN });
    await clock.advance({ by: 1000 });
    await vi.advanceTimersByTimeAsync(5000);
    expect([clock.mode, clock.now() - BEGIN]).toEqual(['frozen', 1000]);
  });

  it('one move at a time', async () => {
    const clock = clockWith();
    let go = (): void => undefined;
    clock.schedule({ at: BEGIN + 1, kind: 'test', id: 'slow' }, () => new Promise((resolve) => (go = () => resolve('done'))));
    const first = clock.advance({ by: 10 });
    await expect(clock.advance({ by: 10 })).rejects.toMatchObject({ code: 'conflict' });
    for (const move of ['reset', 'freeze', 'resume'] as const) expect(() => clock[move]()).toThrow(Refusal);
    expect(clock.mode).toBe('real');
    await vi.advanceTimersByTimeAsync(0);
    go();
    expect((await first).ranCount).toBe(1);
    expect((await clock.advance({ by: 10 })).ranCount).toBe(0);
  });

  it('it waits for what runs by itself at that moment', async () => {
    const [clock, told] = [clockWith(), [] as string[]];
    let go = (): void => undefined;
    clock.schedule({ at: BEGIN + 1, kind: 'test', id: 'slow' }, () => new Promise((resolve) => (go = () => resolve('done'))));
    note(clock, 'after', 5000, told);
    await vi.advanceTimersByTimeAsync(1);
    const moved = clock.advance({ by: 10_000 });
    await vi.advanceTimersByTimeAsync(0);
    expect(told).toEqual([]);
    go();
    expect((await moved).ran.map(({ id }) => id)).toEqual(['after']);
    note(clock, 'later', 20_000, told);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told).toEqual(['after 5000', 'later 20000']);
  });

  it('it may go on while it is looked at: the farthest goal is not too far for that', async () => {
    let ms = BEGIN;
    const clock = clockWith({ system: { now: () => ms++ } });
    const goals = [{ until: 'idle' }, { to: 'next' }, { by: 10 * 365 * 86_400_000 }] as const;
    for (const goal of goals) expect(await clock.advance(goal)).toMatchObject({ stopped: null });
  });

  it.each([
    [{ to: BEGIN - 1 }, 'to: the clock goes forward only'],
    [{ by: 11 * 365 * 86_400_000 }, 'ten years at the most'],
  ])('%j is refused: %s', async (goal, message) => {
    await expect(clockWith().advance(goal)).rejects.toThrow(message);
  });

  it('it stops at its limit, and goes on from there', async () => {
    const clock = clockWith({ limits: { ...CLOCK_LIMITS, events: 3 } });
    const again = (at: number): void => {
      clock.schedule({ at, kind: 'test', id: 'again' }, () => {
        again(at + 1000);
        return 'again';
      });
    };
    again(BEGIN + 1000);
    expect(await clock.advance({ until: 'idle' })).toMatchObject({ to: BEGIN + 3000, ranCount: 3, stopped: 'limit' });
    expect((await clock.advance({ to: 'next' })).to).toBe(BEGIN + 4000);
  });

  it('what was taken back does not lie about for ever', async () => {
    const clock = clockWith();
    for (let i = 0; i < 5000; i++) clock.schedule({ at: BEGIN + 1e9 + i, kind: 'test', id: String(i) }, () => 'done')();
    clock.schedule({ at: BEGIN + 2e9, kind: 'test', id: 'one' }, () => 'done');
    expect([clock.pending.length, (await clock.advance({ until: 'idle' })).ranCount]).toEqual([1, 1]);
  });

  it('the next few that are due are the first of all, and it is told when they may have changed', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(50), fc.boolean()), { maxLength: 40 }), fc.nat(45), (tasks, count) => {
        const clock = clockWith();
        let told = 0;
        clock.planned.on(() => void told++);
        const takeBack = tasks.map(([at], i) => clock.schedule({ at: BEGIN + 1000 + at, kind: 'test', id: String(i) }, () => 'done'));
        for (const [i, [, back]] of tasks.entries()) if (back) takeBack[i]?.();
        expect(clock.next(count)).toEqual(clock.pending.slice(0, count));
        expect(told).toBe(tasks.length + tasks.filter(([, back]) => back).length);
      }),
      { seed: 1 },
    );
  });

  it('the order of what ran is the order of times, whatever was scheduled and taken back', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(500), fc.boolean()), { maxLength: 60 }), async (tasks) => {
        const clock = clockWith();
        for (const [i, [at, back]] of tasks.entries()) {
          const takeBack = clock.schedule({ at: BEGIN + at, kind: 'test', id: String(i) }, () => 'done');
          if (back) takeBack();
        }
        const expected = tasks
          .map(([at, back], i) => ({ at, back, i }))
          .filter(({ back }) => !back)
          .sort((a, b) => a.at - b.at || a.i - b.i)
          .map(({ i }) => String(i));
        expect((await clock.advance({ until: 'idle' })).ran.map(({ id }) => id)).toEqual(expected);
        clock.stop();
      }),
      { numRuns: 50 },
    );
  });
});
