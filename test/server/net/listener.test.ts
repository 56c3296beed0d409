// Listeners with a small protocol of their own: limits, time-outs, stopping, and clients that do not read.

import { once } from 'node:events';
import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { Client } from '../../conversations/client.ts';
import { startNet as start } from './rig.ts';

async function greeted(port: number, host?: string): Promise<Client> {
  const client = await Client.connect(port, host);
  expect(await client.line()).toBe('hello');
  return client;
}

describe('listening', () => {
  it('is on the same free port of both loopback addresses, where there are two', async () => {
    await using rig = await start({ addresses: ['127.0.0.1', '::1'] });
    expect([...rig.listener.addresses, ...rig.listener.missing]).toEqual(['127.0.0.1', '::1']);
    for (const address of rig.listener.addresses) {
      const client = await greeted(rig.listener.port, address);
      client.destroy();
    }
    expect(
      rig.sessions
        .list()
        .map(({ client }) => client.replace(/\d+$/, ''))
        .sort(),
    ).toEqual(['127.0.0.1:', '[::1]:'].slice(0, rig.listener.addresses.length));
  });

  it('passes over an IPv6 address that the machine does not have, but not over a taken port', async () => {
    await using rig = await start({ addresses: ['127.0.0.1', '2001:db8::1'] });
    expect([rig.listener.addresses, rig.listener.missing]).toEqual([['127.0.0.1'], ['2001:db8::1']]);
    await expect(start({ port: rig.listener.port })).rejects.toMatchObject({ code: 'EADDRINUSE', port: rig.listener.port });
  });

  it('needs one address at least', async () => {
    await expect(start({ addresses: ['2001:db8::1'] })).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
    await expect(start({ addresses: [] })).rejects.toThrow('no address to listen on');
  });

  it('leaves no port open when one of several addresses fails', async () => {
    const taken = createServer();
    await once(taken.listen(0, '127.0.0.2'), 'listening');
    const { port } = taken.address() as { port: number };
    await expect(start({ addresses: ['127.0.0.1', '127.0.0.2'], port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await using rig = await start({ port });
    expect(rig.listener.port).toBe(port);
    taken.close();
  });
});

describe('limits', () => {
  it('turn away the connection too many, until another one has gone', async () => {
    await using rig = await start({ limits: { maxConnections: 2 } });
    const { port } = rig.listener;
    const [first, second] = [await greeted(port), await greeted(port)];
    const third = await Client.connect(port);
    expect(await third.rest()).toBe('busy\r\n');
    first.send('quit\r\n');
    expect(await first.rest()).toBe('');
    first.end();
    // The place is free as soon as the server has seen the end, which may be after the client has.
    let fourth = await Client.connect(port);
    while ((await fourth.line()) !== 'hello') fourth = await Client.connect(port);
    expect(rig.sessions.list().length).toBe(3);
    second.destroy();
    fourth.destroy();
  });

  it('for one client leave room for others', async () => {
    await using rig = await start({ limits: { maxConnectionsPerClient: 1 }, addresses: ['127.0.0.1'] });
    const first = await greeted(rig.listener.port);
    const second = await Client.connect(rig.listener.port);
    expect(await second.rest()).toBe('busy\r\n');
    first.destroy();
  });

  it('say nothing in clear text where TLS is expected', async () => {
    await using rig = await start({ limits: { maxConnections: 1 }, tls: 'implicit' });
    const first = await Client.connectTls(rig.listener.port, rig.ca);
    expect(await first.line()).toBe('hello');
    const second = await Client.connect(rig.listener.port);
    expect(await second.rest()).toBe('');
    first.destroy();
  });
});

describe('a connection', () => {
  it('ends after the idle time-out, with a word', async () => {
    await using rig = await start({ idleTimeout: 40 });
    const client = await greeted(rig.listener.port);
    client.send('half a li');
    expect(await client.rest()).toBe('bye timeout\r\n');
    expect(rig.ends).toEqual(['timeout']);
  });

  it('that never finishes its handshake ends as well', async () => {
    await using rig = await start({ idleTimeout: 40, tls: 'implicit' });
    const client = await Client.connect(rig.listener.port);
    expect(await client.rest()).toBe('');
    expect(rig.sessions.list()[0]?.lines.map(({ text }) => text)).toEqual(['TLS handshake failed']);
  });

  it('that is not TLS where TLS is expected ends, and the transcript says why', async () => {
    await using rig = await start({ tls: 'implicit' });
    const client = await Client.connect(rig.listener.port);
    client.send('EHLO client.test\r\n');
    await client.rest();
    client.destroy();
    await rig.listener.close(0);
    expect(rig.sessions.list()[0]?.lines.map(({ text }) => text)).toEqual([
      expect.stringMatching(/^TLS handshake failed: .*wrong version number/i),
    ]);
    expect(rig.errors).toEqual([]);
  });

  it('can be ended by a person', async () => {
    await using rig = await start();
    const client = await greeted(rig.listener.port);
    client.send('begin\r\n');
    expect(await client.line()).toBe('begin');
    const [session] = rig.sessions.list();
    expect(rig.sessions.close(session?.id ?? '')).toBe(true);
    expect(await client.rest()).toBe('bye closed\r\n');
  });

  it('is closed after a bug, which is reported', async () => {
    await using rig = await start();
    const client = await greeted(rig.listener.port);
    client.send('bug\r\n');
    expect(await client.rest()).toBe('');
    expect(rig.errors).toEqual([new Error('a bug')]);
    client.destroy();
    await rig.listener.close(60_000);
    expect(rig.sessions.list()[0]?.closedAt).toBe(1);
  });

  it('that is reset by its client ends quietly', async () => {
    await using rig = await start();
    const client = await greeted(rig.listener.port);
    const closed = new Promise<void>((resolve) => rig.sessions.events.on(({ type }) => type === 'session.closed' && resolve()));
    client.socket.resetAndDestroy();
    await closed;
    expect([rig.ends, rig.errors]).toEqual([['client'], []]);
  });

  it('answers many commands in one packet in order', async () => {
    await using rig = await start();
    const client = await greeted(rig.listener.port);
    const lines = Array.from({ length: 10_000 }, (_, i) => `line ${i}`);
    client.send(lines.map((line) => `${line}\r\n`).join(''));
    client.end();
    expect((await client.rest()).split('\r\n').slice(0, -1)).toEqual(lines);
  });

  it('gets no further command read while its client does not read the answers', async () => {
    let answered = 0;
    const LINES = 300_000;
    await using rig = await start({
      idleTimeout: 200,
      async talk(connection) {
        for (;;) {
          await connection.readLine(100);
          answered++;
          connection.writeLine('x'.repeat(1_000));
        }
      },
    });
    const client = await Client.connect(rig.listener.port);
    client.socket.pause();
    client.send('\r\n'.repeat(LINES));
    await rig.listener.close(60_000);
    expect(rig.ends).toEqual(['timeout']);
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(LINES / 4);
    client.destroy();
  });
});

describe('stopping', () => {
  it('tells idle clients, lets a transaction finish and refuses new ones', async () => {
    await using rig = await start();
    const { port } = rig.listener;
    const [idle, busy] = [await greeted(port), await greeted(port)];
    busy.send('begin\r\n');
    expect(await busy.line()).toBe('begin');
    const closed = rig.listener.close(60_000);
    expect(await idle.rest()).toBe('bye shutdown\r\n');
    idle.end();
    await expect(Client.connect(port)).rejects.toThrow();
    busy.send('more\r\nend\r\n');
    busy.end();
    expect(await busy.rest()).toBe('more\r\nend\r\nbye shutdown\r\n');
    await closed;
  });

  it('drops a transaction that does not finish in time', async () => {
    await using rig = await start();
    const client = await greeted(rig.listener.port);
    client.send('begin\r\n');
    expect(await client.line()).toBe('begin');
    await rig.listener.close(0);
    expect(await client.rest()).toBe('');
    expect(rig.sessions.list()[0]?.closedAt).toBe(1);
  });
});
