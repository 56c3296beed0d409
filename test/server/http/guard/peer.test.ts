import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import type { HttpEnv } from '../../../../server/http/deps.ts';
import { networkList } from '../../../../server/base/networks.ts';
import { peer } from '../../../../server/http/guard/peer.ts';

describe('networks', () => {
  it.each([
    ['10.1.2.3', true],
    ['11.1.2.3', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['fd00::9', true],
    ['fe80::9', false],
    ['no address', false],
  ])('%s: %s', (address, within) => {
    expect(networkList(['10.0.0.0/8', '192.0.2.7', 'fd00::/8'])(address)).toBe(within);
  });
});

describe('who calls', () => {
  const app = new Hono<HttpEnv>().use(peer(['10.0.0.0/8'])).get('*', (context) => context.json(context.get('peer')));
  const ask = async (remoteAddress: string, headers: Record<string, string>): Promise<unknown> => {
    const incoming = { socket: { remoteAddress, remotePort: 5000 } };
    return (await app.request('/', { headers: { host: 'Mailrig:8025', ...headers } }, { incoming })).json();
  };
  const forwarded = {
    'x-forwarded-host': 'mail.corp.test',
    'x-forwarded-proto': 'https',
    'x-forwarded-for': '192.0.2.66, 192.0.2.5, 10.0.0.9',
  };

  it('believes a named proxy, and of the list only what that proxy itself has seen', async () => {
    expect(await ask('::ffff:10.0.0.1', forwarded)).toEqual({
      address: '192.0.2.5',
      client: '10.0.0.1:5000',
      host: 'mail.corp.test',
      secure: true,
    });
  });

  it('believes nobody else', async () => {
    expect(await ask('192.0.2.1', forwarded)).toEqual({
      address: '192.0.2.1',
      client: '192.0.2.1:5000',
      host: 'mailrig:8025',
      secure: false,
    });
  });
});
