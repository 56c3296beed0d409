// Real IMAP clients read what a real SMTP client has sent, and hear of it at once.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import NodeImap from 'imap';
import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mailrig } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';
import type { ListOf, Summary } from '../../server/http/contract/types.ts';
import { ODD, send, simple } from './odd-mail.ts';
import { python, run, runnable } from './programs.ts';
import type { Needing } from './programs.ts';

let rig: Mailrig;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailrig-imap-'));
  rig = createMailrig();
  await rig.start();
  await writeFile(join(folder, 'ca.pem'), await (await fetch(new URL('/v1/ca.pem', rig.url))).text());
  await send(rig, 'jo@shop.test', ODD);
});

afterAll(async () => {
  await rig.stop();
  await rm(folder, { recursive: true });
});

const port = (): number => rig.ports.imap ?? 0;
const tlsPort = (): number => rig.ports.imaps ?? 0;
const ca = (): string => join(folder, 'ca.pem');

const newest = async (): Promise<Summary | undefined> =>
  ((await (await fetch(new URL('/v1/messages', rig.url))).json()) as ListOf<Summary>).items[0];

interface Reader extends Needing {
  /** The first message of the inbox, octet by octet. */
  readonly read: (user: string) => Promise<Buffer>;
}

const flow = (user: string, more: object = {}): ImapFlow =>
  new ImapFlow({ host: 'localhost', port: port(), secure: false, doSTARTTLS: false, auth: { user, pass: 'x' }, logger: false, ...more });

async function withImapflow(user: string, more: object = {}): Promise<Buffer> {
  const client = flow(user, more);
  await client.connect();
  await client.mailboxOpen('INBOX');
  const message = await client.fetchOne('1', { source: true, size: true });
  await client.logout();
  if (message === false || message.source === undefined) throw new Error('nothing was fetched');
  expect(message.size).toBe(message.source.length);
  return message.source;
}

function withNodeImap(user: string): Promise<Buffer> {
  const client = new NodeImap({ host: '127.0.0.1', port: port(), user, password: 'x' });
  return new Promise((resolve, reject) => {
    client.once('error', reject);
    client.once('ready', () =>
      client.openBox('INBOX', true, (failed) => {
        if (failed) return reject(failed);
        const pieces: Buffer[] = [];
        const fetching = client.seq.fetch('1', { bodies: '', struct: true, envelope: true });
        fetching.on('message', (message) => message.on('body', (body) => body.on('data', (piece: Buffer) => pieces.push(piece))));
        fetching.once('error', reject);
        fetching.once('end', () => {
          client.end();
          resolve(Buffer.concat(pieces));
        });
      }),
    );
    client.connect();
  });
}

const IMAPLIB = `
import imaplib, ssl, sys
port, user, ca, way = int(sys.argv[1]), sys.argv[2], sys.argv[3], sys.argv[4]
context = ssl.create_default_context(cafile=ca)
client = imaplib.IMAP4_SSL('localhost', port, ssl_context=context) if way == 'implicit' else imaplib.IMAP4('localhost', port)
if way == 'starttls':
    client.starttls(context)
if way == 'cram':
    client.login_cram_md5(user, 'x')
elif way == 'plain':
    client.authenticate('PLAIN', lambda _: ('\\0' + user + '\\0x').encode())
else:
    client.login(user, 'x')
assert client.select('INBOX', readonly=True)[0] == 'OK'
sys.stdout.buffer.write(client.fetch('1', '(BODY.PEEK[])')[1][0][1])
client.logout()
`;

const READERS: readonly Reader[] = [
  { name: 'imapflow', command: null, read: (user) => withImapflow(user) },
  { name: 'imapflow, compressed', command: null, read: (user) => withImapflow(user, { disableCompression: false }) },
  {
    name: 'imapflow, STARTTLS',
    command: null,
    read: (user) => withImapflow(user, { doSTARTTLS: true, tls: { rejectUnauthorized: false } }),
  },
  {
    name: 'imapflow, implicit TLS',
    command: null,
    read: (user) => withImapflow(user, { port: tlsPort(), secure: true, tls: { rejectUnauthorized: false } }),
  },
  { name: 'node-imap', command: null, read: withNodeImap },
  ...['login', 'plain', 'cram', 'starttls', 'implicit'].map((way) => ({
    name: `Python's imaplib, ${way}`,
    command: 'python3',
    read: (user: string) => python(IMAPLIB, way === 'implicit' ? tlsPort() : port(), user, ca(), way),
  })),
  {
    name: 'curl',
    command: 'curl',
    read: (user) => run('curl', ['-sS', '--max-time', '20', '-u', `${user}:x`, `imap://127.0.0.1:${port()}/INBOX;MAILINDEX=1`]),
  },
  {
    name: 'curl, STARTTLS',
    command: 'curl',
    read: (user) => run('curl', ['-sS', '--cacert', ca(), '--ssl-reqd', '-u', `${user}:x`, `imap://localhost:${port()}/INBOX;MAILINDEX=1`]),
  },
];

