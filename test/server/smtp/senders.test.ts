// nodemailer as a client that somebody else wrote: plain, over TLS, logged in, pooled.

import { createTransport } from 'nodemailer';
import type { SMTPTransportOptions } from 'nodemailer';
import { describe, expect, it } from 'vitest';
import { startSmtp, USER } from '../../conversations/smtp-server.ts';
import type { TestServer } from '../../conversations/smtp-server.ts';

const MAIL = { from: 'App <app@client.test>', to: ['jo@shop.test', 'Ann <ann@shop.test>'], subject: 'Grüße', text: 'one\n.\n..two\n' };
const AUTH = { user: USER.user, pass: USER.password };

const overTls = ({ ca }: TestServer) => ({ tls: { ca, servername: 'localhost' } });

async function send(server: TestServer, options: SMTPTransportOptions = {}, mail: object = MAIL) {
  const transport = createTransport({ host: '127.0.0.1', port: server.port, ignoreTLS: true, ...options });
  try {
    return await transport.sendMail(mail);
  } finally {
    transport.close();
  }
}

describe('nodemailer', () => {
  it('sends in clear text, and the message arrives as it wrote it', async () => {
    await using server = await startSmtp();
    const info = await send(server);
    expect(info).toMatchObject({ accepted: ['jo@shop.test', 'ann@shop.test'], rejected: [], response: '250 2.0.0 Ok: queued as id-1' });
    const [message] = server.messages;
    expect(message?.origin).toMatchObject({ protocol: 'ESMTP', user: null });
    expect(message?.envelope.sender).toBe('app@client.test');
    expect(message?.raw.toString()).toMatch(/\r\n\r\none\r\n\.\r\n\.\.two\r\n$/);
  });

  it('sends after STARTTLS with our authority trusted', async () => {
    await using server = await startSmtp({ settings: { requireTls: true } });
    await send(server, { ignoreTLS: false, requireTLS: true, ...overTls(server) });
    expect(server.messages[0]?.origin.protocol).toBe('ESMTPS');
    expect(server.sessions.list()[0]?.tls).toMatch(/^TLSv1\.3 TLS_/);
  });

  it('refuses our certificate where the authority is not trusted', async () => {
    await using server = await startSmtp();
    await expect(send(server, { ignoreTLS: false, requireTLS: true })).rejects.toMatchObject({ code: 'ESOCKET' });
    expect([server.messages, server.errors]).toEqual([[], []]);
  });

  it('sends over TLS from the first octet, also an older version', async () => {
    await using server = await startSmtp({ tls: 'implicit' });
    await send(server, { secure: true, ...overTls(server) });
    await send(server, { secure: true, tls: { ...overTls(server).tls, maxVersion: 'TLSv1.2' } });
    expect(server.messages.map(({ origin }) => origin.protocol)).toEqual(['ESMTPS', 'ESMTPS']);
    expect(server.sessions.list()[0]?.tls).toMatch(/^TLSv1\.2 /);
  });

  it.each(['PLAIN', 'LOGIN'])('logs in by %s', async (authMethod) => {
    await using server = await startSmtp({ settings: { requireAuth: true } });
    await send(server, { auth: AUTH, authMethod });
    expect(server.messages[0]?.origin).toMatchObject({ protocol: 'ESMTPA', user: USER.user });
    const transcript =
      server.sessions
        .list()[0]
        ?.lines.map(({ text }) => text)
        .join('\n') ?? '';
    expect(transcript).toContain(`AUTH ${authMethod}`);
    expect(transcript).not.toContain(Buffer.from(USER.password).toString('base64').slice(0, 8));
  });

  it('is told that a password is wrong or missing', async () => {
    await using server = await startSmtp({ settings: { requireAuth: true } });
    await expect(send(server, { auth: { ...AUTH, pass: 'wrong' } })).rejects.toMatchObject({ code: 'EAUTH', responseCode: 535 });
    await expect(send(server)).rejects.toMatchObject({ responseCode: 530 });
  });

  it('passes delivery status parameters and international addresses', async () => {
    await using server = await startSmtp();
    const dsn = { id: 'x=1', return: 'headers', notify: ['failure', 'delay'], recipient: 'orig@shop.test' };
    await send(server, {}, { ...MAIL, to: 'jörg@shop.test', dsn });
    expect(server.messages[0]?.envelope).toMatchObject({
      ret: 'HDRS',
      envid: 'x=1',
      smtputf8: true,
      recipients: [{ address: 'jörg@shop.test', notify: ['FAILURE', 'DELAY'], orcpt: 'rfc822;orig@shop.test' }],
    });
  });

  it('sends a large message whole, in clear text and over TLS', async () => {
    await using server = await startSmtp({ settings: { maxMessageSize: 0 } });
    const content = Buffer.from(Array.from({ length: 3_000_000 }, (_, i) => (i * 7919) % 256));
    for (const options of [{}, { ignoreTLS: false, requireTLS: true, ...overTls(server) }]) {
      await send(server, options, { ...MAIL, attachments: [{ filename: 'a.bin', content }] });
    }
    for (const { raw } of server.messages) {
      const [, encoded = ''] = /filename=a\.bin\r\n\r\n([A-Za-z0-9+/=\r\n]+)\r\n--/.exec(raw.toString('latin1')) ?? [];
      expect(Buffer.from(encoded, 'base64').equals(content)).toBe(true);
    }
    expect(server.messages.length).toBe(2);
  });

  it('is told before it sends that the message is too large', async () => {
    await using server = await startSmtp({ settings: { maxMessageSize: 1_000 } });
    await expect(send(server, {}, { ...MAIL, text: 'x'.repeat(2_000) })).rejects.toMatchObject({ responseCode: 552 });
    expect(server.messages).toEqual([]);
  });

  it('sends a hundred messages over a pool of connections', async () => {
    await using server = await startSmtp();
    const transport = createTransport({ host: '127.0.0.1', port: server.port, pool: true, maxConnections: 5, ignoreTLS: true });
    await Promise.all(Array.from({ length: 100 }, (_, i) => transport.sendMail({ ...MAIL, subject: `mail ${i}` })));
    transport.close();
    const subjects = server.messages.map(({ raw }) => /Subject: (.*)\r/.exec(raw.toString())?.[1]);
    expect(new Set(subjects).size).toBe(100);
    expect(server.sessions.list().length).toBe(5);
  });
});
