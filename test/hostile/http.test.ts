// Pages, programs and mails that mean harm, against a real HTTP server.

import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { serveHttp } from '../../server/http/serve.ts';
import type { HttpServer } from '../../server/http/serve.ts';
import { createRig, message } from '../server/http/rig.ts';
import type { Rig } from '../server/http/rig.ts';

let rig: Rig;
let server: HttpServer;
beforeAll(async () => {
  rig = await createRig();
  server = await serveHttp(rig.deps, { addresses: ['127.0.0.1'], port: 0 });
});
afterAll(() => server.close());

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** Sends exactly these fields: `fetch` would set Host and Origin as it likes. */
const ask = (
  path: string,
  { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port: server.port, path, method, headers, agent: false }, (answer) => {
      text(answer).then((received) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: received }), reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });

describe('a page that points its own name at this machine', () => {
  it.each([
    '/',
    '/v1/messages',
    '/v1/messages/latest/raw',
    '/v1/messages/latest/preview',
    '/v1/events',
    '/v1/live',
    '/v1/docs',
    '/v1/ca.pem',
  ])('is turned away from %s', async (path) => {
    await rig.send();
    const answer = await ask(path, {
      headers: { host: `evil.test:${server.port}`, origin: `http://evil.test:${server.port}`, 'sec-fetch-site': 'same-origin' },
    });
    expect([answer.status, answer.body.includes('is not known as')]).toEqual([403, true]);
  });

  it('is not helped by the fields of a proxy', async () => {
    expect(
      (await ask('/v1/info', { headers: { host: 'evil.test', 'x-forwarded-host': 'localhost', forwarded: 'host=localhost' } })).status,
    ).toBe(403);
  });
});

