// A hundred thousand messages in a folder: how quickly it is listed, searched and opened again, and what memory it takes.

import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Info } from '../../server/http/contract/types.ts';
import { english, seeded } from './english.ts';
import { percentile, startRig } from './rig.ts';
import type { RunningRig } from './rig.ts';

const CONNECTIONS = 8;
const REPEATS = 60;

/** Sends `texts` over one connection, each when the one before was accepted. */
function sendAll(port: number, messages: Iterator<string, void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    let text = '';
    const next = (): void => {
      const item = messages.next();
      if (item.done === true) socket.end('QUIT\r\n');
      else socket.write(`MAIL FROM:<bench@client.test>\r\nRCPT TO:<jo@shop.test>\r\nDATA\r\n${item.value}\r\n.\r\n`);
    };
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const lines = text.split('\r\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('220')) socket.write('EHLO bench.test\r\n');
        if (line === '250 HELP' || line.includes('queued as')) next();
      }
    });
  });
}

function* messages(count: number, size: number): Generator<string> {
  const words = english(seeded(1));
  for (let n = 0; n < count; n++) {
    const body = words(size - 150);
    yield `From: sender${n % 50}@client.test\r\nTo: jo@shop.test\r\nSubject: Number ${n} ${body.slice(0, 30).trim()}\r\n\r\n${body}`;
  }
}

const ask = async (rig: RunningRig, path: string): Promise<unknown> => (await fetch(`http://127.0.0.1:${rig.http}/v1${path}`)).json();

async function indexed(rig: RunningRig): Promise<void> {
  while (((await ask(rig, '/info')) as Info).index.pending > 0) await wait(200);
}

async function timed(rig: RunningRig, what: string, path: (n: number) => string): Promise<void> {
  const times: number[] = [];
  for (let n = 0; n < REPEATS; n++) {
    const started = performance.now();
    await ask(rig, path(n));
    times.push(performance.now() - started);
  }
  console.log(`  ${what}: p50 ${percentile(times, 0.5).toFixed(1)} ms, p95 ${percentile(times, 0.95).toFixed(1)} ms`);
}

export async function benchKeep(
  count = Number(process.env['COUNT'] ?? 100_000),
  size = Number(process.env['SIZE'] ?? 5000),
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'mailrig-keep-'));
  const flags = ['--data', folder, '--max-messages', '0', '--log-level', 'error'];
  let rig = await startRig(flags);
  const source = messages(count, size);
  let started = performance.now();
  await Promise.all(Array.from({ length: CONNECTIONS }, () => sendAll(rig.smtp, source)));
  console.log(`${count} messages of ${size} octets in a folder: in after ${((performance.now() - started) / 1000).toFixed(1)} s`);
  started = performance.now();
  await indexed(rig);
  console.log(`  indexed ${((performance.now() - started) / 1000).toFixed(1)} s later`);
  await timed(rig, 'list page', (n) => `/messages?offset=${n * 1000}&limit=50`);
  await timed(rig, 'from: and subject:', (n) => `/messages?q=${encodeURIComponent(`from:sender${n % 50}@ subject:"${n}"`)}`);
  await timed(rig, 'a number that one message has', (n) => `/messages?q=${encodeURIComponent(`"Number ${n * 997} "`)}`);
  await timed(rig, 'a word that none has', (n) => `/messages?q=nowhere${n}xq`);
  await timed(rig, 'a common word', () => '/messages?q=the');
  console.log(`  resident: ${((await rig.memory()) / 1e6).toFixed(0)} MB`);
  await rig.stop();
  rig = await startRig(flags);
  console.log(`  started again: listens after ${rig.startedIn.toFixed(0)} ms`);
  await indexed(rig);
  await timed(rig, 'a word that none has', (n) => `/messages?q=nowhere${n}xq`);
  console.log(`  resident: ${((await rig.memory()) / 1e6).toFixed(0)} MB`);
  await rig.stop();
  await rm(folder, { recursive: true });
}
