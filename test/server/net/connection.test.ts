// What a connection gives to and takes from a protocol: octets, literals, back-pressure, compression, waking up.

import { connect } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { createDeflateRaw, createInflateRaw, constants } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ConnectionEnded } from '../../../server/net/ended.ts';
import { Literal } from '../../../server/net/literal.ts';
import type { Serve } from '../../../server/net/listener.ts';
import { Client } from '../../conversations/client.ts';
import { startNet } from './rig.ts';

/** Lets the event loop go round, so that whatever could happen without us has happened. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await setImmediate();
}

/** Serves one thing and then what it answers is checked by the test. */
const once =
  (talk: Serve): Serve =>
  async (connection) => {
    await talk(connection);
    await connection.readLine(100).catch(() => undefined);
  };

describe('a connection', () => {
  it('sends octets and text in the order in which they were written, and shows the number of octets', async () => {
    const octets = Buffer.from([0, 0xff, 13, 10, 0x80]);
    await using rig = await startNet({
      talk: once((connection) => {
        connection.write('* {5}\r\n');
        connection.writeOctets(octets);
        connection.writeLine('ö)');
        connection.writeOctets(octets);
        return Promise.resolve();
      }),
    });
    const client = await Client.connect(rig.listener.port);
    client.end();
    const said = Buffer.from(await client.rest(), 'latin1');
    expect(said).toEqual(Buffer.concat([Buffer.from('* {5}\r\n'), octets, Buffer.from('ö)\r\n'), octets]));
    const lines = rig.sessions.list()[0]?.lines.map(({ text, bytes }) => [text, bytes]);
    expect(lines).toEqual([
      ['* {5}', null],
      ['', 5],
      ['ö)', null],
      ['', 5],
    ]);
  });

  it.each([0, 1, 70_000, 300_000])('reads a literal of %d octets in one piece', async (size) => {
    let read: Buffer = Buffer.alloc(0);
    await using rig = await startNet({
      talk: once(async (connection) => {
        const literal = new Literal(size);
        await connection.readBytes(size, literal);
        read = literal.octets;
        connection.writeLine(await connection.readLine(100));
      }),
    });
    const literal = Buffer.alloc(size, 'abcdefghijk');
    const client = await Client.connect(rig.listener.port);
    client.send(`${literal.toString('latin1')}after\r\n`);
    expect(await client.line()).toBe('after');
    expect(read.equals(literal)).toBe(true);
    client.destroy();
  });

  it('does not claim memory for a literal that is only announced', async () => {
    let begun = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (begun = resolve));
    await using rig = await startNet({
      talk: async (connection) => {
        const literal = connection.readBytes(4_000_000_000, new Literal(4_000_000_000));
        begun();
        await literal;
      },
    });
    const before = process.memoryUsage().arrayBuffers;
    const client = await Client.connect(rig.listener.port);
    client.send('abc');
    await waiting;
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
    client.destroy();
  });

  it('waits in flush until the client reads, and says when too much is unsent', async () => {
    const chunk = Buffer.alloc(1_000_000, 1);
    const events: string[] = [];
    await using rig = await startNet({
      talk: once(async (connection) => {
        for (let sent = 0; sent < 20; sent++) {
          connection.writeOctets(chunk);
          expect(connection.full).toBe(true);
          await connection.flush();
        }
        events.push('all is sent');
      }),
    });
    const socket = connect(rig.listener.port, '127.0.0.1');
    let received = 0;
    await turns(200);
    events.push('the client begins to read');
    socket.on('data', (data) => (received += data.length));
    socket.end();
    await new Promise((resolve) => socket.once('close', resolve));
    expect(received).toBe(20_000_000);
    expect(events).toEqual(['the client begins to read', 'all is sent']);
  });

  it('ends a flush when the client never reads', async () => {
    const ended = new Promise<unknown>((resolve, reject) => {
      void startNet({
        idleTimeout: 40,
        talk: async (connection) => {
          try {
            for (;;) {
              connection.writeOctets(Buffer.alloc(1_000_000));
              await connection.flush();
            }
          } catch (error) {
            resolve(error);
          }
        },
      }).then((rig) => {
        const socket = connect(rig.listener.port, '127.0.0.1').on('error', () => undefined);
        void ended.finally(() => {
          socket.destroy();
          return rig[Symbol.asyncDispose]();
        });
      }, reject);
    });
    expect(await ended).toBeInstanceOf(ConnectionEnded);
    expect(await ended).toMatchObject({ reason: 'timeout' });
  });

  it('goes on with a line that is here, when answers kept it back and have left since', async () => {
    await using rig = await startNet({
      talk: async (connection) => {
        await connection.readLine(100);
        connection.writeOctets(Buffer.alloc(100_000, 'x'));
        expect(connection.tryLine(100)).toBeUndefined();
        connection.send();
        while (connection.full) await setImmediate();
        await turns(3);
        await connection.more();
        expect(connection.tryLine(100)).toBe('second');
        connection.writeLine('.');
        await connection.close();
      },
    });
    const client = await Client.connect(rig.listener.port);
    client.send('first\r\nsecond\r\n');
    expect((await client.rest()).length).toBe(100_003);
  });

  it('wakes whoever waits for input', async () => {
    let wake = (): void => undefined;
    let waits = (): void => undefined;
    const waiting = new Promise<void>((resolve) => (waits = resolve));
    await using rig = await startNet({
      talk: once(async (connection) => {
        wake = () => connection.wake();
        const more = connection.more(true);
        waits();
        await more;
        connection.writeLine('news');
      }),
    });
    const client = await Client.connect(rig.listener.port);
    await waiting;
    wake();
    expect(await client.line()).toBe('news');
    client.destroy();
  });
});

