// What an attacker sends to an IMAP server, and clients that do not read what they have asked for.

import { describe, expect, it } from 'vitest';
import { Client } from '../conversations/client.ts';
import { startImap } from '../conversations/imap-server.ts';
import type { ImapServer } from '../conversations/imap-server.ts';
import { deaf, MB } from './readers.ts';

const OPEN = 'o1 LOGIN jo@shop.test x\r\no2 SELECT INBOX\r\n';

async function answered(client: Client, tag: string): Promise<string | null> {
  for (;;) {
    const line = await client.line();
    if (line === null || line.startsWith(`${tag} `)) return line;
  }
}

async function open(server: ImapServer, said = OPEN): Promise<Client> {
  const client = await Client.connect(server.port);
  client.send(said);
  expect(await answered(client, 'o2')).toMatch(/^o2 OK/);
  return client;
}

async function works(server: ImapServer): Promise<void> {
  const client = await open(server);
  client.send('w FETCH 1:* FLAGS\r\n');
  expect(await answered(client, 'w')).toMatch(/^w /);
  client.destroy();
}

describe('nesting without measure', () => {
  const DEPTH = 10_000;
  const NESTED: readonly (readonly [title: string, command: string])[] = [
    ['lists in SEARCH', `SEARCH ${'('.repeat(DEPTH)}ALL${')'.repeat(DEPTH)}`],
    ['NOT in SEARCH', `SEARCH ${'NOT '.repeat(DEPTH)}ALL`],
    ['OR in SEARCH', `SEARCH ${'OR ALL '.repeat(DEPTH / 2)}ALL`],
    ['lists in FETCH', `FETCH 1 ${'('.repeat(DEPTH)}FLAGS${')'.repeat(DEPTH)}`],
    ['lists in ID', `ID ${'('.repeat(DEPTH)}`],
    ['lists in LIST', `LIST ${'('.repeat(DEPTH)} "" *`],
    ['lists in STORE', `STORE 1 FLAGS ${'('.repeat(DEPTH)}k${')'.repeat(DEPTH)}`],
    ['lists in APPEND', `APPEND INBOX ${'('.repeat(DEPTH)}`],
    ['lists in SELECT', `SELECT INBOX ${'('.repeat(DEPTH)}`],
    ['lists in SORT', `SORT ${'('.repeat(DEPTH)}DATE`],
    ['header lists in FETCH', `FETCH 1 BODY[HEADER.FIELDS ${'('.repeat(DEPTH)}`],
    ['section numbers', `FETCH 1 BODY[${'1.'.repeat(DEPTH)}1]`],
    ['ranges', `FETCH ${'1,'.repeat(DEPTH)}1 FLAGS`],
  ];

  it.each(NESTED)('of %s is answered', async (_, command) => {
    await using server = await startImap();
    await server.sample.send();
    const client = await open(server);
    client.send(`n ${command}\r\nm NOOP\r\n`);
    expect(await answered(client, 'n')).toMatch(/^n (OK|NO|BAD)/);
    expect(await answered(client, 'm')).toMatch(/^m OK/);
    expect(server.errors).toEqual([]);
    client.destroy();
  });

  it('of MIME parts is answered', async () => {
    await using server = await startImap();
    const parts = Array.from({ length: 2_000 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\r\n\r\n--b${i}`).join('\r\n');
    await server.sample.send({ header: { 'X-Nested': 'yes' }, text: '' });
    await server.sample.send({
      header: { 'Content-Type': 'multipart/mixed; boundary=b' },
      text: `--b\r\n${parts}\r\n\r\nend`,
    });
    const client = await open(server);
    client.send('n FETCH 1:2 (BODYSTRUCTURE BODY ENVELOPE BODY.PEEK[1.1.1.MIME])\r\n');
    expect(await answered(client, 'n')).toMatch(/^n OK/);
    expect(server.errors).toEqual([]);
    client.destroy();
  });
});

describe('literals', () => {
  const ANNOUNCED: readonly (readonly [title: string, command: string, answer: RegExp])[] = [
    ['4 GB, waiting', 'l LOGIN {4294967296}', /^l (NO|BAD)/],
    ['more than a number holds, waiting', 'l LOGIN {99999999999999999999}', /^l (NO|BAD)/],
    ['4 GB of a message, waiting', 'l APPEND INBOX {4294967296}', /^l (NO|BAD)/],
    ['more than there may be, waiting', 'l APPEND INBOX {2000000}', /^l NO \[TOOBIG\]/],
  ];

  it.each(ANNOUNCED)('of %s are refused before they are sent', async (_, command, answer) => {
    await using server = await startImap();
    const client = await open(server);
    const before = process.memoryUsage().arrayBuffers;
    client.send(`${command}\r\n`);
    expect(await answered(client, 'l')).toMatch(answer);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(MB);
    client.send('m NOOP\r\n');
    expect(await answered(client, 'm')).toMatch(/^m OK/);
    client.destroy();
  });

  const UNASKED = [
    'l APPEND INBOX {4294967296+}',
    'l APPEND INBOX ~{4294967296+}',
    'l SEARCH SUBJECT {4294967296+}',
    'l XYZ {4294967296+}',
  ];

  it.each(UNASKED)('of 4 GB that come unasked cost no memory: %s', async (command) => {
    await using server = await startImap();
    const client = await open(server);
    client.send(`${command}\r\n`);
    const chunk = Buffer.alloc(MB, 'x');
    const before = process.memoryUsage().rss;
    let most = 0;
    for (let i = 0; i < 256 && client.socket.writable; i++) {
      await new Promise((sent) => client.socket.write(chunk, sent));
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(most).toBeLessThan(128 * MB);
    expect(server.inflight()).toBe(0);
    client.destroy();
    await works(server);
  });
});

describe('clients that do not read', () => {
  it('cost the server no memory, however much they ask for', async () => {
    await using server = await startImap();
    await server.sample.send({ text: `${'x'.repeat(70)}\r\n`.repeat(700_000) });
    const before = process.memoryUsage();
    const clients = await Promise.all(
      Array.from({ length: 20 }, () => deaf(server.port, `${OPEN}${'f FETCH 1 BODY.PEEK[]\r\n'.repeat(100)}`)),
    );
    await expect
      .poll(() => server.sessions.list().filter(({ lines }) => lines.some(({ text }) => text.startsWith('f FETCH'))).length)
      .toBe(20);
    const other = await open(server);
    other.destroy();
    const now = process.memoryUsage();
    expect(now.external + now.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(60 * MB);
    for (const client of clients) client.destroy();
    expect(server.errors).toEqual([]);
  });

  it('while many changes happen in their mailbox hold up nobody', async () => {
    await using server = await startImap();
    await server.sample.send();
    const sleeping = await deaf(server.port, `${OPEN}i IDLE\r\n`);
    await expect.poll(() => server.sessions.list()[0]?.lines.some(({ text }) => text === 'i IDLE')).toBe(true);
    for (let i = 0; i < 2_000; i++) await server.sample.send();
    const client = await open(server);
    client.send('s STORE 1:* +FLAGS.SILENT (\\Flagged)\r\n');
    expect(await answered(client, 's')).toMatch(/^s OK/);
    sleeping.destroy();
    client.destroy();
    expect(server.errors).toEqual([]);
  });
});

describe('1,000 clients', () => {
  const CLIENTS = 1_000;

  it('that do nothing leave room for one that does', async () => {
    await using server = await startImap();
    const idle = await Promise.all(Array.from({ length: CLIENTS }, () => Client.connect(server.port)));
    await works(server);
    for (const client of idle) client.destroy();
  });

  it('in IDLE on one mailbox are all told of a message, and of its flags', async () => {
    await using server = await startImap();
    const idle = await Promise.all(
      Array.from({ length: CLIENTS }, async () => {
        const client = await Client.connect(server.port);
        client.send(`${OPEN}i IDLE\r\n`);
        for (let line: string | null = ''; line !== '+ idling'; line = await client.line()) expect(line).not.toBeNull();
        return client;
      }),
    );
    await server.sample.send();
    for (const client of idle) expect(await client.line()).toBe('* 1 EXISTS');
    // Only one of them is the first to be told of it (RFC 3501 §2.3.2).
    const recent = await Promise.all(idle.map((client) => client.line()));
    expect(recent.filter((line) => line === '* 1 RECENT')).toHaveLength(1);
    expect(recent.filter((line) => line === '* 0 RECENT')).toHaveLength(CLIENTS - 1);
    const other = await open(server);
    other.send('s STORE 1 FLAGS.SILENT (\\Flagged)\r\n');
    for (const client of idle) expect(await client.line()).toMatch(/^\* 1 FETCH \(FLAGS \(\\Flagged/);
    for (const client of [...idle, other]) client.destroy();
    expect(server.errors).toEqual([]);
  });
});
