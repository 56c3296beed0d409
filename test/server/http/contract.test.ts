import { z } from '@hono/zod-openapi';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Rule } from '../../../server/faults/fault.ts';
import type { Endpoint } from '../../../server/http/contract/endpoint.ts';
import { ENDPOINTS } from '../../../server/http/description.ts';
import { createRig, message, session } from './rig.ts';
import type { Rig } from './rig.ts';

interface Asking {
  readonly path?: (id: string) => string;
  readonly json?: unknown;
  readonly body?: string;
  readonly headers?: Record<string, string>;
}

/** The deletion that is undone, told by the server. */
const undone = { undo: '' };

/** With every field that a rule has. */
const FAULT = {
  id: 'f1',
  name: 'all of it',
  enabled: true,
  ttl: '1h',
  on: { protocol: 'smtp', host: null, stage: 'end-of-data' },
  match: { sender: '*@a.test', recipient: { contains: 'jo' }, clientIp: '10.0.0.0/8', header: { 'X-Run': '42' }, size: { over: 10 } },
  when: {
    attempts: { from: 1, to: 3 },
    attemptKey: 'sender+recipient',
    probability: 0.5,
    seed: 2,
    times: 5,
    window: { after: 0, for: '15m' },
    rate: { over: 10, per: '1m', by: 'clientIp' },
  },
  do: [{ delay: { min: '1s', max: 2000 } }, { reply: { code: 451, enhanced: '4.3.0', lines: ['a', 'b'], then: 'close' } }],
};

const RECEIVER = {
  hosts: [
    { name: 'mx1.shop.test', preference: 10, state: 'up' },
    { name: 'mx2.shop.test', backup: 'relays', address: '127.0.0.2', port: 2502 },
  ],
  policy: {
    profile: 'postfix',
    schedule: '5m,10m',
    giveUpAfter: '5d',
    warnAfter: null,
    failover: 'transient',
    tls: 'none',
    dialect: 'exim',
  },
  dns: 'ok',
};

/** One real request for each route that answers JSON: path, query and body. */
const REQUESTS: Readonly<Record<string, Asking>> = {
  'get /messages': { path: () => '/messages?refused=true' },
  'get /messages/facets': {},
  'get /messages/wait': {},
  'patch /messages': { json: { q: '', set: { read: true, tags: { add: ['a'] } } } },
  'delete /messages': { json: { q: 'subject:nothing' } },
  'post /messages': { json: { from: 'a@b.test', to: 'c@d.test', text: 'x' } },
  'post /messages/import': {
    path: () => '/messages/import?format=eml',
    body: 'To: jo@shop.test\r\n\r\nhi\r\n',
    headers: { 'content-type': 'message/rfc822' },
  },
  'post /undo': { json: undone },
  'get /messages/{id}': { path: (id) => `/messages/${id}` },
  'get /messages/{id}/lines': { path: (id) => `/messages/${id}/lines` },
  'get /messages/{id}/transcript': { path: (id) => `/messages/${id}/transcript` },
  'get /messages/{id}/deliveries': { path: (id) => `/messages/${id}/deliveries` },
  'get /accounts': {},
  'get /accounts/{account}/mailboxes': { path: () => '/accounts/*/mailboxes' },
  'post /accounts/{account}/mailboxes': { path: () => '/accounts/*/mailboxes', json: { name: 'Later' } },
  'patch /accounts/{account}/mailboxes/{mailbox}': { path: () => '/accounts/*/mailboxes/Old', json: { name: 'Old times' } },
  'delete /accounts/{account}/mailboxes/{mailbox}': { path: () => '/accounts/jo@shop.test/mailboxes/Old' },
  'get /accounts/{account}/mailboxes/{mailbox}/messages': { path: () => '/accounts/*/mailboxes/INBOX/messages' },
  'patch /accounts/{account}/mailboxes/{mailbox}/messages': {
    path: () => '/accounts/*/mailboxes/INBOX/messages',
    json: { uids: [1], add: ['\\Seen'] },
  },
  'post /accounts/{account}/mailboxes/{mailbox}/messages': {
    path: () => '/accounts/*/mailboxes/INBOX/messages',
    json: { uids: [1], to: 'Archive' },
  },
  'delete /accounts/{account}/mailboxes/{mailbox}/messages': { path: () => '/accounts/*/mailboxes/INBOX/messages', json: { uids: [99] } },
  'get /sessions': {},
  'get /sessions/{id}': { path: () => '/sessions/s1' },
  'post /sessions/{id}/close': { path: () => '/sessions/s1/close' },
  'get /info': {},
  'get /faults/options': {},
  'get /faults/presets': {},
  'post /faults/presets/{name}': { path: () => '/faults/presets/mailbox-full', json: { host: 'submission', ttl: '10m', hard: true } },
  'post /faults/reset': {},
  'get /faults': {},
  'post /faults': {
    path: () => '/faults?before=f1',
    json: { on: { stage: 'rcpt' }, script: ['451 4.7.1 later', { close: true }, 'pass'] },
  },
  'put /faults': { json: [FAULT] },
  'delete /faults': {},
  'get /faults/{id}': { path: () => '/faults/f1' },
  'patch /faults/{id}': { path: () => '/faults/f1', json: { enabled: false } },
  'delete /faults/{id}': { path: () => '/faults/f2' },
  'post /faults/{id}/reset': { path: () => '/faults/f1/reset' },
  'get /faults/{id}/hits': { path: () => '/faults/f1/hits' },
  'get /receivers': {},
  'get /receivers/{domain}': { path: () => '/receivers/shop.test' },
  'put /receivers/{domain}': { path: () => '/receivers/shop.test', json: RECEIVER },
  'delete /receivers/{domain}': { path: () => '/receivers/away.test?force=true' },
  'get /hosts': {},
  'patch /hosts/{name}': { path: () => '/hosts/submission', json: { state: 'busy', for: '15m' } },
  'get /clock': {},
  'post /clock/advance': { json: { by: '1h' } },
  'post /clock/freeze': {},
  'post /clock/resume': {},
  'post /clock/reset': {},
  'post /reset': { json: { scope: { rcpt: 'nobody@shop.test' } } },
};

