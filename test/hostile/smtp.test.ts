// What an attacker sends to an SMTP server, and what a broken network makes of a good client.

import { describe, expect, it } from 'vitest';
import { Client } from '../conversations/client.ts';
import { startSmtp } from '../conversations/smtp-server.ts';
import type { TestServer } from '../conversations/smtp-server.ts';
import { NO_ENDINGS } from './smuggling.ts';

const MB = 1024 * 1024;

async function greeted(server: TestServer): Promise<Client> {
  const client = await Client.connect(server.port);
  expect(await client.reply()).toMatch(/^220 /);
  return client;
}

/** A client to which the server has said 354. */
async function sending(server: TestServer): Promise<Client> {
  const client = await greeted(server);
  client.send('HELO client.test\r\nMAIL FROM:<a@client.test>\r\nRCPT TO:<b@shop.test>\r\nDATA\r\n');
  for (const code of ['250', '250', '250', '354']) expect(await client.reply()).toMatch(new RegExp(`^${code}`));
  return client;
}

const sessionOver = (server: TestServer): Promise<void> =>
  new Promise((resolve) => server.sessions.events.on(({ type }) => type === 'session.closed' && resolve()));

/** Sends as fast as the server takes it; stops quietly when the server closes. */
async function flood(client: Client, chunk: Buffer, times: number, each: () => void): Promise<void> {
  for (let i = 0; i < times && client.socket.writable; i++) {
    await new Promise((sent) => client.socket.write(chunk, sent));
    each();
  }
}

describe('smuggling', () => {
  it.each(NO_ENDINGS.map((sequence) => [JSON.stringify(sequence), sequence]))('by %s splits no message', async (_, sequence) => {
    await using server = await startSmtp();
    const evil = `one${sequence}MAIL FROM:<evil@client.test>\r\nRCPT TO:<victim@shop.test>\r\nDATA\r\ntwo`;
    const client = await sending(server);
    client.send(`${evil}\r\n.\r\nQUIT\r\n`);
    expect(await client.reply()).toBe('250 2.0.0 Ok: queued as id-1');
    expect(await client.reply()).toBe('221 2.0.0 Bye');
    client.end();
    expect(await client.rest()).toBe('');
    const expected = `${evil}\r\n`.split('\r\n').map((line) => (line.startsWith('.') ? line.slice(1) : line));
    expect(server.messages.map(({ raw }) => raw.toString('latin1'))).toEqual([expected.join('\r\n')]);
  });

  it.each([1, 2, 3, 5])('is not made possible by packets of %i octets', async (size) => {
    await using server = await startSmtp();
    const client = await sending(server);
    const text = 'one\n.\r\ntwo\r\n..\r\nthree\r\n.\r\n';
    // Each packet waits for the one before to be gone, so that the server sees them apart.
    for (let at = 0; at < text.length; at += size) await new Promise((sent) => client.socket.write(text.slice(at, at + size), sent));
    expect(await client.reply()).toBe('250 2.0.0 Ok: queued as id-1');
    expect(server.messages[0]?.raw.toString()).toBe('one\n.\r\ntwo\r\n.\r\nthree\r\n');
    client.destroy();
  });
});

describe('STARTTLS', () => {
  it('forgets commands that came with it in clear text', async () => {
    await using server = await startSmtp();
    const client = await greeted(server);
    expect(await client.ask('EHLO client.test')).toContain('STARTTLS');
    client.send('STARTTLS\r\nEHLO evil.test\r\nMAIL FROM:<evil@client.test>\r\nRCPT TO:<victim@shop.test>\r\nDATA\r\n');
    expect(await client.reply()).toBe('220 2.0.0 Ready to start TLS');
    await client.startTls(server.ca);
    expect(await client.ask('RCPT TO:<victim@shop.test>')).toBe('503 5.5.1 Send EHLO or HELO first');
    expect(await client.ask('EHLO client.test')).not.toContain('STARTTLS');
    expect(await client.ask('DATA')).toBe('503 5.5.1 Send MAIL first');
    client.destroy();
  });

  it('takes nothing but TLS after it', async () => {
    await using server = await startSmtp();
    const client = await greeted(server);
    expect(await client.ask('EHLO client.test')).toContain('STARTTLS');
    expect(await client.ask('STARTTLS')).toMatch(/^220 /);
    client.send('MAIL FROM:<evil@client.test>\r\n');
    expect(await client.rest()).not.toMatch(/^250/m);
    client.destroy();
    await server.listener.close(60_000);
    expect(server.sessions.list()[0]?.lines.at(-1)?.text).toMatch(/^TLS handshake failed/);
    expect([server.messages, server.errors]).toEqual([[], []]);
  });

  it('gives up a transaction and the room it took', async () => {
    await using server = await startSmtp();
    const client = await greeted(server);
    client.send('HELO client.test\r\nMAIL FROM:<a@client.test>\r\nRCPT TO:<b@shop.test>\r\nBDAT 5\r\nhello');
    for (let i = 0; i < 4; i++) expect(await client.reply()).toMatch(/^250/);
    expect(server.inflight()).toBe(5);
    expect(await client.ask('STARTTLS')).toMatch(/^220 /);
    await client.startTls(server.ca);
    expect(await client.ask('NOOP')).toBe('250 2.0.0 Ok');
    expect(server.inflight()).toBe(0);
    client.destroy();
  });
});

