import { once } from 'node:events';
import { connect } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../server/faults/fault.ts';
import { Client } from '../../conversations/client.ts';
import { startPop3 } from '../../conversations/pop3-server.ts';

describe('a command that comes while the message before it is being marked as seen', () => {
  it('is answered', async () => {
    let proceed: () => void = () => undefined;
    let journal = Promise.resolve();
    await using server = await startPop3({
      through: (store) => ({
        ...store,
        commit: async (changes) => {
          await journal;
          return store.commit(changes);
        },
      }),
    });
    await server.sample.send();
    const client = await Client.connect(server.port);
    client.send('USER jo@shop.test\r\nPASS x\r\n');
    for (let i = 0; i < 3; i++) await client.line();
    journal = new Promise((resolve) => (proceed = resolve));
    client.send('RETR 1\r\n');
    while ((await client.line()) !== '.');
    client.send('NOOP\r\n');
    // Whoever is served after it says that it has arrived.
    const other = await Client.connect(server.port);
    await other.line();
    proceed();
    expect(await client.line()).toBe('+OK Nothing done');
    client.send('QUIT\r\n');
    expect(await client.line()).toBe('+OK Bye');
    expect(server.sample.store.state.accounts.get('jo@shop.test')?.mailboxes.get('INBOX')?.entries.at(0)?.flags).toEqual(['\\Seen']);
    client.destroy();
    other.destroy();
  });
});

describe('a message that is removed elsewhere', () => {
  it('has the size that it is sent with, where it was read before', async () => {
    await using server = await startPop3();
    const { sample } = server;
    // Each bare LF becomes a whole line end.
    for (let i = 0; i < 2; i++) await sample.send({ text: 'a\nb\nc' });
    const client = await Client.connect(server.port);
    client.send('USER *\r\nPASS x\r\nRETR 1\r\n');
    while ((await client.line()) !== '.');
    await sample.store.commit([{ type: 'entries.removed', account: '*', mailbox: 'INBOX', uids: [2], via: 'http' }]);
    client.send('LIST 2\r\nRETR 2\r\n');
    const listed = await client.line();
    expect(await client.line()).toMatch(/^\+OK \d+ octets$/);
    let octets = 0;
    for (let line = await client.line(); line !== '.' && line !== null; line = await client.line()) octets += line.length + 2;
    expect(listed).toBe(`+OK 2 ${octets}`);
    client.destroy();
  });
});

describe('a maildrop that is numbered anew while it is open', () => {
  it('keeps what was marked, and says so', async () => {
    await using server = await startPop3();
    const { sample } = server;
    for (let i = 0; i < 2; i++) await sample.send();
    const client = await Client.connect(server.port);
    client.send('USER jo@shop.test\r\nPASS x\r\nDELE 2\r\n');
    for (let i = 0; i < 4; i++) await client.line();
    await sample.store.commit([{ type: 'mailbox.renumbered', account: 'jo@shop.test', mailbox: 'INBOX' }]);
    client.send('QUIT\r\n');
    expect(await client.line()).toBe('-ERR [SYS/PERM] Some deleted messages could not be removed');
    expect(sample.store.state.accounts.get('jo@shop.test')?.mailboxes.get('INBOX')?.entries.length).toBe(2);
    client.destroy();
  });
});

describe('a client that a fault holds', () => {
  const faults: readonly Rule[] = [{ on: { protocol: 'pop3', stage: 'retr' }, do: [{ stall: true }] }];

  it('is answered when the fault is taken away', async () => {
    await using server = await startPop3({ faults });
    await server.sample.send();
    const client = await Client.connect(server.port);
    client.send('USER jo@shop.test\r\nPASS x\r\nRETR 1\r\nNOOP\r\n');
    for (let i = 0; i < 3; i++) await client.line();
    await expect.poll(() => server.sessions.list()[0]?.faultId).not.toBeNull();
    server.faults.clear();
    expect(await client.line()).toMatch(/^\+OK \d+ octets$/);
    while ((await client.line()) !== '.');
    expect(await client.line()).toBe('+OK Nothing done');
    client.destroy();
  });

  it('leaves the maildrop free when it goes away', async () => {
    await using server = await startPop3({ faults });
    await server.sample.send();
    const client = await Client.connect(server.port);
    client.send('USER jo@shop.test\r\nPASS x\r\nRETR 1\r\n');
    for (let i = 0; i < 3; i++) await client.line();
    await expect.poll(() => server.sessions.list()[0]?.faultId).not.toBeNull();
    client.destroy();
    await expect.poll(() => server.sessions.list()[0]?.closedAt).not.toBeNull();
    const next = await Client.connect(server.port);
    next.send('USER jo@shop.test\r\nPASS x\r\n');
    for (let i = 0; i < 2; i++) await next.line();
    expect(await next.line()).toBe('+OK Maildrop has 1 message');
    next.destroy();
  });
});

describe('where TLS comes first', () => {
  it.each<readonly [stage: 'connect' | 'tls', act: NonNullable<Rule['do']>[number], outcome: string]>([
    ['connect', { reset: true }, 'ECONNRESET'],
    ['tls', { tls: 'alert' }, 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'],
    ['tls', { certificate: 'expired' }, 'CERT_HAS_EXPIRED'],
    ['tls', { delay: 5 }, 'secure'],
  ])('a fault at %s that says %j is %s', async (stage, act, outcome) => {
    await using server = await startPop3({ tls: 'implicit', faults: [{ on: { stage }, do: [act] }] });
    const socket = connect({ port: server.port, host: '127.0.0.1', ca: server.ca, servername: 'localhost' });
    const ended = once(socket, 'error').then(([error]) => (error as NodeJS.ErrnoException).code);
    expect(await Promise.race([ended, once(socket, 'secureConnect').then(() => 'secure')])).toBe(outcome);
    socket.destroy();
  });
});
