// What deliveries cost: how many a second, what they cost those who have none, dead hosts, days of retries, and memory.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ClockAdvance, Delivery, ListOf } from '../../server/http/contract/types.ts';
import { all, api } from '../crash/api.ts';
import { benchClient } from './delivery-client.ts';
import { declare, delivered, sendMany, startServer } from './delivery-server.ts';
import type { BenchServer } from './delivery-server.ts';
import { median } from './rig.ts';
import { figure, find, rate } from './smtp.ts';

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;

/** Prints a figure with what is wanted; the run has failed where it is missed. */
function judge(text: string, good: boolean): void {
  say(`  ${text}${good ? '' : '  MISSED'}`);
  if (!good) process.exitCode = 1;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const MX = { hosts: [{ name: 'mx1.shop.test', preference: 10 }] };
const toShop = (n: number): string[] => [`u${n % 100}@shop.test`];

/** From the sender's first word until the last copy is in its account. */
async function through(): Promise<void> {
  const [count, rounds, wanted] = [5_000, 3, 500];
  const folder = await mkdtemp(join(tmpdir(), 'mailrig-bench-'));
  say(`deliveries a second, ${count} of 1 kB, from the submission to the account (median of ${rounds}):`);
  for (const [name, options] of [
    ['in memory', {}],
    ['--data', { data: folder }],
  ] as const) {
    await using server = await startServer(options);
    await declare(server, 'shop.test', MX);
    const rates: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const ms = await timed(() => sendMany(server, count, toShop).then(() => delivered(server, 'shop.test')));
      rates.push(count / (ms / 1000));
    }
    judge(`${name.padEnd(10)} ${figure(median(rates))}/s  (wanted: ${wanted})`, median(rates) >= wanted);
  }
  await rm(folder, { recursive: true });
}

interface Cost {
  readonly rate: number;
  readonly cpu: number;
}

/** Mail for nobody's receiver, where there are receivers, against where there are none. */
async function aside(): Promise<void> {
  const [count, rounds, receivers, wanted] = [3_000, 12, 50, 0.95];
  const source = find('smtp-source');
  if (source === undefined) return say('mail without a receiver: not measured, smtp-source is missing (Debian: apt-get install postfix)');
  await using without = await startServer({ maxMessages: 10_000 });
  await using among = await startServer({ maxMessages: 10_000 });
  for (let i = 0; i < receivers; i++)
    await declare(among, `${i % 2 === 0 ? '*.' : ''}shop${i}.other.test`, { hosts: [{ name: `mx.shop${i}.test` }] });

  async function costOf(server: BenchServer): Promise<Cost> {
    const before = await server.cpu();
    const perSecond = await rate(source ?? '', server.smtp, 1024, count);
    return { rate: perSecond, cpu: (await server.cpu()) - before };
  }

  for (const server of [without, among, without, among]) await costOf(server);
  const shares: Cost[] = [];
  for (let round = 0; round < rounds; round++) {
    // There and back, since whoever comes second has another machine.
    const [a, b, c, d] = [await costOf(without), await costOf(among), await costOf(among), await costOf(without)];
    shares.push({ rate: Math.sqrt((b.rate * c.rate) / (a.rate * d.rate)), cpu: (a.cpu + d.cpu) / (b.cpu + c.cpu) });
  }
  const [ofRate, ofCpu] = [median(shares.map((share) => share.rate)), median(shares.map(({ cpu }) => cpu))];
  say(`mail without a receiver, ${receivers} receivers of other domains declared, ${rounds} rounds of ${4 * count}:`);
  // Others on the machine touch the rate, hardly the processor time.
  judge(
    `${ofRate.toFixed(3)} of the rate where there are none, ${ofCpu.toFixed(3)} by processor time  (wanted: ${wanted})`,
    Math.max(ofRate, ofCpu) >= wanted,
  );
}

async function advance(server: BenchServer, goal: object): Promise<ClockAdvance & { readonly ms: number }> {
  const started = performance.now();
  const advanced = await api<ClockAdvance>(server, 'POST', '/clock/advance', goal);
  return { ...advanced, ms: performance.now() - started };
}

