// Clients of IMAP and POP3 that ask for much and read it slowly, late, or never: the server holds no more than they read.

import { describe, expect, it } from 'vitest';
import { Client } from '../conversations/client.ts';
import { startImap } from '../conversations/imap-server.ts';
import { startPop3 } from '../conversations/pop3-server.ts';
import { deaf, MB, octetsHeld, sip } from './readers.ts';

const IMAP_OPEN = 'o1 LOGIN jo@shop.test x\r\no2 SELECT INBOX\r\n';
const POP3_OPEN = 'USER jo@shop.test\r\nPASS x\r\n';

const FIFTY_MB = { text: `${'x'.repeat(70)}\r\n`.repeat(730_000) };

/** What a server may hold for one client, and what the process needs beside it. */
const ROOM = 24 * MB;

const SERVERS = [
  ['FETCH', startImap, `${IMAP_OPEN}f FETCH 1 BODY.PEEK[]\r\n`, /f OK .*\r\n$/],
  ['FETCH of a part of it', startImap, `${IMAP_OPEN}f FETCH 1 BODY.PEEK[TEXT]<5.52000000>\r\n`, /f OK .*\r\n$/],
  ['RETR', startPop3, `${POP3_OPEN}RETR 1\r\n`, /\r\n\.\r\n$/],
  ['TOP', startPop3, `${POP3_OPEN}TOP 1 800000\r\n`, /\r\n\.\r\n$/],
] as const;

describe('a client that reads slowly', () => {
  it.each(SERVERS)('gets 50 MB by %s out of little memory', async (_, start, said, last) => {
    await using server = await start();
    await server.sample.send(FIFTY_MB);
    const { octets, most } = await sip(server.port, said, last);
    expect(octets).toBeGreaterThan(50_000_000);
    expect(most).toBeLessThan(ROOM);
    expect(server.errors).toEqual([]);
  });
});

const COMMANDS = 100_000;

const PIPELINED = [
  ['IMAP', startImap, `${IMAP_OPEN}${'p FETCH 1 ENVELOPE\r\n'.repeat(COMMANDS)}`, 'z LOGOUT\r\n', /^p OK/gm],
  ['POP3', startPop3, `${POP3_OPEN}${'CAPA\r\n'.repeat(COMMANDS)}`, 'QUIT\r\n', /^\+OK Capabilities/gm],
] as const;

describe(`a client that pipelines ${COMMANDS.toLocaleString('en')} commands and does not read`, () => {
  it.each(PIPELINED)('costs no memory, and is answered once it does (%s)', async (_, start, commands, last, answer) => {
    await using server = await start({ settings: { maxErrors: 0 } });
    await server.sample.send();
    const before = octetsHeld() + process.memoryUsage().heapUsed;
    const client = await deaf(server.port, commands + last);
    // Whoever comes afterwards is served.
    const other = await Client.connect(server.port);
    await other.line();
    other.destroy();
    // It is stuck: the server reads no more commands than it can answer.
    await expect.poll(() => server.sessions.list().find(({ user }) => user === 'jo@shop.test')?.commands).toBeGreaterThan(0);
    expect(octetsHeld() + process.memoryUsage().heapUsed - before).toBeLessThan(3 * ROOM);
    let count = 0;
    client.socket.removeAllListeners('data');
    let rest = '';
    client.socket.on('data', (text: string) => {
      const whole = rest + text;
      const end = whole.lastIndexOf('\n') + 1;
      count += whole.slice(0, end).match(answer)?.length ?? 0;
      rest = whole.slice(end);
    });
    await new Promise((resolve) => client.socket.once('end', resolve).resume());
    expect(count).toBe(COMMANDS);
    expect(server.errors).toEqual([]);
    client.destroy();
  });
});

describe('a client in IDLE that reads slowly', () => {
  it('is told in the end of what happened while it was told', async () => {
    await using server = await startImap({ settings: { maxLiteral: 0, maxCommandLine: 0 } });
    const { sample } = server;
    const keyword = (i: number): string => `k${i}`.padEnd(200, 'x');
    const flags = Array.from({ length: 50 }, (_, i) => keyword(i));
    for (let i = 0; i < 2_000; i++) await sample.send();
    const idle = await Client.connect(server.port);
    idle.send(`${IMAP_OPEN}i IDLE\r\n`);
    while ((await idle.line()) !== '+ idling');
    idle.socket.pause();
    // 20 MB: more than the sockets hold.
    const uids = Array.from({ length: 2_000 }, (_, i) => i + 1);
    const where = { account: 'jo@shop.test', mailbox: 'INBOX', uids, via: 'imap' } as const;
    await sample.store.commit([{ ...where, type: 'flags.set', mode: 'add', flags }]);
    await sample.send();
    idle.socket.resume();
    let line: string | null = '';
    while (line !== null && line !== '* 2001 EXISTS') line = await idle.line();
    expect(line).toBe('* 2001 EXISTS');
    idle.send('DONE\r\n');
    while (!(await idle.line())?.startsWith('i OK'));
    idle.destroy();
    expect(server.errors).toEqual([]);
  });
});
