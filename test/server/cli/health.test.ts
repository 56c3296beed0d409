import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { mailrig } from './terminal.ts';
import { healthUrl } from '../../../server/cli/health.ts';
import { loadConfig } from '../../../server/config.ts';

test.each([
  [{}, 'http://127.0.0.1:8025/healthz'],
  [{ host: '0.0.0.0', basePath: '/mail' }, 'http://127.0.0.1:8025/mail/healthz'],
  [{ host: '::', httpPort: '81' }, 'http://[::1]:81/healthz'],
  [{ host: 'box.test,::1' }, 'http://box.test:8025/healthz'],
])('with %j it asks %s', (flags, url) => {
  expect(healthUrl(loadConfig({ flags, env: {}, file: null }).config)).toBe(url);
});

test.each([
  [200, 0],
  [503, 1],
])('an answer of %d is exit code %d', async (status, code) => {
  const server = createServer((request, response) => response.writeHead(request.url === '/healthz' ? status : 404).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  expect(await mailrig(`health --host 127.0.0.1 --http-port ${port}`)).toMatchObject({ code });
  server.close();
});

test('nobody there is exit code 1', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  const { code, err } = await mailrig('health', { MAILRIG_HTTP_PORT: String(port) });
  expect([code, err]).toEqual([1, `mailrig: http://127.0.0.1:${port}/healthz: no answer (connect ECONNREFUSED 127.0.0.1:${port})`]);
});
