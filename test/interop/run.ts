// Runs every client script of test/interop/clients against a Mailrig of its own, where anybody may log in and where only some may.
// Run: npm run test:interop [name …].

import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MailrigOptions, MailrigPorts } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';
import { runnable } from '../flows/programs.ts';
import type { Client } from './packages.ts';
import { CLIENTS, install } from './packages.ts';

const FOLDER = new URL('./clients/', import.meta.url).pathname;

/** What runs a script. */
const RUNNERS: Readonly<Record<string, string>> = { '.sh': 'bash', '.py': 'python3', '.ts': 'node_modules/.bin/tsx' };

/** A client may take that long, ms. */
const TIMEOUT = 180_000;

const FIRST = 'dev@sandbox.test';
const SECOND = 'second@sandbox.test';
const PASSWORD = 'dev';

interface Round {
  readonly name: string;
  readonly options: (folder: string) => MailrigOptions;
  /** What a script is told of it. */
  readonly told: Readonly<Record<string, string>>;
}

const ROUNDS: readonly Round[] = [
  { name: 'anybody', options: () => ({}), told: { ACCEPT_ANY: '1' } },
  {
    name: 'listed',
    options: (folder) => {
      const users = join(folder, 'users');
      writeFileSync(users, `${FIRST}:${PASSWORD}\n${SECOND}:${PASSWORD}\n`);
      return { users };
    },
    told: {},
  },
];

function environment(ports: MailrigPorts, told: Round['told']): NodeJS.ProcessEnv {
  const numbers: Record<string, string> = {};
  for (const [name, port] of Object.entries(ports as Readonly<Record<string, number | null>>))
    if (port !== null) numbers[`${name.toUpperCase()}_PORT`] = String(port);
  const names = { MAIL_USER: FIRST, MAIL_RCPT: FIRST, MAIL_PASS: PASSWORD, MAIL_USER2: SECOND, MAIL_PASS2: PASSWORD };
  return { ...process.env, ...numbers, ...names, TLS: '1', OAUTH: '1', ...told };
}

/** A script ends with a line of counts: `curl: 40 passed, 0 failed`. */
const COUNTS = /(\d+) passed, (\d+) failed/;

interface Outcome {
  readonly passed: number;
  readonly failed: number;
  readonly said: string;
}

function play(script: string, env: NodeJS.ProcessEnv): Promise<Outcome> {
  const [ending = ''] = /\.[a-z]+$/.exec(script) ?? [];
  const child = spawn(RUNNERS[ending] ?? '', [join(FOLDER, script)], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const timer = setTimeout(() => child.kill(), TIMEOUT);
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
  return new Promise((resolve) => {
    const end = (error: string): void => {
      clearTimeout(timer);
      const [, passed, failed] = COUNTS.exec(said) ?? [];
      // One that does not come to its counts has failed once more.
      const broken = passed === undefined ? 1 : 0;
      resolve({ passed: Number(passed ?? 0), failed: Number(failed ?? 0) + broken, said: said + error });
    };
    child.once('error', (error) => end(error.message));
    child.once('close', (code) => end(code === null ? 'it was ended, since it took too long\n' : ''));
  });
}

/** Each has a store of its own: what one leaves behind is not for the next to find. */
async function playAlone(script: string, { options, told }: Round): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'mailrig-interop-'));
  const rig = createMailrig({ maxMessages: 0, logLevel: 'warn', ...options(folder) });
  try {
    await rig.start();
    return await play(script, environment(rig.ports, told));
  } finally {
    await rig.stop();
    rmSync(folder, { recursive: true });
  }
}

function scriptOf({ name }: Client): string {
  const script = readdirSync(FOLDER).find((file) => file.replace(/\.[a-z]+$/, '') === name);
  if (script === undefined) throw new Error(`no script for ${name}`);
  return script;
}

async function run(wanted: readonly string[]): Promise<void> {
  const chosen = wanted.length === 0 ? CLIENTS : CLIENTS.filter(({ name }) => wanted.includes(name));
  if (chosen.length === 0) throw new Error(`no client of that name; there are: ${CLIENTS.map(({ name }) => name).join(', ')}`);
  install(chosen);
  const total = { passed: 0, failed: 0 };
  for (const client of runnable(chosen)) {
    for (const round of client.asks === 'nobody' ? ROUNDS.slice(0, 1) : ROUNDS) {
      const { passed, failed, said } = await playAlone(scriptOf(client), round);
      total.passed += passed;
      total.failed += failed;
      console.log(`${client.name}${client.asks === 'nobody' ? '' : `, ${round.name}`}: ${passed} passed, ${failed} failed`);
      if (failed > 0) console.log(said.replace(/^/gm, '    '));
    }
  }
  console.log(`${total.passed} passed, ${total.failed} failed`);
  if (total.failed > 0) process.exitCode = 1;
}

await run(process.argv.slice(2));
