// Real POP3 clients read what a real SMTP client has sent.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Pop3 from 'node-pop3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mailrig } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';
import type { ListOf, MessageDetail, Summary } from '../../server/http/contract/types.ts';
import { ODD, send, simple } from './odd-mail.ts';
import { python, run, runnable } from './programs.ts';
import type { Needing } from './programs.ts';

const PASSWORD = 'se cret';
let rig: Mailrig;
let folder: string;
let ca: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailrig-pop3-'));
  const users = join(folder, 'users.txt');
  const names = ['*', 'jo', 'ann', 'bo', 'cy', 'di'].map((name) => (name === '*' ? name : `${name}@shop.test`));
  await writeFile(users, names.map((name) => `${name}:${PASSWORD}\n`).join(''));
  rig = createMailrig({ users });
  await rig.start();
  ca = join(folder, 'ca.pem');
  await writeFile(ca, await (await fetch(new URL('/v1/ca.pem', rig.url))).text());
  for (const to of ['jo@shop.test', 'ann@shop.test']) await send(rig, to, ODD);
});

afterAll(async () => {
  await rig.stop();
  await rm(folder, { recursive: true });
});

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(new URL(`/v1${path}`, rig.url))).json()) as T;
}

async function newest(recipient: string): Promise<MessageDetail> {
  const list = await get<ListOf<Summary>>(`/messages?q=${encodeURIComponent(`rcpt:${recipient}`)}`);
  return get<MessageDetail>(`/messages/${list.items[0]?.id}`);
}

interface Reading {
  readonly port: number;
  readonly tlsPort: number;
  readonly user: string;
}

interface Reader extends Needing {
  /** The first message of the maildrop, octet by octet. */
  readonly read: (reading: Reading) => Promise<Buffer>;
}

const POPLIB = `
import poplib, ssl, sys
port, user, password, ca, way = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4], sys.argv[5]
context = ssl.create_default_context(cafile=ca)
if way == 'implicit':
    client = poplib.POP3_SSL('localhost', port, context=context, timeout=20)
else:
    client = poplib.POP3('localhost', port, timeout=20)
if way == 'stls':
    client.stls(context)
    assert 'STLS' not in client.capa()
if way == 'apop':
    client.apop(user, password)
else:
    client.utf8() if way == 'utf8' else None
    client.user(user)
    client.pass_(password)
count, size = client.stat()
assert count == 1 and client.list(1).split()[2] == str(size).encode()
lines = client.retr(1)[1]
assert sum(len(line) + 2 for line in lines) == size
top = client.top(1, 1)[1]
assert lines[:len(top)] == top and top[-1] == b'.'
client.quit()
sys.stdout.buffer.write(b''.join(line + b'\\r\\n' for line in lines))
`;

const withPoplib =
  (way: string): Reader['read'] =>
  ({ port, tlsPort, user }) =>
    python(POPLIB, way === 'implicit' ? tlsPort : port, user, PASSWORD, ca, way);

/** It does not undo doubled dots. */
const undotted = (octets: Buffer): Buffer => Buffer.from(octets.toString('latin1').replace(/^\.\./gm, '.'), 'latin1');

async function withNodePop3(config: { port: number; user: string; tls?: boolean }): Promise<Buffer> {
  const client = new Pop3({ host: 'localhost', password: PASSWORD, tlsOptions: { ca: await readFile(ca) }, ...config });
  const [[number = ''] = []] = (await client.UIDL()) as string[][];
  const text = await client.RETR(Number(number));
  await client.QUIT();
  return undotted(Buffer.from(`${text}\r\n`));
}

const withCurl = (url: string, user: string, ...more: readonly string[]): Promise<Buffer> =>
  run('curl', ['-sS', '--max-time', '20', '--cacert', ca, '-u', `${user}:${PASSWORD}`, ...more, url]);

