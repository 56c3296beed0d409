// What an attacker sends to an IMAP server under COMPRESS: little that becomes much, nonsense, and questions whose answers are not read.

import { randomBytes } from 'node:crypto';
import { constants, createInflateRaw, deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Client } from '../conversations/client.ts';
import { startImap } from '../conversations/imap-server.ts';
import type { ImapServer } from '../conversations/imap-server.ts';
import { MB, octetsHeld } from './readers.ts';

/** Blocks that can stand one after the other. */
const deflated = (octets: string | Buffer): Buffer => deflateRawSync(octets, { finishFlush: constants.Z_FULL_FLUSH });

/** In 32 kB. */
const SIZE = 32 * MB;
const BOMB = deflated(Buffer.alloc(SIZE, 'x'));
const BOMBS = 4;
/** What is thrown away is there until the next collection of garbage; 1 GB needs no more of it. */
const ROOM = 96 * MB;

async function compressing(server: ImapServer): Promise<Client> {
  const client = await Client.connect(server.port);
  client.send('o1 LOGIN jo@shop.test x\r\no2 SELECT INBOX\r\nc COMPRESS DEFLATE\r\n');
  while (!(await client.line())?.startsWith('c OK'));
  client.socket.removeAllListeners('data');
  return client;
}

/** Everything that is said, uncompressed, until the server has said `last`. */
async function heard(client: Client, last: string): Promise<string> {
  const inflate = createInflateRaw();
  client.socket.on('data', (text: string) => inflate.write(Buffer.from(text, 'latin1')));
  let said = '';
  for await (const chunk of inflate) {
    said += (chunk as Buffer).toString('latin1');
    if (said.includes(last)) break;
  }
  return said;
}

const BOMBED: readonly (readonly [title: string, before: string, answer: string])[] = [
  ['a line without end', '', '* BAD The line is too long'],
  ['a command without end', 'b FETCH 1 ', '* BAD The line is too long'],
  ['a literal that is too large', `b LOGIN {${SIZE * BOMBS}+}\r\n`, 'b BAD Already logged in'],
  ['a message that is too large', `b APPEND INBOX {${SIZE * BOMBS}+}\r\n`, 'b NO [TOOBIG]'],
];

describe('128 MB in 128 kB', () => {
  it.each(BOMBED)('as %s are thrown away as they are read', async (_, before, answer) => {
    await using server = await startImap();
    const client = await compressing(server);
    const held = octetsHeld();
    let most = 0;
    const watch = setInterval(() => (most = Math.max(most, octetsHeld() - held)), 1);
    client.socket.write(deflated(before));
    for (let i = 0; i < BOMBS; i++) client.socket.write(BOMB);
    client.socket.write(deflated('\r\nn NOOP\r\n'));
    const said = await heard(client, 'n OK');
    clearInterval(watch);
    expect(said).toContain(answer);
    expect(most).toBeLessThan(ROOM);
    expect(server.inflight()).toBe(0);
    expect(server.errors).toEqual([]);
    client.destroy();
  });
});

describe('what is no DEFLATE', () => {
  it.each([
    ['noise', randomBytes(1_000)],
    ['plain text', Buffer.from('n NOOP\r\n'.repeat(100))],
    ['a stream that breaks off', BOMB.subarray(0, 100)],
  ])('(%s) ends the connection and nothing else', async (_, octets) => {
    await using server = await startImap();
    const client = await compressing(server);
    client.socket.resume();
    client.socket.end(octets);
    await expect.poll(() => server.sessions.list()[0]?.closedAt).not.toBeNull();
    (await compressing(server)).destroy();
    expect(server.errors).toEqual([]);
    client.destroy();
  });
});

describe('answers that are not read', () => {
  it('wait uncompressed where they are', async () => {
    await using server = await startImap();
    // Nothing that could be made smaller.
    const text = randomBytes(22 * MB)
      .toString('base64')
      .replace(/.{76}/g, '$&\r\n');
    await server.sample.send({ text });
    const client = await compressing(server);
    client.socket.pause();
    const held = octetsHeld();
    client.socket.write(deflated('f FETCH 1 BODY.PEEK[]\r\n'.repeat(20)));
    await expect.poll(() => server.sessions.list()[0]?.lines.some(({ text }) => text.startsWith('f FETCH'))).toBe(true);
    expect(octetsHeld() - held).toBeLessThan(16 * MB);
    client.destroy();
    expect(server.errors).toEqual([]);
  });
});
