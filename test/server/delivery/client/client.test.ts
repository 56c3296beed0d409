import type { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { openClient } from '../../../../server/delivery/client/client.ts';
import type { Batch } from '../../../../server/delivery/client/outcome.ts';
import { startSmtp } from '../../../conversations/smtp-server.ts';
import { batchOf, clientTo, IMPATIENT, inShort, scripted } from './client.ts';
import type { Answers, Scripted } from './client.ts';

const DELIVERED = 'end-of-data 250 2.0.0 delivered';

/** What a server that answers so was told of a batch, without the message. */
async function toldOf(answers: Answers, batch: Batch): Promise<string[]> {
  await using server = await scripted(answers);
  const client = clientTo({ port: server.port });
  await client.converse(batch);
  await client.close();
  return server.told;
}

const commandsIn = (told: readonly string[]): string[] =>
  told.filter((line) => /^(?:EHLO|HELO|MAIL|RCPT|DATA|BDAT|RSET|QUIT|\.$)/.test(line));

describe('what is said', () => {
  const everything = batchOf([], {
    recipients: [
      { address: 'Jo+Tag@shop.test', notify: ['SUCCESS', 'DELAY'], orcpt: 'rfc822;Jo+Tag=x@shop.test' },
      { address: 'b@shop.test', notify: ['NEVER'], orcpt: 'utf-8;jö+x\\y@shop.test' },
      { address: 'c@shop.test' },
    ],
    ret: 'HDRS',
    envid: 'id+1 ö',
    raw: Buffer.from('Subject: x\r\n\r\nfünf'),
  });

  it('has the parameters that the host offers', async () => {
    const EHLO = '250-host.test\r\n250-PIPELINING\r\n250-SIZE 1000\r\n250-8bitmime\r\n250-DSN\r\n250 SMTPUTF8';
    expect(commandsIn(await toldOf({ EHLO }, everything))).toEqual([
      'EHLO client.test',
      'MAIL FROM:<app@client.test> SIZE=21 BODY=8BITMIME RET=HDRS ENVID=id+2B1+20+C3+B6',
      'RCPT TO:<Jo+Tag@shop.test> NOTIFY=SUCCESS,DELAY ORCPT=rfc822;Jo+2BTag+3Dx@shop.test',
      'RCPT TO:<b@shop.test> NOTIFY=NEVER ORCPT=utf-8;j\\x{F6}\\x{2B}x\\x{5C}y@shop.test',
      'RCPT TO:<c@shop.test>',
      'DATA',
      '.',
      'QUIT',
    ]);
  });

  it('has no others', async () => {
    expect(commandsIn(await toldOf({ EHLO: '250-host.test\r\n250 8BITMIME' }, everything)).slice(1, 4)).toEqual([
      'MAIL FROM:<app@client.test> BODY=8BITMIME',
      'RCPT TO:<Jo+Tag@shop.test>',
      'RCPT TO:<b@shop.test>',
    ]);
  });

  it('is a path of nothing for the null sender, and UTF-8 where it was offered', async () => {
    const told = await toldOf({ EHLO: '250-host.test\r\n250 SMTPUTF8' }, batchOf(['jö@shop.test'], { sender: '' }));
    // The server reads octets.
    expect(commandsIn(told).slice(1, 3)).toEqual(['MAIL FROM:<> SMTPUTF8', 'RCPT TO:<jÃ¶@shop.test>']);
  });

  it('is HELO only where EHLO is refused for good', async () => {
    expect((await toldOf({ EHLO: '502 5.5.1 What' }, batchOf())).slice(0, 3)).toEqual([
      'EHLO client.test',
      'HELO client.test',
      'MAIL FROM:<app@client.test>',
    ]);
    expect(await toldOf({ EHLO: '421 4.3.2 Busy' }, batchOf())).toEqual(['EHLO client.test']);
    expect(await toldOf({ EHLO: '451 4.3.2 Busy' }, batchOf())).toEqual(['EHLO client.test', 'QUIT']);
  });

  it('is one dot where a message is awaited that nobody is to get', async () => {
    expect(await toldOf({ RCPT: '550 5.1.1 Unknown' }, batchOf())).toEqual([
      'EHLO client.test',
      'MAIL FROM:<app@client.test>',
      'RCPT TO:<jo@shop.test>',
      'DATA',
      '.',
      'QUIT',
    ]);
  });

  it('is no DATA where nobody is to get it, command by command', async () => {
    const told = await toldOf({ EHLO: '250 host.test', RCPT: '550 5.1.1 Unknown' }, batchOf(['a@shop.test', 'b@shop.test']));
    expect(told.slice(2)).toEqual(['RCPT TO:<a@shop.test>', 'RCPT TO:<b@shop.test>', 'QUIT']);
  });

  it('is nothing of a message that the host cannot take', async () => {
    expect(await toldOf({ EHLO: '250 host.test' }, everything)).toEqual(['EHLO client.test', 'QUIT']);
  });

  it('is said again in one transaction after the other where recipients were too many', async () => {
    const told = await toldOf({ 'RCPT TO:<b': ['452 4.5.3 Too many', '250 Ok'] }, batchOf(['a@shop.test', 'b@shop.test', 'c@shop.test']));
    expect(commandsIn(told).slice(4)).toEqual([
      'RCPT TO:<c@shop.test>',
      'DATA',
      '.',
      'RSET',
      'MAIL FROM:<app@client.test>',
      'RCPT TO:<b@shop.test>',
      'DATA',
      '.',
      'QUIT',
    ]);
  });
});

describe('the octets of a message', () => {
  const block = 64 * 1024;
  const MESSAGES: readonly (readonly [what: string, raw: string])[] = [
    ['empty', ''],
    ['one dot', '.'],
    ['one dot in a line', '.\r\n'],
    ['dots that begin lines', 'a\r\n.\r\n..\r\n.b\r\n'],
    ['no line end', 'Subject: x\r\n\r\ny'],
    ['a CR at the end', 'y\r'],
    ['bare LF and dots', 'a\n.\n.\r\nb\r.\rc\r\n'],
    ['every octet', Buffer.from(Array.from({ length: 256 }, (_, i) => i)).toString('latin1')],
    ...[-3, -2, -1, 0, 1].map((by) => [`a dot ${by} from the end of a block`, `${'x'.repeat(block + by - 2)}\r\n.y\r\n`] as const),
    ['nothing but dots, in blocks', '.\r\n'.repeat(50_000)],
  ];

  it.each(MESSAGES)('stay as they are: %s', async (_what, text) => {
    await using server = await startSmtp();
    const client = clientTo({ port: server.port });
    const raw = Buffer.from(text, 'latin1');
    expect((await client.converse(batchOf(undefined, { raw }))).outcomes.map(inShort)).toEqual([DELIVERED]);
    await client.close();
    // A line that lacks its end cannot be sent with DATA.
    const ended = text === '' || text.endsWith('\r\n') ? text : `${text}\r\n`;
    expect(server.messages[0]?.raw.toString('latin1') === ended).toBe(true);
  });
});

const pretendTls = (socket: Socket): void => {
  socket.write('220 go on\r\n250 in clear\r\n');
  socket.removeAllListeners('data').once('data', () => socket.end('250 no TLS here\r\n'));
};

describe('a connection', () => {
  const twice = async (server: Scripted): Promise<string[]> => {
    const client = clientTo({ port: server.port });
    const [first] = (await client.converse(batchOf())).outcomes.map(inShort);
    const [second] = (await client.converse(batchOf())).outcomes.map(inShort);
    await client.close();
    return [first ?? '', second ?? ''];
  };

  it('carries one batch after the other, with RSET between them', async () => {
    await using server = await scripted({});
    expect(await twice(server)).toEqual([DELIVERED, DELIVERED]);
    expect(server.connections).toBe(1);
    expect(server.told.filter((line) => line === 'RSET')).toHaveLength(1);
  });

  it.each([
    ['closed at RSET', null],
    ['refused RSET', '451 4.3.0 No'],
    ['said 421 at RSET', '421 4.4.2 Idle for too long'],
  ])('that was %s is left for a new one, and nothing is lost', async (_what, RSET) => {
    await using server = await scripted({ RSET });
    expect(await twice(server)).toEqual([DELIVERED, DELIVERED]);
    expect(server.connections).toBe(2);
  });

  it('that ended while it rested is left for a new one', async () => {
    await using server = await scripted({ '.': (socket) => socket.end('250 2.0.0 Ok\r\n') });
    expect(await twice(server)).toEqual([DELIVERED, DELIVERED]);
    expect(server.connections).toBe(2);
  });

  it('is known before anything is said over it', async () => {
    const dialled: string[] = [];
    await using server = await scripted({});
    const client = clientTo({ port: server.port, dialled: (address) => void dialled.push(`${address} after ${server.told.length}`) });
    const { client: address } = await client.converse(batchOf());
    await client.close();
    expect(dialled).toEqual([`${address} after 0`]);
  });

  it('goes nowhere but to ourselves', () => {
    expect(() =>
      openClient(
        { name: 'x', address: '192.0.2.1', port: 25, tls: 'none' },
        { name: 'x', timeouts: IMPATIENT, secure: () => Promise.reject(new Error()) },
      ),
    ).toThrow('no loopback address');
  });

  it('is made in clear where TLS came to nothing, once', async () => {
    await using server = await scripted({ EHLO: '250-host.test\r\n250 STARTTLS', STARTTLS: pretendTls });
    const client = clientTo({ port: server.port, tls: 'opportunistic' });
    const { outcomes } = await client.converse(batchOf());
    await client.close();
    expect(outcomes.map(inShort)).toEqual([DELIVERED]);
    expect(server.connections).toBe(2);
    expect(server.told.filter((line) => line === 'STARTTLS')).toHaveLength(1);
  });

  it('keeps what was delivered when QUIT is not answered', async () => {
    await using server = await scripted({ QUIT: () => undefined });
    const client = clientTo({ port: server.port, timeouts: IMPATIENT });
    expect((await client.converse(batchOf())).outcomes.map(inShort)).toEqual([DELIVERED]);
    await client.close();
  });
});

describe('a signal', () => {
  it.each(['', 'EHLO', 'MAIL', 'DATA', '.'])('ends it at once while it waits for the answer to "%s"', async (command) => {
    const stop = new AbortController();
    await using server = await scripted({ [command]: () => stop.abort() });
    const client = clientTo({ port: server.port, signal: stop.signal });
    const { outcomes, open } = await client.converse(batchOf());
    await client.close();
    expect(open).toBe(false);
    expect(outcomes).toMatchObject([
      { outcome: 'transient', lost: true, unsure: command === '.', text: expect.stringMatching(/^Stopped/) as string },
    ]);
  });

  it('lets nothing begin', async () => {
    await using server = await scripted({});
    const { outcomes } = await clientTo({ port: server.port, signal: AbortSignal.abort() }).converse(batchOf());
    expect(outcomes.map(inShort)).toEqual(['connect - 4.3.2 transient lost']);
    expect(server.told).toEqual([]);
  });
});