const nameOf = ({ method, path }: Endpoint): string => `${method} ${path}`;
const answersJson = (endpoint: Endpoint): boolean => endpoint.answer instanceof z.ZodType;

describe('the contract', () => {
  let rig: Rig;
  let id: string;
  beforeAll(async () => {
    rig = await createRig();
    rig.known.set('s1', session({ id: 's1', notes: [{ line: 1, text: 'bare LF' }] }));
    rig.refuse('a@full.test', 'full');
    const raw = message(
      { 'Content-Type': 'multipart/mixed; boundary=b' },
      '--b\r\n\r\nCode 482913 https://a.test\r\n--b\r\nContent-Type: application/pdf; name=a.pdf\r\n\r\n%PDF-1\r\n--b--',
    );
    id = await rig.send({ raw, sessionId: 's1' });
    const other = await rig.send({ raw: message({}, 'deleted') });
    const deletion = await (await rig.ask('/v1/messages', { method: 'DELETE', json: { ids: [other] } })).json();
    undone.undo = (deletion as { undo: string }).undo;
    for (const account of ['*', 'jo@shop.test'])
      await rig.ask(`/v1/accounts/${account}/mailboxes`, { method: 'POST', json: { name: 'Old' } });
  });

  beforeEach(async () => {
    await rig.deps.receivers.put('shop.test', RECEIVER);
    await rig.deps.receivers.put('away.test', { hosts: [], dns: 'null-mx' });
  });

  beforeEach(() => void rig.deps.faults.replace([FAULT, { ...FAULT, id: 'f2' }] as readonly Rule[], 'api'));

  it('has a request below for every route that answers JSON', () => {
    expect(ENDPOINTS.filter(answersJson).map(nameOf).sort()).toEqual(Object.keys(REQUESTS).sort());
  });

  it.each(ENDPOINTS.filter(answersJson).map((endpoint) => [nameOf(endpoint), endpoint] as const))(
    '%s answers what it says',
    async (name, endpoint) => {
      const { path, json, ...raw } = REQUESTS[name] ?? {};
      const answer = await rig.ask(`/v1${path?.(id) ?? endpoint.path}`, {
        method: endpoint.method.toUpperCase(),
        ...raw,
        ...(json !== undefined && { json }),
      });
      const body: unknown = await answer.json();
      expect([answer.status, body]).toEqual([endpoint.status ?? 200, expect.anything()]);
      // What a schema does not name it leaves out: equal means that nothing else is there.
      expect((endpoint.answer as z.ZodType).parse(body)).toEqual(body);
    },
  );

  it('is described for machines, every route of it', async () => {
    const answer = await rig.ask('/v1/openapi.json');
    const document = (await answer.json()) as {
      openapi: string;
      info: { version: string };
      paths: Record<
        string,
        Record<
          string,
          { responses: Record<string, unknown>; parameters?: { name: string; in: string }[]; requestBody?: { content: object } }
        >
      >;
      components: { schemas: Record<string, unknown> };
    };
    expect([document.openapi, document.info.version]).toEqual(['3.1.0', '1.2.3']);
    const routes = Object.entries(document.paths).flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method} ${path}`));
    expect(routes.sort()).toEqual(ENDPOINTS.map(nameOf).sort());
    const list = document.paths['/messages']?.['get'];
    expect(list?.parameters?.map(({ name }) => name)).toEqual([
      'q',
      'account',
      'mailbox',
      'limit',
      'cursor',
      'offset',
      'sort',
      'total',
      'refused',
    ]);
    expect(Object.keys(document.paths['/messages']?.['post']?.requestBody?.content ?? {})).toEqual(['application/json', 'message/rfc822']);
    expect(document.paths['/messages/{id}/preview']?.['get']?.responses['200']).toMatchObject({
      headers: { 'X-Mailrig-Removed': {}, 'X-Mailrig-Remote': {} },
    });

    // Every reference leads somewhere.
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g)].map(([, name = '']) => name);
    expect(references.length).toBeGreaterThan(20);
    expect(references.filter((name) => !(name in document.components.schemas))).toEqual([]);
    for (const name of ['Summary', 'Message', 'Part', 'Session', 'Frame', 'Event', 'Error'])
      expect(Object.keys(document.components.schemas)).toContain(name);
  });

  it('names a base path in the description', async () => {
    const other = await createRig({ settings: { basePath: '/mail' } });
    expect(await other.json('/mail/v1/openapi.json')).toMatchObject({ servers: [{ url: '/mail/v1' }] });
  });
});

describe('the server about itself', () => {
  it('gives its certificate authority, where it has one', async () => {
    const rig = await createRig();
    const answer = await rig.ask('/v1/ca.pem');
    expect([answer.headers.get('content-type'), await answer.text()]).toEqual(['application/x-pem-file', '-----BEGIN CERTIFICATE-----\n']);
    const without = await createRig({ deps: { caPem: () => Promise.resolve(null) } });
    expect((await without.ask('/v1/ca.pem')).status).toBe(404);
  });

  it('is well until it stops', async () => {
    const rig = await createRig();
    expect([(await rig.ask('/healthz')).status, (await rig.ask('/readyz')).status]).toEqual([200, 200]);
    rig.stop();
    expect([(await rig.ask('/readyz')).status, (await rig.ask('/v1/info')).status]).toEqual([503, 503]);
  });
});
