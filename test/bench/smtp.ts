// How many messages a second come in, as a share of what Postfix's smtp-sink takes at the same time on the same machine.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { build } from 'vite';
import { median, startRig } from './rig.ts';

/** Where Debian's package postfix puts them; /usr/sbin is seldom on a user's PATH. */
const FOLDERS = ['/usr/sbin', '/usr/local/sbin', ...(process.env['PATH'] ?? '').split(':')];
const SESSIONS = 10;
const ROUNDS = 5;

/** Octets of a message, messages of one round, and the share of smtp-sink's rate that is wanted: in memory, in a folder. */
const LOADS = [
  { name: '1 kB', size: 1_024, count: 20_000, wanted: 0.5, kept: 0.3 },
  { name: '100 kB', size: 102_400, count: 2_000, wanted: 0.8, kept: 0.5 },
  { name: '1 MB', size: 1_048_576, count: 300, wanted: 1.0, kept: 0.6 },
] as const;

export interface Target {
  readonly name: string;
  readonly port: number;
  /** Keeps what it gets on disk. */
  readonly keeps?: true;
  stop(): unknown;
}

export const find = (program: string): string | undefined =>
  FOLDERS.map((folder) => `${folder}/${program}`).find((path) => existsSync(path));

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

async function listening(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const socket = connect(port, '127.0.0.1');
    const open = await Promise.race([once(socket, 'connect').then(() => true), once(socket, 'close').then(() => false)]).catch(() => false);
    socket.destroy();
    if (open) return;
    await wait(50);
  }
  throw new Error(`nobody listens on ${port}`);
}

async function ended(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit');
  return child.exitCode;
}

async function startSink(path: string): Promise<Target> {
  const port = await freePort();
  // As root it wants to be somebody else.
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn(path, [...user, `127.0.0.1:${port}`, '1000'], { stdio: 'ignore' });
  await listening(port);
  return { name: 'smtp-sink', port, stop: () => child.kill() };
}

const FLAGS = ['--log-level', 'silent', '--max-messages', '0'];

async function startMailrig(): Promise<Target> {
  const rig = await startRig(FLAGS);
  return { name: 'in memory', port: rig.smtp, stop: rig.stop };
}

async function startKeeping(durability: string): Promise<Target> {
  const folder = await mkdtemp(join(tmpdir(), 'mailrig-bench-'));
  const rig = await startRig([...FLAGS, '--data', folder, '--durability', durability, '--max-size', '1gb']);
  const stop = (): Promise<void> => rig.stop().then(() => rm(folder, { recursive: true }));
  return { name: `--data, ${durability}`, port: rig.smtp, keeps: true, stop };
}

/** The SMTP server without a store, bundled as the product is; with so many faults that meet nobody, or none to ask at all. */
export async function startBare(faults: number | null = null): Promise<Target> {
  const outDir = new URL('../../node_modules/.cache/bench', import.meta.url).pathname;
  const entry = new URL('bare.ts', import.meta.url).pathname;
  await build({ configFile: false, logLevel: 'error', build: { ssr: entry, outDir, target: 'node20' }, ssr: { noExternal: true } });
  const given = faults === null ? [] : [String(faults)];
  const child = spawn(process.execPath, [`${outDir}/bare.js`, ...given], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  return { name: 'smtp alone', port: Number(/\d+/.exec(line.toString())?.[0]), stop: () => child.kill() };
}

/** Messages a second. */
export async function rate(source: string, port: number, size: number, count: number): Promise<number> {
  const flags = ['-d', '-s', SESSIONS, '-l', size, '-m', count, '-f', 'bench@client.test', '-t', 'jo@shop.test'].map(String);
  const started = performance.now();
  const child = spawn(source, [...flags, `127.0.0.1:${port}`], { stdio: ['ignore', 'ignore', 'inherit'] });
  const code = await ended(child);
  if (code !== 0) throw new Error(`smtp-source ended with ${code}`);
  return count / ((performance.now() - started) / 1_000);
}

export const figure = (perSecond: number): string => Math.round(perSecond).toLocaleString('en').padStart(7);

type Load = (typeof LOADS)[number];

/** The targets take turns, so that whatever else the machine does meets all of them. */
async function compare(source: string, sink: Target, targets: readonly Target[], load: Load): Promise<void> {
  const { name, size, count, wanted, kept } = load;
  const all = [sink, ...targets].map((target) => ({ target, rates: [] as number[] }));
  for (const { target } of all) await rate(source, target.port, size, Math.ceil(count / 4));
  for (let round = 0; round < ROUNDS; round++) {
    for (const { target, rates } of all) rates.push(await rate(source, target.port, size, count));
  }
  const [base] = all;
  say(`${name}, ${SESSIONS} sessions, median of ${ROUNDS} rounds of ${count}:`);
  for (const { target, rates } of all) {
    const shares = rates.map((one, round) => one / (base?.rates[round] ?? NaN));
    const goal = target === sink ? '' : `  ${median(shares).toFixed(2)} of smtp-sink (wanted: ${target.keeps ? kept : wanted})`;
    say(`  ${target.name.padEnd(15)} ${figure(median(rates))}/s${goal}`);
  }
}

/** Whether it slows down as it fills. */
async function tenths(source: string, target: Target): Promise<void> {
  const rates: number[] = [];
  for (let tenth = 0; tenth < 10; tenth++) rates.push(await rate(source, target.port, 1_024, 10_000));
  say(`ten tenths of 100,000 at 1 kB, ${target.name}: ${rates.map((one) => figure(one).trim()).join(' ')} /s`);
}

export async function benchSmtp(): Promise<void> {
  const source = find('smtp-source');
  const sinkPath = find('smtp-sink');
  if (source === undefined || sinkPath === undefined) {
    say('smtp: not measured, smtp-source and smtp-sink are missing (Debian: apt-get install postfix)');
    return;
  }
  // Each load meets servers that are empty: what is kept of the one before would have to make room.
  for (const load of LOADS) {
    const targets = [
      await startSink(sinkPath),
      await startMailrig(),
      await startKeeping('process'),
      await startKeeping('power'),
      await startBare(),
    ];
    const [sink, ...others] = targets as [Target, ...Target[]];
    await compare(source, sink, others, load).finally(() => stopAll(targets));
  }
  const targets = [await startMailrig(), await startKeeping('process')];
  for (const target of targets) await tenths(source, target);
  await stopAll(targets);
}

export async function stopAll(targets: readonly Target[]): Promise<void> {
  for (const target of targets) await target.stop();
}
