import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { optionsToConfig } from '../../../server/config.ts';
import { sendTo } from '../../../server/delivery/send.ts';
import type { Sending, Sent } from '../../../server/delivery/send.ts';

/** Answers the first command that begins with one of these words as it says there, every other one well; null hangs up. */
type Answers = Readonly<Record<string, string | null>>;

const WELL: Answers = {
  EHLO: '250-fake.test\r\n250-8BITMIME\r\n250 SMTPUTF8',
  DATA: '354 go',
  '.': '250 2.0.0 Ok: queued as m1',
  QUIT: '221 bye',
};

/** A server that answers so; resolves to what it was told. */
async function fake(answers: Answers): Promise<{ port: number; told: string[] }> {
  const told: string[] = [];
  const all = { ...answers, ...Object.fromEntries(Object.entries(WELL).filter(([command]) => !(command in answers))) };
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.write('220 fake.test\r\n');
    let data = false;
    createInterface(socket).on('line', (line) => {
      if (data && line !== '.') return;
      data = false;
      told.push(line);
      const known = Object.keys(all).find((command) => line.startsWith(command));
      const answer = known === undefined ? '250 2.0.0 Ok' : (all[known] ?? null);
      if (answer === null) return void socket.destroy();
      data = answer.startsWith('354');
      socket.write(`${answer}\r\n`);
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void server.close());
  return { port: (server.address() as AddressInfo).port, told };
}

const sending: Sending = {
  sender: 'app@client.test',
  recipients: ['a@shop.test', 'b@shop.test'],
  raw: Buffer.from('Subject: x\r\n\r\ny\r\n'),
};

const send = (port: number, more: Partial<Sending> = {}): Promise<Sent> =>
  sendTo(
    { address: '127.0.0.1', port, settings: optionsToConfig().config, sessionOf: (client) => `session of ${client.replace(/\d+$/, '…')}` },
    { ...sending, ...more },
  );

const sessionId = 'session of 127.0.0.1:…';

describe('a message that is taken', () => {
  it('has the id that the server says', async () => {
    const { port } = await fake({});
    expect(await send(port)).toEqual({ id: 'm1', sessionId, refused: [] });
  });

  it('tells which recipients were not', async () => {
    const { port } = await fake({ 'RCPT TO:<b@': '452-4.2.2 the mailbox\r\n452 4.2.2 is full' });
    expect(await send(port)).toMatchObject({
      id: 'm1',
      refused: [{ recipient: 'b@shop.test', code: 452, enhanced: '4.2.2', text: 'the mailbox is full' }],
    });
  });

  it('is sent to the very addresses that were given', async () => {
    const { port, told } = await fake({});
    await send(port, { sender: 'Jörg@Bücher.test', recipients: ['Ann+Tag@Shop.test'], raw: Buffer.from('Subject: ü\r\n\r\n') });
    expect(told.slice(1, 3)).toEqual(['MAIL FROM:<Jörg@Bücher.test> SMTPUTF8 BODY=8BITMIME', 'RCPT TO:<Ann+Tag@Shop.test>']);
  });

  it('may have the null sender', async () => {
    const { port, told } = await fake({});
    await send(port, { sender: '' });
    expect(told[1]).toBe('MAIL FROM:<>');
  });
});

describe('a message that is refused', () => {
  it.each<[string, Answers, object]>([
    [
      'the sender',
      { MAIL: '530 5.7.0 Authentication required' },
      { stage: 'mail', code: 530, enhanced: '5.7.0', text: 'Authentication required' },
    ],
    [
      'every recipient',
      { RCPT: '550 5.1.1 no such user' },
      {
        stage: 'rcpt',
        code: 550,
        refused: ['a@shop.test', 'b@shop.test'].map((recipient) => ({ recipient, code: 550, enhanced: '5.1.1', text: 'no such user' })),
      },
    ],
    ['the data', { DATA: '451 later' }, { stage: 'data', code: 451, enhanced: null, text: 'later' }],
    [
      'the message',
      { '.': '552 5.2.2 mailbox full' },
      { stage: 'end-of-data', code: 552, enhanced: '5.2.2', text: 'mailbox full', refused: [] },
    ],
    ['the client', { EHLO: '421 4.3.2 not now', HELO: '421 4.3.2 not now' }, { stage: 'ehlo', code: 421, text: 'not now' }],
    ['by hanging up', { 'RCPT TO:<b@': null }, { stage: null, code: null, enhanced: null }],
    ['by an answer without an id', { '.': '250 thanks' }, { stage: null, code: null, text: '250 thanks' }],
  ])('%s says where, how and in which session', async (_what, answers, details) => {
    const { port } = await fake(answers);
    await expect(send(port)).rejects.toMatchObject({ code: 'unprocessable', details: { sessionId, ...details } });
  });

  it('by nobody who listens says so', async () => {
    const { port } = await fake({});
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port: free } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    expect(free).not.toBe(port);
    await expect(send(free)).rejects.toMatchObject({ code: 'unprocessable', details: { stage: null, code: null, sessionId: null } });
  });
});
