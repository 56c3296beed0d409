import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../../server/base/errors.ts';
import type { SmtpMessage } from '../../../../server/http/deps.ts';
import { createRig, message } from '../rig.ts';
import type { Rig } from '../rig.ts';

const raw = (rig: Rig, body: Buffer, query = ''): Promise<Response> =>
  rig.ask(`/v1/messages${query}`, { method: 'POST', headers: { 'content-type': 'message/rfc822' }, body: new Uint8Array(body) });

describe('a whole message put in', () => {
  it.each([
    ['from its header', '', {}, 'app@client.test', ['jo@shop.test']],
    [
      'To, Cc and Bcc',
      '',
      { Cc: '"Ann, B" <ann@shop.test>', Bcc: 'bo@shop.test, jo@shop.test' },
      'app@client.test',
      ['jo@shop.test', 'ann@shop.test', 'bo@shop.test'],
    ],
    ['from the query', '?sender=bounce@client.test&rcpt=x@y.test&rcpt=z@y.test', {}, 'bounce@client.test', ['x@y.test', 'z@y.test']],
    ['the null sender', '?sender=', {}, '', ['jo@shop.test']],
    ['the null sender as a command has it', '?sender=%3C%3E', {}, '', ['jo@shop.test']],
  ])('has its envelope %s', async (_what, query, fields, sender, recipients) => {
    const rig = await createRig();
    const answer = await raw(rig, message(fields), query);
    expect(answer.status).toBe(201);
    const { id } = (await answer.json()) as { id: string };
    expect(await rig.json(`/v1/messages/${id}`)).toMatchObject({
      source: 'http',
      host: 'http',
      sessionId: null,
      envelope: { sender, recipients },
    });
  });

  it('keeps every byte, and every one of many recipients', async () => {
    const rig = await createRig();
    const to = Array.from({ length: 150 }, (_, n) => `r${n}@shop.test`);
    const bytes = Buffer.concat([message({ To: to.join(', ') }), Buffer.from([0, 255, 10, 13, 128])]);
    const { id } = (await (await raw(rig, bytes)).json()) as { id: string };
    expect(Buffer.from(await (await rig.ask(`/v1/messages/${id}/raw`)).arrayBuffer()).equals(bytes)).toBe(true);
    expect(await rig.json(`/v1/messages/${id}`)).toMatchObject({ envelope: { recipientCount: 150 } });
  });

  it.each([
    ['?rcpt=a%0D%0ADATA@b.test', 'rcpt'],
    ['?rcpt=%3Ca@b.test%3E%20SIZE=1', 'rcpt'],
    ['?sender=a%20b@c.test', 'sender'],
  ])('takes no command in the place of an address: %s', async (query, field) => {
    const rig = await createRig();
    expect(await (await raw(rig, message(), query)).json()).toMatchObject({ error: { code: 'malformed', details: { field } } });
  });

  it('is refused when it is larger than a message may be', async () => {
    const rig = await createRig();
    expect((await raw(rig, message({}, 'x'.repeat(1_000_000)))).status).toBe(413);
  });
});

describe('a message made from its parts', () => {
  it('has them all, and nobody but the envelope knows of Bcc', async () => {
    const rig = await createRig();
    const { id } = (await rig.json('/v1/messages', {
      method: 'POST',
      json: {
        from: 'Äpp <app@client.test>',
        to: ['Jo <jo@shop.test>', 'ann@shop.test'],
        cc: 'bo@shop.test',
        bcc: 'secret@shop.test',
        subject: 'Grüße',
        text: 'Hello',
        html: '<p>Hello</p>',
        attachments: [{ filename: 'a.txt', content: Buffer.from('file').toString('base64') }],
        headers: { 'X-Kind': 'test' },
      },
    })) as unknown as { id: string };
    const whole = await rig.json(`/v1/messages/${id}`);
    expect(whole).toMatchObject({
      subject: 'Grüße',
      from: [{ name: 'Äpp', address: 'app@client.test' }],
      text: 'Hello',
      html: expect.stringContaining('<p>Hello</p>') as string,
      attachments: [{ filename: 'a.txt', size: 4 }],
      envelope: { sender: 'app@client.test', recipients: ['jo@shop.test', 'ann@shop.test', 'bo@shop.test', 'secret@shop.test'] },
    });
    expect(JSON.stringify(whole['headers'])).not.toContain('secret@shop.test');
    expect(JSON.stringify(whole['headers'])).toContain('X-Kind');
  });
});

describe('a message sent through the submission server', () => {
  const json = { from: 'app@client.test', to: 'jo@shop.test', text: 'Hello' };

  it('takes the way of a client', async () => {
    const sent: SmtpMessage[] = [];
    const rig = await createRig({ deps: { sendViaSmtp: (given) => Promise.resolve(`sent-${sent.push(given)}`) } });
    expect(await rig.json('/v1/messages?via=smtp', { method: 'POST', json })).toEqual({ id: 'sent-1' });
    expect(sent[0]).toMatchObject({ sender: 'app@client.test', recipients: ['jo@shop.test'] });
    expect(sent[0]?.raw.toString()).toContain('\r\n\r\nHello');
  });

  it('is refused in the words of that server', async () => {
    const rig = await createRig({ deps: { sendViaSmtp: () => Promise.reject(new Refusal('unprocessable', '552 5.2.2 mailbox full')) } });
    const answer = await rig.ask('/v1/messages?via=smtp', { method: 'POST', json });
    expect([answer.status, await answer.json()]).toMatchObject([422, { error: { message: '552 5.2.2 mailbox full' } }]);
  });

  it('is refused where there is none', async () => {
    const rig = await createRig();
    expect((await rig.ask('/v1/messages?via=smtp', { method: 'POST', json })).status).toBe(422);
  });
});
