import { expect, test } from 'vitest';
import { percentile, stream, summaryLines } from '../../../server/cli/stream.ts';

const plan = { count: 5, concurrency: 2, rate: null, stopped: () => false, send: () => Promise.resolve(10) };

test('everything is sent once, by no more hands than asked for', async () => {
  const numbers: number[] = [];
  let open = 0;
  let most = 0;
  const send = async (number: number): Promise<number> => {
    numbers.push(number);
    most = Math.max(most, ++open);
    await Promise.resolve();
    open--;
    return 10;
  };
  expect(await stream({ ...plan, send })).toMatchObject({ sent: 5, failed: 0, octets: 50 });
  expect(numbers).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('a failure is counted by its reason and does not stop the rest', async () => {
  const send = (number: number): Promise<number> => (number % 2 ? Promise.reject(new Error('451 later')) : Promise.resolve(1));
  expect(await stream({ ...plan, send })).toMatchObject({ sent: 2, failed: 3, errors: new Map([['451 later', 3]]) });
});

test('it ends early when it is stopped', async () => {
  let sent = 0;
  expect(await stream({ ...plan, concurrency: 1, send: () => Promise.resolve(++sent), stopped: () => sent === 3 })).toMatchObject({
    sent: 3,
  });
});

test.each([
  [0, 1],
  [0.5, 2],
  [0.95, 4],
  [1, 4],
])('%d of 1 2 3 4 lie at or below %d', (share, value) => {
  expect(percentile([1, 2, 3, 4], share)).toBe(value);
});

test('the summary tells rates, latencies and reasons', () => {
  const summary = {
    sent: 4,
    failed: 2,
    octets: 4_000_000,
    elapsedMs: 2000,
    latenciesMs: [1, 2, 3, 40],
    errors: new Map([['451 later', 2]]),
  };
  expect(summaryLines(summary)).toEqual([
    '4 sent, 2 failed in 2.00 s: 2.0 messages/s, 2.00 MB/s',
    'latency min 1.0 ms, median 2.0 ms, p95 40 ms, p99 40 ms, max 40 ms',
    '2 × 451 later',
  ]);
});