describe('memory', () => {
  // Larger runs of the same: `npx tsx test/hostile/endless.ts`.
  const CHUNK = Buffer.alloc(64 * 1024, 'x');

  it('stays flat under a message that never ends', async () => {
    await using server = await startSmtp({ settings: { maxMessageSize: MB } });
    const client = await sending(server);
    let most = 0;
    await flood(client, CHUNK, 1_024, () => (most = Math.max(most, server.inflight())));
    expect(most).toBeLessThanOrEqual(MB);
    client.send('\r\n.\r\n');
    expect(await client.reply()).toMatch(/^552 5\.3\.4 /);
    expect(await client.ask('NOOP')).toBe('250 2.0.0 Ok');
    expect(server.inflight()).toBe(0);
    client.destroy();
  });

  it('stays flat under a command that never ends', async () => {
    await using server = await startSmtp();
    const client = await greeted(server);
    const before = process.memoryUsage().rss;
    let most = 0;
    await flood(client, CHUNK, 4_096, () => (most = Math.max(most, process.memoryUsage().rss - before)));
    // Both ends live in this process; 256 MB kept anywhere would show.
    expect(most).toBeLessThan(128 * MB);
    client.send('\r\n');
    expect(await client.reply()).toBe('500 5.5.2 Line too long');
    expect(await client.ask('NOOP')).toBe('250 2.0.0 Ok');
    client.destroy();
  });

  it('is not reserved for a length that is only claimed', async () => {
    await using server = await startSmtp();
    const client = await greeted(server);
    client.send('HELO client.test\r\nMAIL FROM:<a@client.test>\r\nRCPT TO:<b@shop.test>\r\nBDAT 999999999999999\r\nhello');
    for (let i = 0; i < 3; i++) expect(await client.reply()).toMatch(/^250/);
    const over = sessionOver(server);
    client.socket.resetAndDestroy();
    await over;
    expect(server.inflight()).toBe(0);
  });

  it('is shared fairly: what one client holds is refused to the next, not taken from it', async () => {
    await using server = await startSmtp({ maxInflight: 100_000 });
    const [first, second] = [await sending(server), await sending(server)];
    first.send('x'.repeat(80_000));
    while (server.inflight() < 80_000) await new Promise((turn) => setImmediate(turn));
    second.send(`${'y'.repeat(80_000)}\r\n.\r\n`);
    expect(await second.reply()).toMatch(/^452 4\.3\.1 /);
    first.send('\r\n.\r\n');
    expect(await first.reply()).toMatch(/^250 /);
    expect(server.messages.map(({ raw }) => raw.length)).toEqual([80_002]);
    for (const client of [first, second]) client.destroy();
  });
});