const READERS: readonly Reader[] = [
  ...['plain', 'utf8', 'apop', 'stls', 'implicit'].map((way) => ({
    name: `Python's poplib, ${way}`,
    command: 'python3',
    read: withPoplib(way),
  })),
  { name: 'node-pop3', command: null, read: ({ port, user }) => withNodePop3({ port, user }) },
  { name: 'node-pop3, implicit TLS', command: null, read: ({ tlsPort: port, user }) => withNodePop3({ port, user, tls: true }) },
  { name: 'curl', command: 'curl', read: ({ port, user }) => withCurl(`pop3://localhost:${port}/1`, user) },
  { name: 'curl, STLS', command: 'curl', read: ({ port, user }) => withCurl(`pop3://localhost:${port}/1`, user, '--ssl-reqd') },
  { name: 'curl, implicit TLS', command: 'curl', read: ({ tlsPort, user }) => withCurl(`pop3s://localhost:${tlsPort}/1`, user) },
  ...['PLAIN', 'LOGIN', 'CRAM-MD5', '+APOP'].map((mechanism) => ({
    name: `curl, AUTH ${mechanism}`,
    command: 'curl',
    read: ({ port, user }: Reading) => withCurl(`pop3://localhost:${port}/1`, user, '--login-options', `AUTH=${mechanism}`),
  })),
];

describe('every client gets the octets that were sent, after the lines of their delivery', () => {
  it.each(runnable(READERS).map((reader) => [reader.name, reader] as const))('%s', async (_, { read }) => {
    const octets = await read({ port: rig.ports.pop3 ?? 0, tlsPort: rig.ports.pop3s ?? 0, user: 'jo@shop.test' });
    const trace = octets.subarray(0, octets.length - ODD.length).toString();
    expect(trace).toMatch(/^Return-Path: <app@client\.test>\r\nDelivered-To: jo@shop\.test\r\nReceived: [^\0]*\r\n$/);
    expect(octets.subarray(trace.length).toString()).toBe(ODD.toString());
  });
});

describe('what a client does is seen elsewhere', () => {
  const client = (user: string): Pop3 => new Pop3({ host: '127.0.0.1', port: rig.ports.pop3 ?? 0, user, password: PASSWORD });

  it('who has fetched a message, and who has removed it', async () => {
    await send(rig, 'bo@shop.test', simple('for bo'));
    const bo = client('bo@shop.test');
    await bo.RETR(1);
    await expect.poll(async () => (await newest('bo@shop.test')).deliveries[0]).toMatchObject({ seen: 'pop3', removed: null });
    await bo.DELE(1);
    await bo.QUIT();
    expect((await newest('bo@shop.test')).deliveries[0]).toMatchObject({ removed: 'pop3' });
    const again = client('bo@shop.test');
    expect(await again.UIDL()).toEqual([]);
    await again.QUIT();
  });

  it('nothing is removed by a client that goes without a word', async () => {
    await send(rig, 'cy@shop.test', simple('for cy'));
    await python(
      `
import poplib, sys
client = poplib.POP3('127.0.0.1', int(sys.argv[1]), timeout=20)
client.user(sys.argv[2]); client.pass_(sys.argv[3]); client.dele(1); client.close()
`,
      rig.ports.pop3 ?? 0,
      'cy@shop.test',
      PASSWORD,
    );
    const cy = client('cy@shop.test');
    expect(await cy.UIDL()).toHaveLength(1);
    await cy.QUIT();
  });

  it('a wrong password is told as such', async () => {
    const wrong = new Pop3({ host: '127.0.0.1', port: rig.ports.pop3 ?? 0, user: 'di@shop.test', password: 'secret' });
    await expect(wrong.UIDL()).rejects.toThrow('[AUTH] Invalid user name or password');
  });

  it('whoever empties the maildrop of all keeps the messages in its trash', async () => {
    await send(rig, 'di@shop.test', simple('for di'));
    const { id } = await newest('di@shop.test');
    const all = client('*');
    const count = (await all.UIDL()).length;
    for (let number = 1; number <= count; number++) await all.DELE(number);
    await all.QUIT();
    expect(await get<MessageDetail>(`/messages/${id}`)).toMatchObject({ subject: 'for di', deliveries: [{ removed: null }] });
    const { items } = await get<ListOf<{ name: string; messages: number }>>('/accounts/*/mailboxes');
    expect(items.find(({ name }) => name === 'Trash')).toMatchObject({ messages: count });
  });
});