/** When the host was really dialled, ms, for all deliveries together. */
async function dialsOf(server: BenchServer): Promise<number[]> {
  const attempts = (await all<Delivery>(server, '/deliveries')).flatMap((delivery) => delivery.attempts);
  return [...new Set(attempts.filter(({ text }) => !text.includes('not dialled again')).map(({ at }) => Date.parse(at)))].sort(
    (x, y) => x - y,
  );
}

/** Many wait for a host where nobody listens. */
async function dead(): Promise<void> {
  const [count, perMessage, rest] = [10_000, 10, 500];
  await using server = await startServer();
  await declare(server, 'shop.test', { hosts: [{ name: 'mx1.shop.test', preference: 10, state: 'down' }], policy: { profile: 'postfix' } });
  const started = performance.now();
  await sendMany(server, count / perMessage, (n) => Array.from({ length: perMessage }, (_, i) => `u${n}-${i}@shop.test`));
  const took = performance.now() - started;
  const before = await server.cpu();
  const { ms, ranCount } = await advance(server, { by: '6m' });
  const cpu = (await server.cpu()) - before;
  const dials = await dialsOf(server);
  const found = await api<ListOf<Delivery>>(server, 'GET', '/deliveries?limit=1&q=state:deferred');
  say(`${count} recipients wait for a host that is down:`);
  judge(
    `one try of all: ${seconds(ms)}, ${seconds(cpu)} of processor time, ${ranCount} tries`,
    found.total === count && ranCount === count,
  );
  const tooSoon = dials.some((at, i) => at - (dials[i - 1] ?? -Infinity) < rest);
  judge(
    `dialled ${dials.length} times, in the ${seconds(took)} in which they came and at the try of all (wanted: ${rest} ms apart)`,
    !tooSoon,
  );
}

/** Days of retries in one move of the clock. */
async function days(): Promise<void> {
  const count = 1_000;
  say(`five days of retries of ${count} recipients in one move of the clock:`);
  for (const [profile, most, planned] of [
    ['sandbox', 1_000, 7],
    ['postfix', 15_000, 113],
  ] as const) {
    await using server = await startServer({ clockFrozen: true });
    await declare(server, 'shop.test', { hosts: [{ name: 'mx1.shop.test', preference: 10, state: 'down' }], policy: { profile } });
    await sendMany(server, count, (n) => [`u${n}@shop.test`]);
    const { ms, ran, ranCount, stopped } = await advance(server, { by: '5d' });
    const inOrder = ran.every(({ at }, i) => i === 0 || at >= (ran[i - 1]?.at ?? ''));
    const whole = inOrder && stopped === null && ranCount >= count * (planned - 1) && ranCount <= count * planned;
    judge(
      `${profile.padEnd(8)} ${seconds(ms)} for ${ranCount} tries (wanted: ${seconds(most)}), ${inOrder ? 'in' : 'OUT OF'} order`,
      ms <= most && whole,
    );
  }
}

/** A server that forgets what is over holds no more after many deliveries than after few. */
async function memory(): Promise<void> {
  await using server = await startServer({ maxMessages: 2_000, maxDeliveries: 2_000, maxSessions: 20 });
  await declare(server, 'shop.test', MX);
  const heaps: number[] = [];
  let sent = 0;
  for (const until of [20_000, 60_000, 100_000]) {
    // No more than may wait together: what is still to be delivered does not make room.
    for (; sent < until; sent += 1_000) {
      await sendMany(server, 1_000, toShop);
      await delivered(server, 'shop.test');
    }
    heaps.push((await server.heap()) / 1e6);
  }
  const [first = NaN, , last = NaN] = heaps;
  say('memory, 2,000 messages and deliveries kept, after 20,000, 60,000 and 100,000 deliveries:');
  judge(`${heaps.map((heap) => `${heap.toFixed(1)} MB`).join(', ')}  (wanted: flat)`, last < first * 1.1);
}

const PARTS: Readonly<Record<string, () => Promise<void>>> = { client: benchClient, through, aside, dead, days, memory };

/** All of it, or the parts that are named in `PARTS`. */
export async function benchDelivery(): Promise<void> {
  for (const name of process.env['PARTS']?.split(',') ?? Object.keys(PARTS)) await PARTS[name]?.();
}
