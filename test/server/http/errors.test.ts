import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../server/base/errors.ts';
import type { RefusalCode } from '../../../server/base/errors.ts';
import { silentLog } from '../../../server/base/log.ts';
import { errorBody } from '../../../server/http/contract/errors.ts';
import { errorAnswer } from '../../../server/http/errors.ts';
import { createRig } from './rig.ts';

describe('an error', () => {
  it.each<[RefusalCode, number]>([
    ['malformed', 400],
    ['auth-required', 401],
    ['auth-failed', 401],
    ['forbidden', 403],
    ['not-found', 404],
    ['gone', 404],
    ['conflict', 409],
    ['too-large', 413],
    ['unprocessable', 422],
    ['busy', 503],
    ['unavailable', 503],
    ['storage-full', 507],
  ])('%s is answered %i in the one shape', async (code, status) => {
    const answer = errorAnswer(new Refusal(code, 'for a reason', { limit: 1 }), silentLog);
    const body: unknown = await answer.json();
    expect([answer.status, body]).toEqual([status, { error: { code, message: 'for a reason', details: { limit: 1 } } }]);
    expect(errorBody.parse(body)).toEqual(body);
  });

  it('that is a bug is logged with an id, and the caller is told that id and nothing else', async () => {
    const logged: unknown[] = [];
    const bug = new Error('password of the database');
    const answer = errorAnswer(bug, { ...silentLog, error: (_text, details) => void logged.push(details) });
    const body = (await answer.json()) as { error: { code: string; message: string; details: { request: string } } };
    expect(answer.status).toBe(500);
    expect(JSON.stringify(body)).not.toContain('password');
    expect(logged).toEqual([{ request: body.error.details.request, error: bug }]);
  });

  it.each([
    ['/v1/messages?foo=1', 'foo'],
    ['/v1/messages?limit=0', 'limit'],
    ['/v1/messages?limit=501', 'limit'],
    ['/v1/messages?limit=5&limit=6', 'limit'],
    ['/v1/messages?limit=1e2', 'limit'],
    ['/v1/messages?offset=-1', 'offset'],
    ['/v1/messages?sort=colour', 'sort'],
    ['/v1/messages?total=1', 'total'],
    ['/v1/messages?q=subject:', 'q'],
    ['/v1/messages?q=nope:x', 'q'],
    ['/v1/messages/wait?timeout=soon', 'timeout'],
    ['/v1/messages/wait?timeout=1d', 'timeout'],
    ['/v1/messages/wait?since=yesterday', 'since'],
    ['/v1/info?x=1', 'x'],
    ['/v1/sessions?q=subject:x', 'q'],
    ['/v1/events?q=nope:x', 'q'],
  ])('%s names the field', async (path, field) => {
    const rig = await createRig();
    const answer = await rig.ask(path);
    const { error } = (await answer.json()) as { error: { message: string; details: { field: string } } };
    expect([answer.status, error.details.field, error.message.startsWith(`${field}: `)]).toEqual([400, field, true]);
  });

  it.each<[string, string, unknown, string]>([
    ['PATCH', '/v1/messages', { ids: ['x'] }, 'set'],
    ['PATCH', '/v1/messages', { ids: ['x'], set: { colour: 1 } }, 'set.colour'],
    ['PATCH', '/v1/messages', { ids: ['x'], set: { read: 'yes' } }, 'set.read'],
    ['PATCH', '/v1/messages', { ids: ['x', 3], set: {} }, 'ids[1]'],
    ['PATCH', '/v1/messages', { ids: ['x'], q: 'y', set: {} }, 'body'],
    ['DELETE', '/v1/messages', { all: true }, 'all'],
    ['POST', '/v1/messages', { from: 'a@b.test', to: 'c@d.test', subject: 'a\r\nBcc: x@y.test' }, 'subject'],
    ['POST', '/v1/messages', { from: 'a@b.test', to: 'c@d.test', headers: { 'X-A: b\r\nX-C': 'd' } }, 'headers.X-A: b\r\nX-C'],
    ['POST', '/v1/messages', { from: 'a@b.test' }, 'rcpt'],
    ['POST', '/v1/messages', { from: 'nobody', to: 'c@d.test' }, 'from'],
    ['POST', '/v1/messages?rcpt=a%20b', { from: 'a@b.test', to: 'c@d.test' }, 'rcpt'],
    ['POST', '/v1/reset', { scope: {} }, 'scope'],
    ['POST', '/v1/accounts/*/mailboxes', { name: 'a*' }, 'name'],
  ])('%s %s %o names the field %s', async (method, path, json, field) => {
    const rig = await createRig();
    const answer = await rig.ask(path, { method, json });
    const { error } = (await answer.json()) as { error: { details: { field: string } } };
    expect([answer.status, error.details.field]).toEqual([400, field]);
  });

  it('in JSON that is none says so', async () => {
    const rig = await createRig();
    const answer = await rig.ask('/v1/reset', { method: 'POST', body: '{"keep":', headers: { 'content-type': 'application/json' } });
    expect(answer.status).toBe(400);
  });

  it.each([
    '{"on":{"stage":"end-of-data"},"match":{"header":{"__proto__":"x"}},"do":[{"close":true}]}',
    '{"on":{"stage":"rcpt"},"do":[{"close":true}],"\\u005f_proto__":{"enabled":false}}',
  ])('names a field that would be passed over: %s', async (body) => {
    const rig = await createRig();
    const answer = await rig.ask('/v1/faults', { method: 'POST', body, headers: { 'content-type': 'application/json' } });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { details: { field: '__proto__' } } }]);
  });

  it('gives the column of a wrong query', async () => {
    const rig = await createRig();
    expect(await rig.json('/v1/messages?q=from:a%20sujbect:b')).toMatchObject({
      error: { code: 'malformed', details: { field: 'q', column: 8 } },
    });
  });

  it.each(['/v1/receiver', '/v1/nothing', '/nothing', '/v1/messages/x/y/z', '/v1'])('%s is absent', async (path) => {
    const rig = await createRig();
    const answer = await rig.ask(path);
    expect([answer.status, await answer.json()]).toMatchObject([404, { error: { code: 'not-found' } }]);
  });
});
