// 1,000 clients in IDLE on one mailbox of a whole server: prints what each costs it, and when all are told. Run: npx tsx test/hostile/idlers.ts

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createTransport } from 'nodemailer';
import { createMailrig } from '../../server/app.ts';
import { Client } from '../conversations/client.ts';

const CLIENTS = 1_000;
const KB = 1024;

interface Told {
  readonly ports: { smtp: number; imap: number };
  readonly memory: { rss: number; heapUsed: number; external: number };
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);

async function serve(): Promise<void> {
  const rig = createMailrig({ maxConnections: 0, logLevel: 'silent' });
  await rig.start();
  const tell = (): void => {
    (globalThis as { gc?: () => void }).gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    process.send?.({ ports: { smtp: rig.ports.smtp ?? 0, imap: rig.ports.imap ?? 0 }, memory: { rss, heapUsed, external } } satisfies Told);
  };
  process.on('message', tell);
  tell();
}

async function idler(port: number): Promise<Client> {
  const client = await Client.connect(port);
  client.send('a LOGIN jo@shop.test x\r\nb SELECT INBOX\r\nc IDLE\r\n');
  for (let line: string | null = ''; line !== '+ idling'; line = await client.line()) if (line === null) throw new Error('closed');
  return client;
}

async function measure(): Promise<void> {
  const server = fork(fileURLToPath(import.meta.url), ['serve'], { execArgv: ['--expose-gc', '--import', 'tsx'] });
  const told = async (): Promise<Told> => ((await once(server, 'message')) as [Told])[0];
  const ask = (): Promise<Told> => {
    server.send('memory');
    return told();
  };
  const { ports } = await told();
  const warm = await idler(ports.imap);
  const before = await ask();
  const clients = await Promise.all(Array.from({ length: CLIENTS }, () => idler(ports.imap)));
  const after = await ask();
  for (const kind of ['rss', 'heapUsed', 'external'] as const) {
    say(`${kind}: ${((after.memory[kind] - before.memory[kind]) / CLIENTS / KB).toFixed(1)} kB for each`);
  }
  const start = performance.now();
  await createTransport({ host: '127.0.0.1', port: ports.smtp, ignoreTLS: true }).sendMail({
    from: 'a@b.test',
    to: 'jo@shop.test',
    text: 'x',
  });
  await Promise.all([warm, ...clients].map((client) => client.line()));
  say(`all are told ${(performance.now() - start).toFixed(0)} ms after the message was begun`);
  for (const client of [warm, ...clients]) client.destroy();
  server.kill();
}

await (process.argv[2] === 'serve' ? serve() : measure());
