// The servers that are read from: Mailrig in memory and in a folder, and Dovecot beside it with a configuration of its own.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { startDovecot } from './dovecot.ts';
import type { ReadServer } from './dovecot.ts';
import { median, startRig } from './rig.ts';
import { Wire } from './wire.ts';

export const say = (text: string): void => void process.stdout.write(`${text}\n`);

const FLAGS = ['--log-level', 'silent', '--max-messages', '0', '--max-size', '4gb', '--trace-headers', 'false'];

/** Appends messages, a hundred in flight. */
async function append(port: number, user: string, messages: Iterable<Buffer>): Promise<void> {
  const wire = await Wire.connect(port);
  await wire.imap(`LOGIN ${user} x`);
  let pieces: Buffer[] = [];
  const send = async (): Promise<void> => {
    const batch = pieces;
    pieces = [];
    if (batch.length > 0) await wire.say(Buffer.concat(batch), 'zf OK', batch.length / 3);
  };
  for (const raw of messages) {
    pieces.push(Buffer.from(`zf APPEND INBOX {${raw.length}+}\r\n`), raw, Buffer.from('\r\n'));
    if (pieces.length === 300) await send();
  }
  await send();
  wire.close();
}

interface Info {
  readonly index: { readonly pending: number };
}

/** Resolves when everything is indexed. */
async function indexed(http: number): Promise<void> {
  for (;;) {
    const { index } = (await (await fetch(`http://127.0.0.1:${http}/v1/info`)).json()) as Info;
    if (index.pending === 0) return;
    await wait(20);
  }
}

async function startMailrig(name: string, flags: readonly string[], gone: () => Promise<void>): Promise<ReadServer> {
  const { ports, http, stop } = await startRig([...FLAGS, ...flags]);
  const fill = async (user: string, messages: Iterable<Buffer>): Promise<void> => {
    await append(ports.imap, user, messages);
    await indexed(http);
  };
  return { name, imap: ports.imap, pop3: ports.pop3, fill, stop: () => stop().then(gone) };
}

async function startKeeping(): Promise<ReadServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mailrig-bench-'));
  return startMailrig('--data', ['--data', folder], () => rm(folder, { recursive: true }));
}

/** Dovecot first, if it is here. */
export async function startReaders(): Promise<readonly ReadServer[]> {
  const dovecot = await startDovecot();
  if (!dovecot)
    say('Dovecot is not measured: it is not on this machine, or this is not root (Debian: apt-get install dovecot-imapd dovecot-pop3d)');
  return [...(dovecot ? [dovecot] : []), await startMailrig('in memory', [], () => Promise.resolve()), await startKeeping()];
}

const LINE = 'The quick brown fox jumps over the lazy dog and counts what it has seen on its way.\r\n';

/** About 6 kB unless told; every message has words of its own. */
export const message = (number: number, octets = 6_000): Buffer =>
  Buffer.from(
    `From: Sender ${number % 50} <sender${number % 50}@client.test>\r\nTo: Jo <jo@shop.test>\r\nSubject: Report number ${number}\r\n` +
      `Date: Tue, 24 Nov 2026 12:00:00 +0000\r\nMessage-ID: <bench.${number}@client.test>\r\nMIME-Version: 1.0\r\n` +
      `Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nword${number}\r\n` +
      `${LINE.repeat(Math.max(0, Math.floor((octets - 700) / LINE.length / 2)))}--b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n` +
      `<p>word${number}</p>\r\n${LINE.repeat(Math.max(0, Math.floor((octets - 700) / LINE.length / 2)))}--b--\r\n`,
  );

/** So many of them, from `message` with 0. */
export function* messages(count: number, octets?: number): Generator<Buffer> {
  for (let number = 0; number < count; number++) yield message(number, octets);
}

export interface Row {
  readonly name: string;
  /** ms of one round, or of what the row is about. */
  run(server: ReadServer): Promise<number>;
}

export async function timed(run: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await run();
  return performance.now() - started;
}

const ROUNDS = Number(process.env['ROUNDS'] ?? 9);
const figure = (ms: number): string => (ms < 10 ? ms.toFixed(2) : ms.toFixed(0)).padStart(8);

/** Rounds before those that count: a server that has been up for a while is what is measured. */
const WARM_UP = 3;

/** One row after the other; the servers take turns. */
export async function compare(title: string, servers: readonly ReadServer[], rows: readonly Row[]): Promise<void> {
  const baseline = servers.find(({ name }) => name === 'Dovecot');
  say(`${title}; ms, median of ${ROUNDS}${baseline ? ', and how many times as fast as Dovecot' : ''}:`);
  for (const { name, run } of rows) {
    const times = new Map<ReadServer, number[]>(servers.map((server) => [server, []]));
    for (let round = 1 - WARM_UP; round <= ROUNDS; round++) {
      for (const [server, taken] of times) {
        const ms = await run(server);
        if (round > 0) taken.push(ms);
      }
    }
    const base = median(times.get(baseline ?? (servers[0] as ReadServer)) ?? []);
    const cells = Array.from(times, ([server, taken]) => {
      const ms = median(taken);
      return `${server.name} ${figure(ms)}${baseline && server !== baseline ? ` (${(base / ms).toFixed(2)})` : ''}`;
    });
    say(`  ${name.padEnd(44)} ${cells.join('   ')}`);
  }
}
