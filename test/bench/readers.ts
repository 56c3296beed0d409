// The servers that are read from: Mailrig in memory and in a folder, and Dovecot beside it with a configuration of its own.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startDovecot } from './dovecot.ts';
import type { ReadServer } from './dovecot.ts';
import { median, startRig } from './rig.ts';
import { Wire } from './wire.ts';

export const say = (text: string): void => void process.stdout.write(`${text}\n`);

const FLAGS = ['--log-level', 'silent', '--max-messages', '0', '--max-size', '4gb', '--trace-headers', 'false'];

async function startInMemory(): Promise<ReadServer> {
  const { ports, stop } = await startRig(FLAGS);
  return { name: 'in memory', imap: ports.imap, pop3: ports.pop3, stop };
}

async function startKeeping(): Promise<ReadServer> {
  const folder = await mkdtemp(join(tmpdir(), 'mailrig-bench-'));
  const rig = await startRig([...FLAGS, '--data', folder]);
  const stop = (): Promise<void> => rig.stop().then(() => rm(folder, { recursive: true }));
  return { name: '--data', imap: rig.ports.imap, pop3: rig.ports.pop3, stop };
}

/** Dovecot first, if it is here. */
export async function startReaders(): Promise<readonly ReadServer[]> {
  const dovecot = await startDovecot();
  if (!dovecot)
    say('Dovecot is not measured: it is not on this machine, or this is not root (Debian: apt-get install dovecot-imapd dovecot-pop3d)');
  return [...(dovecot ? [dovecot] : []), await startInMemory(), await startKeeping()];
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

/** Appends messages, a hundred in flight. */
export async function fill(port: number, user: string, count: number, octets?: number): Promise<void> {
  const wire = await Wire.connect(port);
  await wire.imap(`LOGIN ${user} x`);
  for (let at = 0; at < count; at += 100) {
    const pieces: Buffer[] = [];
    const here = Math.min(100, count - at);
    for (let i = 0; i < here; i++) {
      const raw = message(at + i, octets);
      pieces.push(Buffer.from(`zf APPEND INBOX {${raw.length}+}\r\n`), raw, Buffer.from('\r\n'));
    }
    await wire.say(Buffer.concat(pieces), 'zf OK', here);
  }
  wire.close();
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

const ROUNDS = Number(process.env['ROUNDS'] ?? 5);
const figure = (ms: number): string => (ms < 10 ? ms.toFixed(2) : ms.toFixed(0)).padStart(8);

/** One row after the other; the servers take turns. The first round only warms up. */
export async function compare(title: string, servers: readonly ReadServer[], rows: readonly Row[]): Promise<void> {
  const baseline = servers.find(({ name }) => name === 'Dovecot');
  say(`${title}; ms, median of ${ROUNDS}${baseline ? ', and how many times as fast as Dovecot' : ''}:`);
  for (const { name, run } of rows) {
    const times = new Map<ReadServer, number[]>(servers.map((server) => [server, []]));
    for (let round = 0; round <= ROUNDS; round++) {
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