describe('a page of another origin', () => {
  const origin = 'https://evil.test';

  it.each<[string, string, string | undefined, Record<string, string>]>([
    ['POST', '/v1/messages', '{"from":"a@b.test","to":"c@d.test"}', { 'content-type': 'application/json' }],
    ['POST', '/v1/messages', 'x', { 'content-type': 'text/plain' }],
    ['POST', '/v1/reset', undefined, {}],
    ['POST', '/v1/login', '{"user":"a","password":"b"}', { 'content-type': 'application/json' }],
    ['DELETE', '/v1/messages', undefined, {}],
    ['PATCH', '/v1/messages', '{"q":"","set":{"read":true}}', { 'content-type': 'application/json' }],
    ['GET', '/v1/events', undefined, {}],
    ['OPTIONS', '/v1/messages', undefined, { 'access-control-request-method': 'DELETE' }],
  ])('may not %s %s', async (method, path, body, headers) => {
    const answer = await ask(path, { method, ...(body !== undefined && { body }), headers: { ...headers, host: 'localhost', origin } });
    expect([answer.status, answer.headers['access-control-allow-origin']]).toEqual([403, undefined]);
  });

  it('may not open a WebSocket, the way in which other tools were read by any page', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${server.port}/v1/live`, { origin });
    await expect(new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject))).rejects.toThrow('403');
  });
});

describe('whatever a mail is made of', () => {
  const hostile = readFileSync(new URL('../../fixtures/hostile/preview.eml', import.meta.url));
  const routes = [
    'raw',
    'headers',
    'text',
    'html',
    'parts/1',
    'parts/1.1',
    'parts/1.2',
    'parts/2',
    'parts/3',
    'parts/4',
    'preview',
    'preview?remote=1',
  ];

  it.each(routes)('/%s gives it no rights', async (route) => {
    const id = await rig.send({ raw: hostile });
    const { status, headers } = await ask(`/v1/messages/${id}/${route}`);
    expect([200, 404]).toContain(status);
    if (status === 404) return;
    const policy = headers['content-security-policy'] ?? '';
    expect(policy).toMatch(/^sandbox(;| allow-popups allow-popups-to-escape-sandbox;) default-src 'none'/);
    expect(policy).not.toMatch(/allow-(scripts|same-origin|forms|top-navigation|modals)/);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    if (!route.startsWith('preview')) expect(headers['content-type']).toMatch(/^(text\/plain; charset=utf-8|application\/octet-stream)$/);
    if (route.startsWith('parts')) expect(headers['content-disposition']).toMatch(/^attachment/);
  });

  it('its pieces never become a header field of ours', async () => {
    const nasty = fc.string({
      unit: fc.constantFrom('a', '"', '\\', '\r', '\n', ';', '/', '.', '%', '\0', '\u202e', 'é', '😀', ' ', ':'),
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(nasty, async (name) => {
        const encoded = Buffer.from(name).toString('base64');
        const raw = message({
          Subject: `=?utf-8?b?${encoded}?=`,
          'Content-Type': 'application/pdf',
          'Content-Disposition': `attachment; filename*=utf-8''${encodeURIComponent(name)}`,
        });
        const id = await rig.send({ raw });
        const { status, headers } = await ask(`/v1/messages/${id}/parts/1`);
        expect(status).toBe(200);
        expect(headers['content-disposition']).toMatch(
          /^attachment(; filename="[\x20\x21\x23-\x5b\x5d-\x7e]*"; filename\*=UTF-8''[\w.!~%-]+)?$/,
        );
        expect(headers['content-disposition']).not.toMatch(/[/\\]|%2F|%5C|%00|%0[AD]/i);
        expect(Object.keys(headers).filter((field) => /^(set-cookie|a)$/.test(field))).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('an id out of a mail or a path reaches nothing', async () => {
    for (const id of ['..%2f..%2fetc%2fpasswd', '%00', '<script>', '%E0%A4%A', 'constructor', '__proto__', 'a'.repeat(5_000)]) {
      const { status } = await ask(`/v1/messages/${id}/raw`);
      expect([id, [400, 404].includes(status)]).toEqual([id, true]);
    }
  });
});

describe('a request that means harm', () => {
  const post = (body: string, path = '/v1/messages'): Promise<Answer> =>
    ask(path, { method: 'POST', body, headers: { host: 'localhost', 'content-type': 'application/json' } });

  it.each<[string, string]>([
    ['a prototype', '{"__proto__":{"polluted":1},"from":"a@b.test","to":"c@d.test"}'],
    ['a prototype in the header fields', '{"from":"a@b.test","to":"c@d.test","headers":{"__proto__":"x","constructor":"y"}}'],
    ['very deep JSON', `${'['.repeat(200_000)}${']'.repeat(200_000)}`],
    ['a file to be read', '{"from":"a@b.test","to":"c@d.test","text":{"path":"/etc/passwd"}}'],
    ['an attachment to be read', '{"from":"a@b.test","to":"c@d.test","attachments":[{"filename":"x","path":"/etc/passwd"}]}'],
    ['an attachment to be fetched', '{"from":"a@b.test","to":"c@d.test","attachments":[{"filename":"x","href":"http://127.0.0.1/"}]}'],
    ['a field within an address', '{"from":"a@b.test\\r\\nBcc: x@y.test","to":"c@d.test"}'],
    [
      'a field within a content type',
      '{"from":"a@b.test","to":"c@d.test","attachments":[{"filename":"x","contentType":"a/b\\r\\nX: y","content":""}]}',
    ],
  ])('with %s does none', async (_what, body) => {
    const answer = await post(body);
    expect([201, 400]).toContain(answer.status);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
    if (answer.status === 201) {
      const raw = await ask(`/v1/messages/${(JSON.parse(answer.body) as { id: string }).id}/raw`);
      expect(raw.body).not.toMatch(/root:|^Bcc:|^X: y/m);
    }
  });

  it('cannot make a query cost the server its time', async () => {
    await rig.send({ raw: message({ Subject: 'a'.repeat(900) }) });
    for (const q of [
      `${'('.repeat(5_000)}`,
      `${'-'.repeat(5_000)}a`,
      `subject:${'*a'.repeat(40)}b`,
      '"'.repeat(999),
      'a OR '.repeat(1_900) + 'b',
    ]) {
      const { status } = await ask(`/v1/messages?q=${encodeURIComponent(q)}`);
      expect([200, 400]).toContain(status);
    }
  });
});
