// Clients behind a proxy: who they are comes from its header, on every kind of listener.

import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { Client } from '../../conversations/client.ts';
import { startNet } from './rig.ts';

const HEADER = 'PROXY TCP4 192.0.2.7 127.0.0.1 54321 25\r\n';
const BINARY = Buffer.from('0d0a0d0a000d0a515549540a2111000cc00002077f000001d4310019', 'hex').toString('latin1');
const proxyFrom = (address: string): boolean => address === '127.0.0.1';

describe('behind a proxy', () => {
  it.each([
    ['version 1', HEADER],
    ['version 2', BINARY],
  ])('the client is the one that the header names (%s)', async (_, header) => {
    await using rig = await startNet({ proxyFrom });
    const client = await Client.connect(rig.listener.port);
    client.send(`${header}one\r\n`);
    expect(await client.line()).toBe('hello');
    expect(await client.line()).toBe('one');
    client.send('quit\r\n');
    await client.rest();
    expect(rig.sessions.list().map((session) => session.client)).toEqual(['192.0.2.7:54321']);
    expect(rig.sessions.list()[0]?.lines.map(({ text }) => text)).toEqual(['hello', 'one', 'one', 'quit']);
  });

  it('the header may come octet by octet', async () => {
    await using rig = await startNet({ proxyFrom });
    const client = await Client.connect(rig.listener.port);
    for (const octet of `${HEADER}one\r\n`) await new Promise((resolve) => client.socket.write(octet, resolve));
    expect(await client.line()).toBe('hello');
    expect(await client.line()).toBe('one');
    client.destroy();
  });

  it.each(['apart from', 'together with'])('TLS from the first octet begins after the header, %s it', async (how) => {
    await using rig = await startNet({ proxyFrom, tls: 'implicit' });
    const socket = connect(rig.listener.port, '127.0.0.1');
    if (how === 'together with') socket.cork();
    socket.write(HEADER);
    const secure = connectTls({ socket, ca: rig.ca, servername: 'localhost' });
    setImmediate(() => socket.uncork());
    let text = '';
    await new Promise<void>((resolve) =>
      secure.on('data', (data: Buffer) => {
        text += data.toString();
        if (text.endsWith('two\r\n')) resolve();
        else if (text === 'hello\r\n') secure.write('one\r\ntwo\r\n');
      }),
    );
    expect(text).toBe('hello\r\none\r\ntwo\r\n');
    expect(rig.sessions.list()[0]).toMatchObject({ client: '192.0.2.7:54321', tls: expect.stringContaining('TLSv1.3') as string });
    secure.destroy();
  });

  it('each client counts for itself', async () => {
    await using rig = await startNet({ proxyFrom, limits: { maxConnectionsPerClient: 1 } });
    const first = await Client.connect(rig.listener.port);
    first.send(HEADER);
    expect(await first.line()).toBe('hello');
    const second = await Client.connect(rig.listener.port);
    second.send(HEADER.replace('192.0.2.7', '192.0.2.8'));
    expect(await second.line()).toBe('hello');
    const third = await Client.connect(rig.listener.port);
    third.send(HEADER);
    expect(await third.line()).toBe('busy');
    for (const client of [first, second, third]) client.destroy();
  });

  it('without a header, nothing is said, and the session tells why', async () => {
    await using rig = await startNet({ proxyFrom });
    const client = await Client.connect(rig.listener.port);
    client.send('EHLO client.test\r\n');
    expect(await client.rest()).toBe('');
    expect(rig.sessions.list()[0]?.lines.map(({ text }) => text)).toEqual(['Closed: a PROXY header is missing']);
    expect(rig.sessions.list()[0]?.closedAt).not.toBe(null);
  });

  it('a connection that says nothing does not keep the listener from closing', async () => {
    const rig = await startNet({ proxyFrom });
    const client = await Client.connect(rig.listener.port);
    client.send('PROXY ');
    await rig[Symbol.asyncDispose]();
    expect(await client.rest()).toBe('');
  });

  it('a header from anywhere else is no header', async () => {
    await using rig = await startNet({ proxyFrom: () => false });
    const client = await Client.connect(rig.listener.port);
    client.send(HEADER);
    expect(await client.line()).toBe('hello');
    expect(await client.line()).toBe(HEADER.trimEnd());
    client.destroy();
  });
});
