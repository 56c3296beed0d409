import { describe, expect, it } from 'vitest';
import { createRig } from '../rig.ts';

const HOST = 'localhost:8025';
const LISTED = 'http://app.test:3000';

describe('pages of other origins', () => {
  it.each<[string, string, Record<string, string>, number]>([
    ['a program that is no browser', 'DELETE', {}, 200],
    ['our own page', 'DELETE', { origin: `http://${HOST}`, 'sec-fetch-site': 'same-origin' }, 200],
    ['our own page behind TLS', 'DELETE', { origin: `https://${HOST}`, 'sec-fetch-site': 'same-origin' }, 200],
    ['a listed origin', 'DELETE', { origin: LISTED, 'sec-fetch-site': 'cross-site' }, 200],
    ['a foreign origin', 'DELETE', { origin: 'https://evil.test' }, 403],
    ['another port of this host', 'DELETE', { origin: 'http://localhost:3000', 'sec-fetch-site': 'same-site' }, 403],
    ['a sandboxed frame', 'DELETE', { origin: 'null' }, 403],
    ['a foreign page without Origin', 'DELETE', { 'sec-fetch-site': 'cross-site' }, 403],
    ['an origin that only begins like a listed one', 'DELETE', { origin: `${LISTED}.evil.test` }, 403],
    ['a file', 'DELETE', { origin: 'file://' }, 403],
    ['a foreign page that reads', 'GET', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }, 200],
    ['a foreign page that asks for an upgrade', 'GET', { origin: 'https://evil.test', upgrade: 'websocket' }, 403],
  ])('%s, %s', async (_who, method, headers, status) => {
    const rig = await createRig({ settings: { corsOrigin: [LISTED] } });
    expect((await rig.ask('/v1/messages', { method, headers: { host: HOST, ...headers } })).status).toBe(status);
  });

  it.each(['/v1/live', '/v1/events'])('%s may not be listened to from elsewhere', async (path) => {
    const rig = await createRig();
    const answer = await rig.ask(path, { headers: { host: HOST, origin: 'https://evil.test' } });
    expect(answer.status).toBe(403);
    expect((await rig.ask(path, { headers: { host: HOST, 'sec-fetch-site': 'cross-site' } })).status).toBe(403);
  });
});

describe('CORS', () => {
  it('is absent unless an origin is listed', async () => {
    const rig = await createRig();
    const answer = await rig.ask('/v1/info', { headers: { origin: 'https://evil.test' } });
    expect(answer.headers.get('access-control-allow-origin')).toBeNull();
    expect((await rig.ask('/v1/info', { method: 'OPTIONS', headers: { origin: 'https://evil.test' } })).status).toBe(403);
  });

  it('names a listed origin, never all', async () => {
    const rig = await createRig({ settings: { corsOrigin: [LISTED] } });
    const answer = await rig.ask('/v1/info', { headers: { origin: LISTED } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(LISTED);
    expect(answer.headers.get('vary')).toContain('Origin');
    const foreign = await rig.ask('/v1/info', { headers: { origin: 'https://evil.test' } });
    expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answers the question before a request, also where a login is asked for', async () => {
    const rig = await createRig({ settings: { corsOrigin: [LISTED], auth: 'jo:secret' } });
    const answer = await rig.ask('/v1/messages', {
      method: 'OPTIONS',
      headers: { origin: LISTED, 'access-control-request-method': 'PATCH' },
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-methods')).toContain('PATCH');
  });

  it('lets a listed page see that a login is missing', async () => {
    const rig = await createRig({ settings: { corsOrigin: [LISTED], auth: 'jo:secret' } });
    const answer = await rig.ask('/v1/info', { headers: { origin: LISTED } });
    expect([answer.status, answer.headers.get('access-control-allow-origin')]).toEqual([401, LISTED]);
  });
});
