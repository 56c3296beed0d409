// The first whole way through: an app sends, the message is kept, a test reads it and a listener hears of it.

import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { Mailrig } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';
import type { Frame, ListOf, MessageDetail, SessionDetail, Summary } from '../../server/http/contract/types.ts';
import { senders } from './senders.ts';

let rig: Mailrig;
let folder: string;

beforeAll(async () => {
  rig = createMailrig();
  await rig.start();
  folder = await mkdtemp(join(tmpdir(), 'mailrig-flows-'));
});

afterAll(async () => {
  await rig.stop();
  await rm(folder, { recursive: true });
});

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(new URL(`/v1${path}`, rig.url));
  expect(answer.status, path).toBe(200);
  return (await answer.json()) as T;
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Everything that a relay may be tempted to mend: dots, trailing spaces, 8-bit text, a long line. */
const ODD = Buffer.from(
  [
    'From: "Grüße" <app@client.test>',
    'To: jo@shop.test',
    'Date: Tue, 24 Nov 2026 12:00:00 +0000',
    'Message-ID: <odd@client.test>',
    'Bcc: boss@corp.test',
    'Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: 8bit',
    '',
    '.',
    '..two dots',
    '.hidden',
    'trailing spaces   ',
    '\ttab and ñandú, 漢字',
    'x'.repeat(990),
    '',
    'From here no ">" is put before From',
    'the end',
    '',
  ].join('\r\n'),
);

describe('byte for byte as it was sent by', () => {
  test.each(senders.map((sender) => [sender.name, sender] as const))('%s', async (name, sender) => {
    const recipient = `${name.replace(/\W/g, '').toLowerCase()}@shop.test`;
    const waiting = get<{ items: MessageDetail[] }>(`/messages/wait?timeout=15s&q=${encodeURIComponent(`rcpt:${recipient}`)}`);
    await sender.send({ port: rig.ports.smtp ?? 0, sender: 'app@client.test', recipient, raw: ODD, folder });
    const message = (await waiting).items[0];
    expect(message?.envelope).toMatchObject({ sender: 'app@client.test', recipients: [recipient] });
    expect(message?.subject).toBe('Grüße');
    const raw = Buffer.from(await (await fetch(new URL(`/v1/messages/${message?.id}/raw`, rig.url))).arrayBuffer());
    expect(raw.toString('latin1')).toBe(ODD.toString('latin1'));
    expect(sha256(raw)).toBe(sha256(ODD));
  });
});

test('a listener hears of the message, with its summary, and the list has it', async () => {
  const socket = new WebSocket(new URL('/v1/live', rig.url.replace('http', 'ws')));
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  const heard = new Promise<Summary>((resolve) => {
    socket.on('message', (data: Buffer) => {
      const frame = JSON.parse(data.toString()) as Frame;
      for (const event of 'events' in frame ? frame.events : []) {
        if (event.type === 'message.added' && event.summary.subject === 'live') resolve(event.summary);
      }
    });
  });
  const [nodemailer] = senders;
  const raw = Buffer.from('From: a@b.test\r\nTo: live@shop.test\r\nSubject: live\r\n\r\nhi\r\n');
  await nodemailer?.send({ port: rig.ports.smtp ?? 0, sender: 'a@b.test', recipient: 'live@shop.test', raw, folder });
  const summary = await heard;
  socket.close();
  const list = await get<ListOf<Summary>>('/messages?q=subject:live');
  // Meanwhile it may have been indexed.
  const { snippet: _, attachments: __, ...atOnce } = summary;
  expect(list.items).toMatchObject([atOnce]);
});

test('the transcript shows the conversation that brought it', async () => {
  const list = await get<ListOf<Summary>>('/messages?q=subject:live');
  const { sessionId } = list.items[0] ?? {};
  const session = await get<SessionDetail>(`/sessions/${sessionId}`);
  const lines = session.lines.map(({ side, text }) => `${side} ${text}`);
  expect(lines).toContain('client MAIL FROM:<a@b.test>');
  expect(lines.some((line) => /^server 250 2\.0\.0 .*queued as/.test(line))).toBe(true);
  expect(session.messageIds).toEqual([list.items[0]?.id]);
});

test('a hundred servers in one process share nothing and leave nothing open', async () => {
  const rigs = Array.from({ length: 100 }, () => createMailrig());
  await Promise.all(rigs.map((one) => one.start()));
  const [first, second] = rigs as [Mailrig, Mailrig];
  const raw = Buffer.from('From: a@b.test\r\nTo: one@shop.test\r\nSubject: one\r\n\r\nhi\r\n');
  await senders[0]?.send({ port: first.ports.smtp ?? 0, sender: 'a@b.test', recipient: 'one@shop.test', raw, folder });
  const count = async ({ url }: Mailrig): Promise<number | null> =>
    ((await (await fetch(new URL('/v1/messages', url))).json()) as ListOf<Summary>).total;
  expect([await count(first), await count(second)]).toEqual([1, 0]);
  await Promise.all(rigs.map((one) => one.stop()));
  expect(new Set(rigs.map(({ url }) => url)).size).toBe(100);
});
