// Sends many things at a given rate with a given number of hands, and counts what became of them.

import { performance } from 'node:perf_hooks';
import { setTimeout as wait } from 'node:timers/promises';

export interface StreamPlan {
  readonly count: number;
  readonly concurrency: number;
  /** Starts per second; null = as quickly as the hands allow. */
  readonly rate: number | null;
  /** Sends the thing with this number, from 1. @returns its size in octets */
  send(number: number): Promise<number>;
  stopped(): boolean;
}

export interface StreamSummary {
  readonly sent: number;
  readonly failed: number;
  readonly octets: number;
  readonly elapsedMs: number;
  /** Of what was sent, ascending. */
  readonly latenciesMs: readonly number[];
  /** What went wrong, and how often. */
  readonly errors: ReadonlyMap<string, number>;
}

export async function stream({ count, concurrency, rate, send, stopped }: StreamPlan): Promise<StreamSummary> {
  const begun = performance.now();
  const latencies: number[] = [];
  const errors = new Map<string, number>();
  let next = 1;
  let octets = 0;
  const work = async (): Promise<void> => {
    while (next <= count && !stopped()) {
      const number = next++;
      // Each has its own due time: a slow answer delays one start, not all that follow.
      const due = rate === null ? 0 : begun + ((number - 1) * 1000) / rate - performance.now();
      if (due > 1) await wait(due);
      const start = performance.now();
      try {
        const size = await send(number);
        octets += size;
        latencies.push(performance.now() - start);
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        errors.set(reason, (errors.get(reason) ?? 0) + 1);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, work));
  const failed = [...errors.values()].reduce((sum, n) => sum + n, 0);
  latencies.sort((a, b) => a - b);
  return { sent: latencies.length, failed, octets, elapsedMs: performance.now() - begun, latenciesMs: latencies, errors };
}

/** The value below which `share` of the ascending values lie (nearest rank); 0 of none. */
export const percentile = (ascending: readonly number[], share: number): number =>
  ascending[Math.max(0, Math.ceil(share * ascending.length) - 1)] ?? 0;

const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`;

export function summaryLines({ sent, failed, octets, elapsedMs, latenciesMs, errors }: StreamSummary): string[] {
  const seconds = elapsedMs / 1000;
  const rates = `${(sent / seconds).toFixed(1)} messages/s, ${(octets / seconds / 1e6).toFixed(2)} MB/s`;
  const points: [string, number][] = [
    ['min', 0],
    ['median', 0.5],
    ['p95', 0.95],
    ['p99', 0.99],
    ['max', 1],
  ];
  return [
    `${sent} sent, ${failed} failed in ${seconds.toFixed(2)} s${sent > 1 ? `: ${rates}` : ''}`,
    ...(sent > 1 ? [`latency ${points.map(([name, share]) => `${name} ${ms(percentile(latenciesMs, share))}`).join(', ')}`] : []),
    ...[...errors].map(([reason, times]) => `${times} × ${reason}`),
  ];
}
