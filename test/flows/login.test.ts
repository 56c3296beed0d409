// Real clients log in, deliver by LMTP, and are refused by what the settings ask for.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Mailrig } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';
import type { ListOf, MessageDetail, Summary } from '../../server/http/contract/types.ts';

const run = promisify(execFile);
let rig: Mailrig;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailrig-login-'));
  const users = join(folder, 'users.txt');
  await writeFile(users, 'jo@shop.test:se cret\n');
  rig = createMailrig({ users, accounts: 'listed', senders: 'own', lmtpPort: 0 });
  await rig.start();
});

afterAll(async () => {
  await rig.stop();
  await rm(folder, { recursive: true });
});

const newest = async (): Promise<MessageDetail> => {
  const list = (await (await fetch(new URL('/v1/messages', rig.url))).json()) as ListOf<Summary>;
  return (await (await fetch(new URL(`/v1/messages/${list.items[0]?.id}`, rig.url))).json()) as MessageDetail;
};

const mail = (subject: string) => ({ from: 'jo+app@shop.test', to: 'jo@shop.test', subject, text: 'hi' });

describe('nodemailer', () => {
  const transport = (auth: object) => createTransport({ host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true, ...auth });

  it.each([
    ['PLAIN', 'jo@shop.test'],
    ['LOGIN', 'jo@shop.test'],
    ['CRAM-MD5', 'JO@shop.test'],
  ])('logs in by %s', async (method, user) => {
    await transport({ authMethod: method, auth: { user, pass: 'se cret' } }).sendMail(mail(method));
    expect(await newest()).toMatchObject({ subject: method, user });
  });

  it.each(['PLAIN', 'LOGIN', 'CRAM-MD5'])('is refused by %s with a wrong password', async (authMethod) => {
    const sent = transport({ authMethod, auth: { user: 'jo@shop.test', pass: 'secret' } }).sendMail(mail('no'));
    await expect(sent).rejects.toMatchObject({ code: 'EAUTH', responseCode: 535 });
  });

  it('is refused with a token that is not the password', async () => {
    const auth = { type: 'OAuth2', user: 'jo@shop.test', accessToken: 'wrong' };
    await expect(transport({ auth }).sendMail(mail('no'))).rejects.toMatchObject({ code: 'EAUTH', responseCode: 535 });
  });

  it("may not send as somebody else, nor to who isn't there", async () => {
    const auth = { user: 'jo@shop.test', pass: 'se cret' };
    await expect(transport({ auth }).sendMail({ ...mail('no'), from: 'root@shop.test' })).rejects.toMatchObject({ responseCode: 553 });
    await expect(transport({ auth }).sendMail({ ...mail('no'), to: 'joe@shop.test' })).rejects.toMatchObject({ responseCode: 550 });
  });
});

describe("Python's smtplib", () => {
  const python = async (...lines: string[]): Promise<string> => (await run('python3', ['-c', lines.join('\n')])).stdout.trim();

  it('logs in by the mechanism that it likes best, CRAM-MD5', async () => {
    const said = await python(
      'import smtplib',
      `s = smtplib.SMTP('127.0.0.1', ${rig.ports.smtp})`,
      "print(s.login('jo@shop.test', 'se cret')[0])",
      "print(s.sendmail('jo@shop.test', ['jo@shop.test'], 'Subject: python\\n\\nhi'))",
    );
    expect(said).toBe('235\n{}');
  });

  it('delivers by LMTP', async () => {
    const said = await python(
      'import smtplib',
      `s = smtplib.LMTP('127.0.0.1', ${rig.ports.lmtp})`,
      's.ehlo_or_helo_if_needed()',
      "s.login('jo@shop.test', 'se cret')",
      "print(s.sendmail('jo@shop.test', ['jo@shop.test', 'jo+2@shop.test'], 'Subject: lmtp\\n\\nhi'))",
      's.quit()',
    );
    expect(said).toBe('{}');
    expect(await newest()).toMatchObject({ subject: 'lmtp', source: 'lmtp', host: 'lmtp' });
  });
});