describe('a broken connection', () => {
  it('in the middle of a message keeps nothing of it', async () => {
    await using server = await startSmtp();
    const client = await sending(server);
    client.send('half a message\r\n.\r');
    while (server.inflight() === 0) await new Promise((turn) => setImmediate(turn));
    const over = sessionOver(server);
    client.socket.resetAndDestroy();
    await over;
    expect([server.messages, server.inflight(), server.errors]).toEqual([[], 0, []]);
  });

  it('while the message is being stored does not undo it', async () => {
    let arrived = (): void => undefined;
    let store = (): void => undefined;
    const atStore = new Promise<void>((resolve) => (arrived = resolve));
    await using server = await startSmtp({
      submit: () => {
        arrived();
        return new Promise((resolve) => (store = () => resolve('kept')));
      },
    });
    const client = await sending(server);
    client.send('text\r\n.\r\n');
    await atStore;
    const over = sessionOver(server);
    client.socket.resetAndDestroy();
    store();
    await over;
    expect(server.sessions.list()[0]?.messageIds).toEqual(['kept']);
    expect([server.inflight(), server.errors]).toEqual([0, []]);
  });

  it('that is silent is told so and closed', async () => {
    await using server = await startSmtp({ idleTimeout: 50 });
    const [early, late] = [await greeted(server), await sending(server)];
    late.send('half a message');
    expect(await early.rest()).toBe('421 4.4.2 Timeout exceeded, closing connection\r\n');
    expect(await late.rest()).toBe('421 4.4.2 Timeout exceeded, closing connection\r\n');
    expect([server.messages, server.inflight()]).toEqual([[], 0]);
  });
});

describe('floods', () => {
  it('of connections end at the limit, and the server lives on', async () => {
    const LIMIT = 300;
    await using server = await startSmtp({ maxConnections: LIMIT });
    const clients = await Promise.all(Array.from({ length: LIMIT }, () => greeted(server)));
    const more = await Promise.all(Array.from({ length: 20 }, () => Client.connect(server.port)));
    for (const client of more) expect(await client.rest()).toMatch(/^421 4\.3\.2 /);
    expect(await Promise.all(clients.map((client) => client.ask('NOOP')))).toEqual(Array(LIMIT).fill('250 2.0.0 Ok'));
    for (const client of [...clients, ...more]) client.destroy();
  });

  it('of ten thousand commands in one packet are answered one by one', async () => {
    await using server = await startSmtp();
    const client = await greeted(server);
    client.send('NOOP\r\n'.repeat(10_000));
    client.send('QUIT\r\n');
    client.end();
    expect(await client.rest()).toBe(`${'250 2.0.0 Ok\r\n'.repeat(10_000)}221 2.0.0 Bye\r\n`);
  });

  it('of recipients end at the limit', async () => {
    await using server = await startSmtp({ settings: { maxRecipients: 1_000 } });
    const client = await greeted(server);
    client.send('HELO client.test\r\nMAIL FROM:<a@client.test>\r\n');
    for (let i = 0; i < 5_000; i++) client.send(`RCPT TO:<user${i}@shop.test>\r\n`);
    client.send('DATA\r\n.\r\nQUIT\r\n');
    client.end();
    const replies = (await client.rest()).split('\r\n');
    expect(replies.filter((line) => line.startsWith('452 4.5.3')).length).toBe(4_000);
    expect(server.messages[0]?.envelope.recipients.length).toBe(1_000);
    expect(server.messages[0]?.refused.length).toBe(0);
  });

  it('of mistakes end the session', async () => {
    await using server = await startSmtp({ settings: { maxErrors: 10 } });
    const client = await greeted(server);
    client.send('\0\xff\r\n'.repeat(1_000));
    expect((await client.rest()).split('\r\n').at(-2)).toBe('421 4.7.0 Too many errors');
    client.destroy();
  });

  it('of lines that begin with a dot are taken as they are meant', async () => {
    await using server = await startSmtp();
    const client = await sending(server);
    client.send(`${'..\r\n'.repeat(100_000)}.\r\n`);
    expect(await client.reply()).toMatch(/^250 /);
    expect(server.messages[0]?.raw.equals(Buffer.from('.\r\n'.repeat(100_000)))).toBe(true);
    client.destroy();
  });
});

describe('text in replies', () => {
  it('cannot be made into a second line by what a client sends', async () => {
    await using server = await startSmtp();
    const client = await greeted(server);
    for (const line of ['EHLO a\rb', 'VRFY \0', `MAIL FROM:<a@client.test> ${'X'.repeat(3_000)}=1`, `RCPT TO:<${'x'.repeat(4_000)}>`]) {
      const reply = await client.ask(line);
      expect(reply).toMatch(/^5\d\d 5\.\d\.\d [\x20-\x7e]*$/);
      expect(reply.length).toBeLessThan(512);
    }
    client.destroy();
  });
});
