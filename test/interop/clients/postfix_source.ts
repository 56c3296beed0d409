// Postfix's smtp-source against a receiver's host, in each state of it: what it says, and what has arrived.

import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { ListOf, Receiver, Summary } from '../../../server/http/contract/types.ts';
import { createTally } from '../tally.ts';

const HOST = 'mx1.sink.test';
const execute = promisify(execFile);

async function call<T>(method: string, path: string, body?: object): Promise<T> {
  const answer = await fetch(`http://127.0.0.1:${process.env['HTTP_PORT']}/v1${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  return (await answer.json()) as T;
}

const { hosts } = await call<Receiver>('PUT', '/receivers/sink.test', { hosts: [{ name: HOST }] });
const port = hosts[0]?.port ?? 0;

/** What it says where it fails. */
async function source(args: string): Promise<string> {
  const from = ['-M', 'client.test', '-f', 'app@client.test', '-t', 'jo@sink.test'];
  try {
    await execute('smtp-source', [...from, ...args.split(' ').filter(Boolean), `127.0.0.1:${port}`], { timeout: 30_000 });
    return 'sent';
  } catch (error) {
    return String((error as { stderr?: string }).stderr)
      .replace('smtp-source: fatal: ', '')
      .trim();
  }
}

const arrived = async (): Promise<number> => (await call<ListOf<Summary>>('GET', '/messages')).total ?? 0;

/** Arguments or the host's state; what it says; how many messages come of it. */
const ROWS: readonly (readonly [args: string, state: string, said: string, more: number])[] = [
  ['-s 4 -m 200 -l 5000 -r 2', 'up', 'sent', 200],
  ['-d -s 2 -m 50', 'up', 'sent', 50],
  ['-N -r 3 -m 5', 'up', 'sent', 5],
  ['-l 5000000', 'up', 'sent', 1],
  ['-o', 'up', 'sender rejected: 503 5.5.1 Send EHLO or HELO first', 0],
  ['', 'busy', 'rejected at server banner: 421 4.3.2 Service not available, closing transmission channel', 0],
  ['', 'greylisting', 'recipient rejected: 450 4.2.0 Greylisted, try again in 300 s', 0],
  ['', 'full', 'recipient rejected: 452 4.2.2 The recipient is over quota', 0],
  ['', 'reject', 'recipient rejected: 550 5.7.1 Message refused by policy', 0],
  ['', 'down', 'connect: Connection refused', 0],
  ['', 'up', 'sent', 1],
];

const tally = createTally();
for (const [args, state, said, more] of ROWS) {
  await call('PATCH', `/hosts/${HOST}`, { state });
  const before = await arrived();
  tally.equal(`${state} ${args}`, [await source(args), (await arrived()) - before], [said, more]);
}
const { items } = await call<ListOf<Summary>>('GET', '/messages?limit=300');
tally.equal(
  'each is of the host',
  items.every(({ host }) => host === HOST),
  true,
);
tally.report('postfix_source');
