import { expect, it } from 'vitest';
import type { SessionSummary } from '../../../../server/http/contract/types.ts';
import { Kept } from '../../../../ui/screens/sessions/kept.ts';

const session = (id: string, closed = false): SessionSummary =>
  ({ id, closedAt: closed ? '2026-01-31T14:02:11.000Z' : null }) as SessionSummary;
const ids = (kept: Kept): string =>
  kept
    .rows()
    .map(({ id }) => id)
    .join(' ');

it('has the live ones first, each newest first', () => {
  const kept = new Kept();
  kept.fill([session('s2')], [session('s4', true), session('s1', true)]);
  kept.take(session('s3'));
  kept.take(session('s5', true));
  expect([ids(kept), kept.liveCount]).toEqual(['s3 s2 s5 s4 s1', 2]);
});

it('moves one to its place when it is over, and never back', () => {
  const kept = new Kept();
  kept.fill([session('s3'), session('s2')], [session('s1', true)]);
  kept.take(session('s2', true));
  kept.take(session('s2'));
  expect([ids(kept), kept.liveCount, kept.isLive('s2'), kept.isLive('s3')]).toEqual(['s3 s2 s1', 1, false, true]);
});

it('lets the oldest of those that are over go when there are too many', () => {
  const kept = new Kept();
  kept.fill(
    [],
    Array.from({ length: 5_010 }, (_, i) => session(`s${String(i).padStart(5, '0')}`, true)),
  );
  expect(kept.rows()).toHaveLength(5_000);
  expect([kept.full, kept.rows().at(-1)?.id]).toEqual([true, 's00010']);
});
