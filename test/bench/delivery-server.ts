// The built server in a process of its own that tells what it uses, and whoever sends to it, for measuring deliveries.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { createConnection } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { MailrigOptions, createMailrig as Create } from '../../server/app.ts';
import type { Receiver, ReceiverRule } from '../../server/http/contract/types.ts';
import { api } from '../crash/api.ts';

interface Told {
  readonly smtp: number;
  readonly http: number;
  readonly cpu: number;
  readonly heap: number;
}

export interface BenchServer extends AsyncDisposable {
  readonly smtp: number;
  readonly http: number;
  /** ms of processor time. */
  cpu(): Promise<number>;
  /** Octets, after what is garbage has gone. */
  heap(): Promise<number>;
}

const APP = new URL('../../dist/server/app.js', import.meta.url).href;
const CONNECTIONS = 8;

async function serve(options: MailrigOptions): Promise<void> {
  const { createMailrig } = (await import(APP)) as { createMailrig: typeof Create };
  const rig = createMailrig({ logLevel: 'error', ...options });
  await rig.start();
  const tell = (asked: unknown): void => {
    const { user, system } = process.cpuUsage();
    if (asked === 'heap') (globalThis as { gc?: () => void }).gc?.();
    const { heapUsed, external } = process.memoryUsage();
    process.send?.({ smtp: rig.ports.smtp ?? 0, http: rig.ports.http ?? 0, cpu: (user + system) / 1000, heap: heapUsed + external });
  };
  process.on('message', (asked) => (asked === 'stop' ? void rig.stop().then(() => process.disconnect()) : tell(asked)));
  // Nobody is left to ask.
  process.on('disconnect', () => process.exit());
  tell('');
}

/** `PROFILE=folder` leaves a profile of its processor time there. */
export async function startServer(options: MailrigOptions = {}): Promise<BenchServer> {
  const profile = process.env['PROFILE'];
  const execArgv = ['--expose-gc', '--import', 'tsx', ...(profile === undefined ? [] : ['--cpu-prof', '--cpu-prof-dir', profile])];
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify({ maxMessages: 0, receiverPort: 0, ...options })], { execArgv });
  const ended = new AbortController();
  child.once('exit', () => ended.abort(new Error('the server ended')));
  const told = async (): Promise<Told> => {
    const [answer] = (await once(child, 'message', { signal: ended.signal })) as [Told];
    return answer;
  };
  const ask = (what: 'cpu' | 'heap'): Promise<Told> => {
    child.send(what);
    return told();
  };
  const { smtp, http } = await told();
  return {
    smtp,
    http,
    cpu: async () => (await ask('cpu')).cpu,
    heap: async () => (await ask('heap')).heap,
    async [Symbol.asyncDispose]() {
      child.send('stop');
      await once(child, 'exit');
    },
  };
}

export async function declare(server: BenchServer, domain: string, { hosts, ...rest }: ReceiverRule): Promise<void> {
  await api(server, 'PUT', `/receivers/${domain}`, { hosts, ...rest });
}

/** Resolves when nothing is on its way to this receiver. */
export async function delivered(server: BenchServer, domain: string): Promise<void> {
  while ((await api<Receiver>(server, 'GET', `/receivers/${domain}`)).waiting > 0) await wait(50);
}

/** Sends `count` messages of 1 kB over some connections; `to` names the recipients of each. */
export async function sendMany({ smtp }: BenchServer, count: number, to: (n: number) => readonly string[]): Promise<void> {
  const text = `${'x'.repeat(70)}\r\n`.repeat(14);
  let n = 0;
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const socket = createConnection({ host: '127.0.0.1', port: smtp, noDelay: true });
      let rest = '';
      const next = (): void => {
        if (n >= count) return void socket.end('QUIT\r\n');
        const recipients = to(n).map((address) => `RCPT TO:<${address}>\r\n`);
        socket.write(`MAIL FROM:<bench@client.test>\r\n${recipients.join('')}DATA\r\nSubject: Number ${n++}\r\n\r\n${text}.\r\n`);
      };
      socket.on('error', reject);
      socket.on('close', () => resolve());
      socket.on('data', (chunk) => {
        const lines = (rest + chunk.toString('latin1')).split('\r\n');
        rest = lines.pop() ?? '';
        for (const line of lines) {
          if (/^[45]/.test(line)) reject(new Error(line));
          if (line.startsWith('220')) socket.write('EHLO bench.test\r\n');
          else if (line === '250 HELP' || line.includes('queued as')) next();
        }
      });
    });
  await Promise.all(Array.from({ length: CONNECTIONS }, one));
}

const [, file, options] = process.argv;
if (file === fileURLToPath(import.meta.url) && options !== undefined) await serve(JSON.parse(options) as MailrigOptions);
