// What an attacker sends to a POP3 server, and clients that do not read what they have asked for.

import { describe, expect, it } from 'vitest';
import { Client } from '../conversations/client.ts';
import { startPop3 } from '../conversations/pop3-server.ts';
import type { Pop3Server } from '../conversations/pop3-server.ts';
import { fuzz, SEED } from './fuzz.ts';
import { deaf, MB } from './readers.ts';

const LOGIN = 'USER jo@shop.test\r\nPASS x\r\n';

const CORPUS = [
  ...[
    'CAPA',
    'STAT',
    'LIST',
    'LIST 1',
    'UIDL',
    'UIDL 2',
    'RETR 1',
    'TOP 1 0',
    'TOP 2 100',
    'DELE 1',
    'DELE 2',
    'RSET',
    'NOOP',
    'QUIT',
    'STLS',
  ],
  ...['USER jo@shop.test', 'PASS x', 'APOP jo@shop.test c4c9334bac560ecc979e58001b3e22fb', 'AUTH', 'AUTH PLAIN', 'AUTH PLAIN AGpvAHg='],
  ...['AUTH CRAM-MD5', 'AUTH SCRAM-SHA-256', 'AUTH XOAUTH2', 'LANG', 'LANG en', 'UTF8', 'am8=', '*'],
];

async function ask(client: Client, line: string): Promise<string | null> {
  client.send(`${line}\r\n`);
  return client.line();
}

async function works(server: Pop3Server): Promise<void> {
  const client = await Client.connect(server.port);
  expect(await client.line()).toMatch(/^\+OK/);
  expect(await ask(client, 'USER ann@shop.test')).toMatch(/^\+OK/);
  expect(await ask(client, 'PASS x')).toMatch(/^\+OK/);
  expect(await ask(client, 'QUIT')).toBe('+OK Bye');
  client.destroy();
}

/** What is followed by lines up to a dot. */
const MANY = /^\+OK (\d+ (octets?|messages?)( \(\d+ octets?\))?|\w+ follow|Top .*)$/;

/** Status lines and challenges, and the lines of lists and messages up to their dot. */
function check(answers: string): void {
  const lines = answers.split('\r\n');
  expect(lines.pop(), 'what is said ends with a line').toBe('');
  for (let at = 0; at < lines.length; at++) {
    expect(lines[at]).toMatch(/^(\+OK|-ERR|\+) [^\r\n\0]{0,505}$/);
    if (!MANY.test(lines[at] ?? '')) continue;
    at = lines.indexOf('.', at);
    expect(at, 'it ends with a dot').toBeGreaterThan(0);
  }
}

const settings = { maxErrors: 0 };

describe(`mutated commands (seed ${SEED})`, () => {
  it.each([
    ['before the login', ''],
    ['after it', LOGIN],
  ])(
    '%s are answered, and nothing breaks',
    async (_, opening) => {
      await using server = await startPop3({ settings });
      const prepare = (): Promise<string> => server.sample.send({ text: '.\r\n..x\r\n' });
      await fuzz({ port: server.port, opening, corpus: CORPUS, check, prepare });
      expect(server.errors).toEqual([]);
      await works(server);
    },
    600_000,
  );
});

describe('input without measure', () => {
  it('as one line is thrown away while it comes', async () => {
    await using server = await startPop3();
    const client = await Client.connect(server.port);
    await client.line();
    const chunk = Buffer.alloc(MB, 'x');
    const before = process.memoryUsage().rss;
    let most = 0;
    for (let i = 0; i < 256; i++) {
      await new Promise((sent) => client.socket.write(chunk, sent));
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(await ask(client, '')).toBe('-ERR Line too long');
    expect(most).toBeLessThan(128 * MB);
    expect(await ask(client, 'NOOP')).toBe('-ERR Log in first');
    client.destroy();
  });

  it('as commands holds nobody else up', async () => {
    await using server = await startPop3({ settings });
    const flooding = await deaf(server.port, 'NOOP\r\n'.repeat(200_000));
    await works(server);
    flooding.destroy();
  });
});

describe('clients that do not read', () => {
  it('cost the server no memory, however much they ask for', async () => {
    await using server = await startPop3({ settings: { popLock: false } });
    await server.sample.send({ text: `${'x'.repeat(70)}\r\n`.repeat(700_000) });
    const before = process.memoryUsage();
    const clients = await Promise.all(Array.from({ length: 20 }, () => deaf(server.port, `${LOGIN}${'RETR 1\r\n'.repeat(100)}`)));
    // All of them have come as far as they come.
    await expect.poll(() => server.sessions.list().filter(({ lines }) => lines.some(({ text }) => text === 'RETR 1')).length).toBe(20);
    await works(server);
    const now = process.memoryUsage();
    expect(now.external + now.arrayBuffers - before.external - before.arrayBuffers).toBeLessThan(40 * MB);
    for (const client of clients) client.destroy();
    await works(server);
    expect(server.errors).toEqual([]);
  });

  it('and go in the middle leave the maildrop to others', async () => {
    await using server = await startPop3();
    await server.sample.send({ text: `${'x'.repeat(70)}\r\n`.repeat(100_000) });
    const first = await deaf(server.port, `${LOGIN}RETR 1\r\nDELE 1\r\nQUIT\r\n`);
    await expect.poll(() => server.sessions.list()[0]?.user).toBe('jo@shop.test');
    first.destroy();
    await expect.poll(() => server.sessions.list()[0]?.closedAt).not.toBeNull();
    const second = await Client.connect(server.port);
    second.send(LOGIN);
    await second.line();
    await second.line();
    expect(await second.line()).toBe('+OK Maildrop has 1 message');
    second.destroy();
  });
});

describe('1,000 clients that do nothing', () => {
  it('leave room for one that does', async () => {
    await using server = await startPop3();
    const idle = await Promise.all(Array.from({ length: 1_000 }, () => Client.connect(server.port)));
    await works(server);
    for (const client of idle) client.destroy();
  });
});
