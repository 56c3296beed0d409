import { describe, expect, it } from 'vitest';
import { createRig } from '../rig.ts';

const basic = (login: string): Record<string, string> => ({ authorization: `Basic ${Buffer.from(login).toString('base64')}` });

describe('a login', () => {
  it.each<[string, Record<string, string>, number]>([
    ['none', {}, 401],
    ['the right one', basic('jo:se:cret'), 200],
    ['the right one, scheme in lower case', { authorization: basic('jo:se:cret')['authorization']?.replace('Basic', 'basic') ?? '' }, 200],
    ['a wrong password', basic('jo:secret'), 401],
    ['a wrong user', basic('al:se:cret'), 401],
    ['an empty one', basic(':'), 401],
    ['the token', { authorization: 'Bearer t0ken' }, 200],
    ['a wrong token', { authorization: 'Bearer t0ke' }, 401],
    ['the token as a password', basic('jo:t0ken'), 401],
    ['nonsense', { authorization: 'Basic' }, 401],
    ['a cookie of somebody', { cookie: 'mailrig_8025=zzzzzzzz.AAAA' }, 401],
  ])('%s', async (_what, headers, status) => {
    const rig = await createRig({ settings: { auth: 'jo:se:cret', token: 't0ken' } });
    for (const path of ['/v1/info', '/v1/openapi.json', '/v1/events?since=x.1']) {
      const answer = await rig.ask(path, { headers: { host: 'localhost:8025', ...headers } });
      expect([path, answer.status]).toEqual([path, status]);
      await answer.body?.cancel();
    }
  });

  it('is asked for in words that a browser understands', async () => {
    const rig = await createRig({ settings: { auth: 'jo:secret' } });
    expect((await rig.ask('/')).headers.get('www-authenticate')).toBe('Basic realm="mailrig", charset="UTF-8"');
    const tokenOnly = await createRig({ settings: { token: 't' } });
    expect((await tokenOnly.ask('/')).headers.get('www-authenticate')).toBe('Bearer realm="mailrig"');
  });

  it('opens no window over a page that asks by itself, which has a form', async () => {
    const rig = await createRig({ settings: { auth: 'jo:secret' } });
    const answer = await rig.ask('/v1/info', { headers: { 'sec-fetch-dest': 'empty' } });
    expect([answer.status, answer.headers.get('www-authenticate')]).toEqual([401, 'Cookie realm="mailrig"']);
  });

  it('is not asked for by health checks', async () => {
    const rig = await createRig({ settings: { auth: 'jo:secret' } });
    expect([(await rig.ask('/healthz')).status, (await rig.ask('/readyz')).status]).toEqual([200, 200]);
  });

  it('can be traded for a cookie that lets in until it is too old', async () => {
    let now = 1_000_000;
    const rig = await createRig({ settings: { auth: 'jo:secret' }, deps: { now: () => now } });
    const headers = { host: 'localhost:8025' };
    const refused = await rig.ask('/v1/login', { method: 'POST', headers, json: { user: 'jo', password: 'no' } });
    expect([refused.status, refused.headers.get('set-cookie')]).toEqual([401, null]);

    const answer = await rig.ask('/v1/login', { method: 'POST', headers, json: { user: 'jo', password: 'secret' } });
    const cookie = answer.headers.get('set-cookie') ?? '';
    expect(answer.status).toBe(204);
    expect(cookie).toMatch(/^mailrig_8025=[\w.-]+; Path=\/; Max-Age=\d+; HttpOnly; SameSite=Strict$/);

    const [pair = ''] = cookie.split(';');
    const ask = async (sent: string): Promise<number> =>
      (await rig.ask('/v1/info', { headers: { ...headers, cookie: `other=1; ${sent}` } })).status;
    expect(await ask(pair)).toBe(200);
    expect(await ask(`${pair.slice(0, -1)}${pair.endsWith('A') ? 'B' : 'A'}`)).toBe(401);
    expect(await ask(pair.replace('=', '=z'))).toBe(401);
    now += 8 * 86_400_000;
    expect(await ask(pair)).toBe(401);
  });
});

describe('the preview, where a login is asked for', () => {
  it('takes a token of its own for 60 seconds, for that message only, and no cookie', async () => {
    let now = 1_000_000;
    const rig = await createRig({ settings: { auth: 'jo:secret', basePath: '/mail' }, deps: { now: () => now } });
    const headers = { host: 'localhost' };
    const [id, other] = [await rig.send(), await rig.send()];
    const { previewUrl } = (await (
      await rig.ask(`/mail/v1/messages/${id}`, { headers: { ...headers, ...basic('jo:secret') } })
    ).json()) as { previewUrl: string };
    expect(previewUrl).toMatch(new RegExp(`^/mail/v1/messages/${id}/preview\\?token=`));

    const status = async (path: string, more: Record<string, string> = {}): Promise<number> =>
      (await rig.ask(path, { headers: { ...headers, ...more } })).status;
    expect(await status(previewUrl)).toBe(200);
    expect(await status(`${previewUrl}&remote=1`)).toBe(200);
    expect(await status(previewUrl.replace(id, other))).toBe(401);
    expect(await status(`/mail/v1/messages/${id}/preview`)).toBe(401);
    expect(await status(`/mail/v1/messages/${id}/preview`, basic('jo:secret'))).toBe(200);
    // The token opens nothing else.
    expect(await status(`/mail/v1/messages/${id}${previewUrl.slice(previewUrl.indexOf('?'))}`)).toBe(401);

    const login = await rig.ask('/mail/v1/login', { method: 'POST', headers, json: { user: 'jo', password: 'secret' } });
    const [cookie = ''] = (login.headers.get('set-cookie') ?? '').split(';');
    expect(await status('/mail/v1/info', { cookie })).toBe(200);
    expect(await status(`/mail/v1/messages/${id}/preview`, { cookie })).toBe(401);

    now += 60_001;
    expect(await status(previewUrl)).toBe(401);
  });
});
