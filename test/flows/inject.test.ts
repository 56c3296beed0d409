// A message written in the page goes the way of a client's, and what the server said to it can be seen.

import { afterEach, describe, expect, test } from 'vitest';
import type { Mailrig, MailrigOptions } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';
import type { ErrorBody, Injected, MessageDetail, NewMessage, SessionDetail, SmtpRefusal } from '../../server/http/contract/types.ts';

let rig: Mailrig;
afterEach(() => rig.stop());

async function start(options: MailrigOptions = {}): Promise<void> {
  rig = createMailrig({ host: ['127.0.0.1'], ...options });
  await rig.start();
}

const get = async <T>(path: string): Promise<T> => (await (await fetch(new URL(`/v1${path}`, rig.url))).json()) as T;

async function send<T>(mail: Partial<NewMessage>): Promise<{ status: number; body: T }> {
  const answer = await fetch(new URL('/v1/messages?via=smtp', rig.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ from: 'app@client.test', to: 'jo@shop.test', subject: 'Hello', text: 'Hello', ...mail }),
  });
  return { status: answer.status, body: (await answer.json()) as T };
}

/** What was said in a session, by both sides. */
async function said(sessionId: string | null): Promise<string> {
  const { lines } = await get<SessionDetail>(`/sessions/${sessionId}`);
  return lines.map(({ text }) => text).join('\n');
}

test('a message that is taken names the session that brought it', async () => {
  await start();
  const { status, body } = await send<Injected>({});
  expect([status, body.refused]).toEqual([201, []]);
  const message = await get<MessageDetail>(`/messages/${body.id}`);
  expect(message).toMatchObject({ source: 'smtp', sessionId: body.sessionId, subject: 'Hello' });
  expect(await said(body.sessionId)).toContain(`queued as ${body.id}`);
});

test('addresses and a subject outside ASCII go by SMTPUTF8', async () => {
  await start();
  const { body } = await send<Injected>({ from: 'jörg@müller.test', to: '用户@例子.test', subject: '你好' });
  expect(await get<MessageDetail>(`/messages/${body.id}`)).toMatchObject({
    subject: '你好',
    envelope: { sender: 'jörg@müller.test', recipients: ['用户@例子.test'] },
  });
  expect(await said(body.sessionId)).toMatch(/MAIL FROM:<jörg@müller.test> SMTPUTF8/);
});

test('an attachment of 20 MB goes through', async () => {
  await start();
  const content = Buffer.alloc(20 * 1024 * 1024, 'mailrig ').toString('base64');
  const { status, body } = await send<Injected>({ attachments: [{ filename: 'large.bin', content }] });
  expect(status).toBe(201);
  const { attachments } = await get<MessageDetail>(`/messages/${body.id}`);
  expect(attachments).toMatchObject([{ filename: 'large.bin', size: 20 * 1024 * 1024 }]);
});

describe('a server that does not take everything', () => {
  test('names the recipients that it refused', async () => {
    await start({ maxRecipients: 1 });
    const { status, body } = await send<Injected>({ to: ['jo@shop.test', 'ann@shop.test'] });
    expect([status, body.refused]).toEqual([
      201,
      [{ recipient: 'ann@shop.test', code: 452, enhanced: '4.5.3', text: 'Too many recipients' }],
    ]);
    expect(await get<MessageDetail>(`/messages/${body.id}`)).toMatchObject({ envelope: { recipients: ['jo@shop.test'] } });
  });

  test('says where and in which session it refused all of it', async () => {
    await start({ requireAuth: true });
    const { status, body } = await send<ErrorBody>({});
    const details = body.error.details as unknown as SmtpRefusal;
    expect([status, details]).toMatchObject([422, { stage: 'mail', code: 530, enhanced: '5.7.0', text: 'Authentication required' }]);
    expect(await said(details.sessionId)).toContain('530 5.7.0 Authentication required');
  });

  test('says so after the data', async () => {
    await start({ maxMessages: 1 });
    const { body: first } = await send<Injected>({});
    await fetch(new URL('/v1/messages', rig.url), {
      method: 'PATCH',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ids: [first.id], set: { pinned: true } }),
    });
    const { status, body } = await send<ErrorBody>({});
    const details = body.error.details as unknown as SmtpRefusal;
    expect([status, details]).toMatchObject([422, { stage: 'end-of-data', code: 452, enhanced: '4.3.1' }]);
    expect(await said(details.sessionId)).toContain('452 4.3.1');
  });
});
