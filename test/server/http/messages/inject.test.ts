import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../../server/base/errors.ts';
import type { ErrorBody, MessageDetail } from '../../../../server/http/contract/types.ts';
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

describe('a message made in answer to another', () => {
  it('says so in the fields that threads are made of', async () => {
    const rig = await createRig();
    const references = Array.from({ length: 60 }, (_, n) => `<message-${n}@client.test>`).join(' ');
    const { id, ...rest } = (await rig.json('/v1/messages', {
      method: 'POST',
      json: {
        from: 'jo@shop.test',
        to: 'app@client.test',
        text: 'Yes',
        headers: { 'In-Reply-To': '<message-59@client.test>', References: references },
      },
    })) as unknown as { id: string };
    expect(rest).toEqual({ sessionId: null, refused: [] });
    const { headers } = (await rig.json(`/v1/messages/${id}`)) as unknown as MessageDetail;
    const value = (name: string): string | undefined => headers.find((header) => header.name === name)?.value;
    expect([value('In-Reply-To'), value('References')]).toEqual(['<message-59@client.test>', references]);
  });
});

describe('addresses', () => {
  it('outside ASCII stand in the envelope and in the header', async () => {
    const rig = await createRig();
    const { id } = (await rig.json('/v1/messages', {
      method: 'POST',
      json: { from: 'Jörg <jörg@müller.test>', to: ['用户@例子.test'], subject: '你好, Jörg', text: 'ü' },
    })) as unknown as { id: string };
    const whole = (await rig.json(`/v1/messages/${id}`)) as unknown as MessageDetail;
    expect(whole).toMatchObject({
      subject: '你好, Jörg',
      from: [{ name: 'Jörg' }],
      envelope: { sender: 'jörg@müller.test', recipients: ['用户@例子.test'] },
    });
    expect(whole.from[0]?.address).toMatch(/^jörg@(müller|xn--mller-kva)\.test$/);
  });

  it.each<[string, object, string]>([
    ['from', { from: 'nobody' }, '"nobody"'],
    ['from', { from: 'Jo <jo>' }, '"jo"'],
    ['from', { from: '<>' }, '"<>"'],
    ['to', { to: ['jo@shop.test', 'ann'] }, '"ann"'],
    ['cc', { cc: 'jo@shop_.test..' }, '"jo@shop_.test.."'],
    ['bcc', { bcc: ['jo@'] }, '"jo@"'],
    ['bcc', { bcc: [`${'x'.repeat(65)}@shop.test`] }, 'longer than 64 octets'],
    ['rcpt', { to: [] }, 'no recipient'],
  ])('in %s that are none are named: %j', async (field, json, words) => {
    const rig = await createRig();
    const answer = await rig.ask('/v1/messages', {
      method: 'POST',
      json: { from: 'app@client.test', to: 'jo@shop.test', text: 'x', ...json },
    });
    const { error } = (await answer.json()) as ErrorBody;
    expect([answer.status, error.details?.['field']]).toEqual([400, field]);
    expect(error.message).toContain(words);
  });

  it('of a header that are none are not taken for the null path', async () => {
    const rig = await createRig();
    expect(await (await raw(rig, message({ To: 'Jo' }))).json()).toMatchObject({ error: { details: { field: 'rcpt' } } });
    expect(await (await raw(rig, message(), '?rcpt=')).json()).toMatchObject({ error: { details: { field: 'rcpt' } } });
    expect((await raw(rig, message({ From: 'Cron', To: 'jo@shop.test' }))).status).toBe(201);
  });
});

describe('a message sent through the submission server', () => {
  const json = { from: 'app@client.test', to: 'jo@shop.test', text: 'Hello' };

  it('takes the way of a client', async () => {
    const sent: SmtpMessage[] = [];
    const refused = [{ recipient: 'x@shop.test', code: 452, enhanced: '4.5.3', text: 'Too many recipients' }];
    const rig = await createRig({
      deps: { sendViaSmtp: (given) => Promise.resolve({ id: `sent-${sent.push(given)}`, sessionId: 's1', refused }) },
    });
    expect(await rig.json('/v1/messages?via=smtp', { method: 'POST', json })).toEqual({ id: 'sent-1', sessionId: 's1', refused });
    expect(sent[0]).toMatchObject({ sender: 'app@client.test', recipients: ['jo@shop.test'] });
    expect(sent[0]?.raw.toString()).toContain('\r\n\r\nHello');
  });

  it('is refused in the words of that server', async () => {
    const details = { stage: 'rcpt', code: 552, enhanced: '5.2.2', text: 'mailbox full', sessionId: 's1', refused: [] };
    const refusal = new Refusal('unprocessable', '552 5.2.2 mailbox full', details);
    const rig = await createRig({ deps: { sendViaSmtp: () => Promise.reject(refusal) } });
    const answer = await rig.ask('/v1/messages?via=smtp', { method: 'POST', json });
    expect([answer.status, await answer.json()]).toMatchObject([422, { error: { message: '552 5.2.2 mailbox full', details } }]);
  });

  it('is refused where there is none', async () => {
    const rig = await createRig();
    expect((await rig.ask('/v1/messages?via=smtp', { method: 'POST', json })).status).toBe(422);
  });
});
