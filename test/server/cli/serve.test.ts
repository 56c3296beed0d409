import { expect, test } from 'vitest';
import { fakeTerminal } from './terminal.ts';
import { banner } from '../../../server/cli/banner.ts';
import { explain, serve } from '../../../server/cli/serve.ts';
import type { CreateServer } from '../../../server/cli/serve.ts';
import { loadConfig } from '../../../server/config.ts';
import { version } from '../../../server/version.ts';

const listeners = [
  { protocol: 'smtp', address: '127.0.0.1', port: 1025, tls: 'starttls' },
  { protocol: 'smtp', address: '::1', port: 1025, tls: 'starttls' },
  { protocol: 'smtp', address: '127.0.0.1', port: 1465, tls: 'implicit' },
  { protocol: 'http', address: '127.0.0.1', port: 8025, tls: 'none' },
];

test('the banner tells where everything listens', () => {
  expect(banner('1.2.3', 'http://localhost:8025/', listeners, fakeTerminal().colour)).toEqual([
    'Mailrig 1.2.3',
    '  SMTP   127.0.0.1:1025 [::1]:1025  STARTTLS offered',
    '  SMTPS  127.0.0.1:1465  TLS',
    '  Web    http://localhost:8025/',
    '  API    http://localhost:8025/v1/docs',
    '  CA     http://localhost:8025/v1/ca.pem  the certificate to trust for TLS',
  ]);
});

/** A server that writes down what happens to it. */
const recording =
  (diary: string[], fail?: Error): CreateServer =>
  (config, sources) => ({
    url: 'http://localhost:1/',
    listeners,
    start: () => {
      diary.push(`start ${config.smtpPort} ${sources.smtpPort}`);
      return fail ? Promise.reject(fail) : Promise.resolve();
    },
    stop: () => {
      diary.push('stop');
      return Promise.resolve();
    },
  });

test('it serves until it is interrupted, then stops in order', async () => {
  const diary: string[] = [];
  const terminal = fakeTerminal({ MAILRIG_LOG_LEVEL: 'silent' });
  const served = serve(
    { smtpPort: '2525' },
    { ...terminal, print: (line) => (terminal.print(line), line.includes('CA') && terminal.interrupt()) },
    recording(diary),
  );
  await served;
  expect(diary).toEqual(['start 2525 flag', 'stop']);
  expect(terminal.printed[0]).toBe(`Mailrig ${version}`);
});

const listenError = (code: string, port: number, address = '127.0.0.1'): Error =>
  Object.assign(new Error(`listen ${code}`), { code, syscall: 'listen', port, address });

test('a start that fails is cleaned up and explained', async () => {
  const diary: string[] = [];
  const served = serve({ logLevel: 'silent' }, fakeTerminal(), recording(diary, listenError('EADDRINUSE', 1025)));
  await expect(served).rejects.toThrow(
    'port 1025 on 127.0.0.1 is in use; choose another with --smtp-port or MAILRIG_SMTP_PORT (0 = any free port)',
  );
  expect(diary).toEqual(['start 1025 default', 'stop']);
});

const { config } = loadConfig({ flags: {}, env: {}, file: null });
test.each([
  [
    listenError('EADDRINUSE', 8025, '::1'),
    'port 8025 on ::1 is in use; choose another with --http-port or MAILRIG_HTTP_PORT (0 = any free port)',
  ],
  [listenError('EADDRINUSE', 587), 'port 587 on 127.0.0.1 is in use; choose another in the configuration file'],
  [
    listenError('EACCES', 1465),
    'port 1465 may not be opened by this user; choose another with --smtps-port or MAILRIG_SMTPS_PORT (0 = any free port)',
  ],
  [listenError('EADDRNOTAVAIL', 1025, '10.9.8.7'), '10.9.8.7 is no address of this machine; choose others with --host'],
])('%s is told with what to change', (error, message) => {
  expect(explain(error, config)).toMatchObject({ name: 'Failure', message });
});

test.each([new Error('a bug'), listenError('EWEIRD', 1), 'no error at all'])('%s is left as it is', (error) => {
  expect(explain(error, config)).toBe(error);
});