describe('compression', () => {
  const echo: Serve = async (connection) => {
    connection.writeLine(await connection.readLine(100));
    connection.compress();
    for (;;) {
      const line = await connection.readLine(100_000);
      if (line === 'quit') return;
      connection.write(`${line}!\r\n`);
    }
  };

  it.each(['none', 'implicit'] as const)('compresses both ways, each batch at once (TLS: %s)', async (tls) => {
    await using rig = await startNet({ talk: echo, tls });
    const client = tls === 'implicit' ? await Client.connectTls(rig.listener.port, rig.ca) : await Client.connect(rig.listener.port);
    client.send('compress\r\n');
    expect(await client.line()).toBe('compress');
    const { socket } = client;
    socket.removeAllListeners('data');
    const inflate = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH });
    const deflate = createDeflateRaw();
    let text = '';
    let heard = (): void => undefined;
    inflate.on('data', (data: Buffer) => {
      text += data.toString();
      heard();
    });
    socket.on('data', (data: string) => inflate.write(Buffer.from(data, 'latin1')));
    deflate.on('data', (data: Buffer) => socket.write(data));
    for (const line of ['one', 'two', 'x'.repeat(50_000)]) {
      deflate.write(`${line}\r\n`);
      deflate.flush(constants.Z_SYNC_FLUSH);
      while (!text.endsWith('!\r\n')) await new Promise<void>((resolve) => (heard = resolve));
      expect(text).toBe(`${line}!\r\n`);
      text = '';
    }
    deflate.write('quit\r\n');
    deflate.flush(constants.Z_SYNC_FLUSH);
    await new Promise((resolve) => socket.once('end', resolve));
    socket.end();
  });

  it('ends the connection where the octets are not compressed', async () => {
    await using rig = await startNet({ talk: echo });
    const client = await Client.connect(rig.listener.port);
    client.send('compress\r\n');
    await client.line();
    client.send('\xff\xff\xff\xff plain\r\n');
    await client.rest();
    expect(rig.ends).toEqual(['client']);
  });

  it('decompresses a bomb only as far as it is read', async () => {
    let readAll = (): void => undefined;
    const mayRead = new Promise<void>((resolve) => (readAll = resolve));
    let taken = 0;
    await using rig = await startNet({
      talk: async (connection) => {
        connection.compress();
        await connection.more();
        await mayRead;
        await connection.readBytes(200_000_000, { take: (chunk) => void (taken += chunk.length) });
        connection.writeLine('read');
      },
    });
    const deflate = createDeflateRaw();
    const parts: Buffer[] = [];
    deflate.on('data', (data: Buffer) => parts.push(data));
    for (let i = 0; i < 200; i++) deflate.write(Buffer.alloc(1_000_000));
    await new Promise<void>((resolve) => deflate.flush(constants.Z_SYNC_FLUSH, resolve));
    const before = process.memoryUsage().arrayBuffers;
    const socket = connect(rig.listener.port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.write(Buffer.concat(parts), () => resolve()));
    await turns(200);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(5_000_000);
    readAll();
    await new Promise((resolve) => socket.once('data', resolve));
    expect(taken).toBe(200_000_000);
    socket.destroy();
  });
});
