import { describe, expect, it } from 'vitest';
import { createRig, message } from '../rig.ts';

const LIMIT = 1_000_000 + 1024 * 1024;

/** A body without a length, of `octets`. */
const stream = (octets: number, sent: { octets: number }): ReadableStream =>
  new ReadableStream({
    pull(controller) {
      const chunk = new Uint8Array(Math.min(65_536, octets - sent.octets)).fill(97);
      sent.octets += chunk.length;
      if (chunk.length === 0) controller.close();
      else controller.enqueue(chunk);
    },
  });

describe('the body of a request', () => {
  it.each<[string, Record<string, string>, number]>([
    ['JSON', { 'content-type': 'application/json' }, 201],
    ['JSON with a charset', { 'content-type': 'application/json; charset=utf-8' }, 201],
    ['a form', { 'content-type': 'application/x-www-form-urlencoded' }, 415],
    ['plain text, as a foreign form can send it', { 'content-type': 'text/plain' }, 415],
    ['no type', { 'content-type': '' }, 415],
    ['compressed', { 'content-type': 'application/json', 'content-encoding': 'gzip' }, 415],
    ['said to be too long', { 'content-type': 'application/json', 'content-length': String(LIMIT + 1) }, 413],
  ])('%s: %s', async (_what, headers, status) => {
    const rig = await createRig();
    const body = JSON.stringify({ from: 'a@b.test', to: 'c@d.test' });
    expect((await rig.ask('/v1/messages', { method: 'POST', body, headers })).status).toBe(status);
  });

  it('is read no further than the limit, whatever its length says', async () => {
    const rig = await createRig();
    const sent = { octets: 0 };
    const answer = await rig.ask('/v1/messages', {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: stream(50 * LIMIT, sent),
      duplex: 'half',
    });
    expect(answer.status).toBe(413);
    expect(await answer.json()).toMatchObject({ error: { code: 'too-large', details: { limit: LIMIT } } });
    expect(sent.octets).toBeLessThan(2 * LIMIT);
  });

  it('is no whole message where JSON is wanted', async () => {
    const rig = await createRig();
    const answer = await rig.ask('/v1/reset', {
      method: 'POST',
      headers: { 'content-type': 'message/rfc822' },
      body: new Uint8Array(message()),
    });
    expect(answer.status).toBe(415);
  });
});
