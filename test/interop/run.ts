// Runs every client script of test/interop/clients against a Mailrig of its own. Run: npm run test:interop [name …].

import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { createMailrig } from '../../server/app.ts';
import type { Mailrig } from '../../server/app.ts';
import { runnable } from '../flows/programs.ts';

const FOLDER = new URL('./clients/', import.meta.url).pathname;

/** What runs a script; other files of the folder are read by scripts. */
const RUNNERS: Readonly<Record<string, string>> = { '.sh': 'bash', '.py': 'python3', '.ts': 'node_modules/.bin/tsx' };

/** Files that are no client. */
const PARTS = new Set(['env.sh', 'seed.py']);

/** The program that a script runs, where it is not named after it. */
const PROGRAMS: Readonly<Record<string, string>> = { python_std: 'python3', python_email: 'python3' };

/** A client may take that long, ms. */
const TIMEOUT = 180_000;

const extensionOf = (name: string): string => /\.[a-z]+$/.exec(name)?.[0] ?? '';

const scripts = (): string[] => readdirSync(FOLDER).filter((name) => !PARTS.has(name) && extensionOf(name) in RUNNERS);

const nameOf = (script: string): string => script.replace(/\.[a-z]+$/, '');

/** A script ends with a line of counts: `curl: 40 passed, 0 failed`. */
const COUNTS = /(\d+) passed, (\d+) failed/;

interface Outcome {
  readonly name: string;
  readonly passed: number;
  readonly failed: number;
  readonly said: string;
}

function play(script: string, { ports }: Mailrig): Promise<Outcome> {
  const env = {
    ...process.env,
    SMTP_PORT: String(ports.smtp),
    IMAP_PORT: String(ports.imap),
    POP3_PORT: String(ports.pop3),
    SMTPS_PORT: String(ports.smtps),
    IMAPS_PORT: String(ports.imaps),
    POP3S_PORT: String(ports.pop3s),
    TLS: '1',
    ACCEPT_ANY: '1',
    OAUTH: '1',
    MODULES: process.cwd(),
  };
  const child = spawn(RUNNERS[extensionOf(script)] ?? '', [join(FOLDER, script)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill(), TIMEOUT);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => {
    const end = (error: string): void => {
      clearTimeout(timer);
      const [, passed, failed] = COUNTS.exec(said) ?? [];
      // One that does not come to its counts has failed once more.
      const broken = passed === undefined ? 1 : 0;
      resolve({ name: nameOf(script), passed: Number(passed ?? 0), failed: Number(failed ?? 0) + broken, said: said + error });
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code) => end(code === null ? 'it was ended, since it took too long\n' : ''));
  });
}

async function run(wanted: readonly string[]): Promise<void> {
  const all = scripts();
  const chosen = wanted.length === 0 ? all : all.filter((script) => wanted.includes(nameOf(script)));
  if (chosen.length === 0) throw new Error(`no client of that name; there are: ${all.map(nameOf).join(', ') || 'none'}`);
  const total = { passed: 0, failed: 0 };
  for (const { script } of runnable(
    chosen.map((one) => ({ name: nameOf(one), script: one, command: PROGRAMS[nameOf(one)] ?? nameOf(one) })),
  )) {
    // Each has a store of its own: what one leaves behind is not for the next to find.
    const rig = createMailrig({ maxMessages: 0, logLevel: 'warn' });
    await rig.start();
    const { name, passed, failed, said } = await play(script, rig);
    await rig.stop();
    total.passed += passed;
    total.failed += failed;
    console.log(`${name}: ${passed} passed, ${failed} failed`);
    if (failed > 0) console.log(said.replace(/^/gm, '    '));
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode = 1;
}

await run(process.argv.slice(2));
