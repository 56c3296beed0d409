// How conversations of each protocol stand, told while they go on and when they are over.

import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Mailrig } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';
import type { ListOf, SessionDetail, SessionSummary, Summary } from '../../server/http/contract/types.ts';
import { Client } from '../conversations/client.ts';

let rig: Mailrig;
beforeAll(async () => {
  rig = createMailrig();
  await rig.start();
});
afterAll(() => rig.stop());

const get = async <T>(path: string): Promise<T> => (await (await fetch(new URL(`/v1/${path}`, rig.url))).json()) as T;
const newest = async (protocol: string): Promise<SessionSummary> => {
  const [item] = (await get<ListOf<SessionSummary>>(`sessions?q=protocol:${protocol}&limit=1`)).items;
  if (!item) throw new Error(`no session of ${protocol}`);
  return item;
};
const SMTP = ['EHLO web-1', 'MAIL FROM:<a@b.test>', 'RCPT TO:<jo@shop.test>', 'DATA', 'Subject: x\r\n\r\nHello\r\n.'];

async function smtp(...lines: string[]): Promise<Client> {
  const client = await Client.connect(rig.ports.smtp ?? 0);
  await client.reply();
  for (const line of lines) await client.ask(line);
  return client;
}

/** Sends lines, and reads on to the one that begins with the last tag. */
async function imap(...lines: string[]): Promise<Client> {
  const client = await Client.connect(rig.ports.imap ?? 0);
  for (const [i, line] of lines.entries()) {
    client.send(`${i} ${line}\r\n`);
    for (let said = await client.line(); said !== null && !said.startsWith(`${i} `) && !said.startsWith('+');) said = await client.line();
  }
  return client;
}

it('SMTP: who speaks, its last command, the messages that it made', async () => {
  const client = await smtp(...SMTP);
  expect(await newest('smtp')).toMatchObject({
    helo: 'web-1',
    command: 'DATA',
    commands: 4,
    messageCount: 1,
    failure: null,
    closedAt: null,
  });
  const { id } = await newest('smtp');
  await client.ask('QUIT');
  client.end();
  await vi.waitFor(async () => expect(await newest('smtp')).toMatchObject({ command: 'QUIT', closedAt: expect.any(String) as string }));
  const made = await get<ListOf<Summary>>(`messages?q=session:${id}`);
  expect(made.items.map(({ subject, sessionId }) => [subject, sessionId])).toEqual([['x', id]]);
});

it.each([
  ['the first refusal that others follow from', ['EHLO a', 'MAIL FROM:<a@b.test>', 'RCPT TO:<a', 'DATA', 'RSET', 'QUIT'], /^501 5\.1\.3/],
  ['none once it worked after all', ['EHLO a', 'DATA', 'MAIL FROM:<a@b.test>', 'RSET', 'QUIT'], null],
])('SMTP: what went wrong is %s', async (_, lines, failure) => {
  const client = await smtp(...lines);
  client.end();
  const session = await newest('smtp');
  if (failure === null) expect(session.failure).toBe(null);
  else expect(session.failure).toMatch(failure);
});

it('SMTP: a client that leaves in the middle of a message failed', async () => {
  const client = await smtp(...SMTP.slice(0, 3));
  client.destroy();
  await vi.waitFor(async () => expect((await newest('smtp')).failure).toBe('left in the middle of a message'));
});

it('IMAP: who, in which mailbox, doing what, and long answers as their size', async () => {
  const sending = await smtp('EHLO many');
  for (let i = 0; i < 230; i++) for (const line of SMTP.slice(1)) await sending.ask(line.replace('jo@', 'many@'));
  await sending.ask('QUIT');
  const client = await imap('LOGIN many@shop.test secret', 'SELECT INBOX', 'FETCH 1:* (FLAGS)', 'FETCH 1 BODY[]', 'IDLE');
  const session = await newest('imap');
  expect(session).toMatchObject({ user: 'many@shop.test', mailbox: 'INBOX', command: 'IDLE', failure: null, commands: 5 });
  const { lines } = await get<SessionDetail>(`sessions/${session.id}`);
  const texts = lines.map(({ text, bytes }) => (bytes === null ? text : `${bytes} octets`));
  expect(texts).toContain('0 LOGIN many@shop.test ••••');
  expect(texts.filter((text) => text.includes(' FETCH (FLAGS')).length).toBeLessThan(230);
  expect(texts.some((text) => /^\d{3,} octets$/.test(text))).toBe(true);
  client.send('DONE\r\n9 LOGOUT\r\n');
  client.end();
  await client.rest();
  await vi.waitFor(async () => expect(await newest('imap')).toMatchObject({ command: 'LOGOUT', failure: null }));
});

it('IMAP: a login that was refused', async () => {
  const client = await imap('SELECT INBOX', 'LOGOUT');
  await client.rest();
  expect((await newest('imap')).failure).toBe('BAD Log in first');
});

it('POP3: the last command, and a refusal', async () => {
  const client = await Client.connect(rig.ports.pop3 ?? 0);
  for (const line of ['', 'USER jo@shop.test', 'PASS secret', 'STAT', 'RETR 99', 'QUIT']) {
    if (line !== '') client.send(`${line}\r\n`);
    await client.line();
  }
  client.end();
  await vi.waitFor(async () => expect((await newest('pop3')).closedAt).not.toBe(null));
  expect(await newest('pop3')).toMatchObject({ user: 'jo@shop.test', command: 'QUIT', commands: 5, failure: '-ERR No such message' });
});

it('is closed by whoever asks for it, and says so to the client', async () => {
  const client = await imap('LOGIN jo@shop.test secret', 'IDLE');
  const { id } = await newest('imap');
  expect(await (await fetch(new URL(`/v1/sessions/${id}/close`, rig.url), { method: 'POST' })).json()).toEqual({ closed: true });
  expect(await client.rest()).toContain('* BYE Closed by the operator');
});