describe('every client gets the octets that were sent', () => {
  const readers = runnable(READERS).map((reader) => [reader.name, reader] as const);

  it.each(readers)('%s, from the inbox of all', async (_, { read }) => {
    expect((await read('*')).toString()).toBe(ODD.toString());
  });

  it.each(readers)('%s, after the lines of their delivery', async (_, { read }) => {
    const octets = (await read('jo@shop.test')).toString();
    expect(octets).toMatch(/^Return-Path: <app@client\.test>\r\nDelivered-To: jo@shop\.test\r\nReceived: /);
    expect(octets.endsWith(ODD.toString())).toBe(true);
  });
});

/** What a client is told while it waits. */
async function listening(user: string): Promise<{ client: ImapFlow; told: string[] }> {
  const client = flow(user);
  const told: string[] = [];
  client.on('exists', ({ count }: { count: number }) => told.push(`exists ${count}`));
  client.on('expunge', () => told.push('expunge'));
  client.on('flags', ({ flags }: { flags: Set<string> }) =>
    told.push(`flags ${[...flags].filter((flag) => flag !== '\\Recent').join(' ')}`),
  );
  await client.connect();
  await client.mailboxOpen('INBOX');
  void client.idle();
  await expect.poll(() => client.idling).toBe(true);
  return { client, told };
}

describe('a client that waits', () => {
  it('is told of a message that comes, of a flag and of a removal, in the order in which they happen', async () => {
    const { client, told } = await listening('idle@shop.test');
    await send(rig, 'idle@shop.test', simple('one'));
    await expect.poll(() => told).toEqual(['exists 1']);

    const other = flow('idle@shop.test');
    await other.connect();
    await other.mailboxOpen('INBOX');
    await other.messageFlagsAdd('1', ['\\Flagged', 'later']);
    await expect.poll(() => told.at(-1)).toBe('flags \\Flagged later');
    await other.messageDelete('1');
    await expect.poll(() => told.at(-1)).toBe('expunge');
    await other.logout();
    await client.logout();
  });

  it('sees in the inbox of all what the page marks, and the page sees what it marks', async () => {
    await send(rig, 'marks@shop.test', simple('marks'));
    const { client, told } = await listening('*');
    const message = await newest();
    const marked = await fetch(new URL('/v1/messages', rig.url), {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ids: [message?.id], set: { read: true } }),
    });
    expect(marked.status).toBe(200);
    await expect.poll(() => told.at(-1)).toBe('flags \\Seen');
    await client.messageFlagsAdd('*', ['\\Flagged']);
    expect(await newest()).toMatchObject({ read: true, starred: true });
    await client.messageFlagsRemove('*', ['\\Seen']);
    expect(await newest()).toMatchObject({ read: false, starred: true });
    await client.logout();
  });
});

describe('imapflow', () => {
  it('keeps folders, appends, copies, moves and searches', async () => {
    const client = flow('folders@shop.test');
    await client.connect();
    await client.mailboxCreate('Rechnungen/März & co');
    const appended = await client.append('Rechnungen/März & co', simple('bill'), ['\\Seen', 'paid'], new Date('2026-11-24T12:00:00Z'));
    expect(appended).toMatchObject({ uid: 1 });
    await client.mailboxOpen('Rechnungen/März & co');
    expect(await client.search({ keyword: 'paid', header: { subject: 'bill' } }, { uid: true })).toEqual([1]);
    await client.messageCopy('1', 'INBOX');
    await client.messageMove('1', 'Trash');
    expect(await client.status('Rechnungen/März & co', { messages: true })).toMatchObject({ messages: 0 });
    expect(await client.status('Trash', { messages: true, unseen: true })).toMatchObject({ messages: 1, unseen: 0 });
    await client.mailboxOpen('INBOX');
    const copy = await client.fetchOne('1', { source: true, flags: true, internalDate: true, envelope: true });
    expect(copy).toMatchObject({ envelope: { subject: 'bill' }, internalDate: new Date('2026-11-24T12:00:00Z') });
    expect(copy !== false && copy.source?.toString()).toBe(simple('bill'));
    const listed = await client.list();
    expect(listed.map(({ path }) => path)).toContain('Rechnungen/März & co');
    expect(listed.find(({ path }) => path === 'Trash')).toMatchObject({ specialUse: '\\Trash' });
    await client.logout();
  });

  it('fetches only what has changed since', async () => {
    for (const subject of ['a', 'b', 'c']) await send(rig, 'since@shop.test', simple(subject));
    const client = flow('since@shop.test', { qresync: true });
    await client.connect();
    const { highestModseq } = await client.mailboxOpen('INBOX');
    await client.messageFlagsAdd('2', ['\\Answered']);
    const changed = [];
    for await (const { uid } of client.fetch('1:*', { flags: true }, { changedSince: highestModseq ?? 0n })) changed.push(uid);
    expect(changed).toEqual([2]);
    await client.logout();
  });
});
