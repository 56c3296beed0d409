import { hostname } from 'node:os';
import { describe, expect, it } from 'vitest';
import { hostName, isKnownHost } from '../../../../server/http/guard/host.ts';
import { createRig } from '../rig.ts';

describe('the names under which the server answers', () => {
  it.each([
    ['localhost', true],
    ['localhost:8025', true],
    ['LOCALHOST.', true],
    ['mail.localhost:1', true],
    ['127.0.0.1:8025', true],
    ['192.168.7.9', true],
    ['[::1]:8025', true],
    ['[::1]', true],
    ['mailrig', true],
    ['mailrig:8025', true],
    [hostname(), true],
    ['mail.corp.test', true],
    ['MAIL.corp.test:443', true],
    ['evil.test', false],
    ['evil.test:8025', false],
    ['mail.corp.test.evil.test', false],
    ['localhost.evil.test', false],
    ['127.0.0.1.evil.test', false],
    ['evil.test@localhost', false],
    ['localhost/evil.test', false],
    ['[::1', false],
    ['', false],
    [':8025', false],
  ])('%s: %s', (host, known) => {
    expect(isKnownHost(host, ['mail.corp.test'])).toBe(known);
  });

  it('reads the name of a Host field', () => {
    expect(['a.test:1', '[fe80::1]:2', 'A.', '\u0000'].map(hostName)).toEqual(['a.test', 'fe80::1', 'a', null]);
  });

  it('turns a foreign name away on every path, the page included', async () => {
    const rig = await createRig();
    for (const path of ['/', '/v1/info', '/v1/messages', '/v1/docs', '/v1/messages/latest/preview']) {
      const answer = await rig.ask(path, { headers: { host: 'evil.test' } });
      expect([path, answer.status]).toEqual([path, 403]);
    }
  });

  it('answers a health check under any name', async () => {
    const rig = await createRig();
    expect((await rig.ask('/healthz', { headers: { host: 'evil.test' } })).status).toBe(200);
  });
});
