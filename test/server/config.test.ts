import { describe, expect, test } from 'vitest';
import { ConfigError, describeSettings, loadConfig, optionsToConfig } from '../../server/config.ts';
import type { ConfigInput } from '../../server/config.ts';
import { flagOf, settingNames, settings, variableOf } from '../../server/settings.ts';

const load = (input: Partial<ConfigInput>) => loadConfig({ flags: {}, env: {}, file: null, ...input });
const file = (entries: Record<string, unknown>) => ({
  name: 'mailrig.config.yaml',
  entries: Object.entries(entries).map(([key, value], i) => ({ key, value, line: i + 1 })),
});

function problems(run: () => unknown): readonly string[] {
  try {
    run();
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the table of settings', () => {
  test.each([
    ['smtpPort', '--smtp-port', 'MAILRIG_SMTP_PORT'],
    ['maxConnectionsPerClient', '--max-connections-per-client', 'MAILRIG_MAX_CONNECTIONS_PER_CLIENT'],
    ['name', '--name', 'MAILRIG_NAME'],
  ])('%s is the flag %s and the variable %s', (name, flag, variable) => {
    expect([flagOf(name), variableOf(name)]).toEqual([flag, variable]);
  });

  test.each(settingNames)('the default of %s is a value that its own type accepts', (name) => {
    expect(settings[name].schema.safeParse(settings[name].default)).toEqual({ success: true, data: settings[name].default });
  });
});

describe('where a value comes from', () => {
  test('a flag beats the environment, which beats the file, which beats the default', () => {
    const given = {
      flags: { smtpPort: '1' },
      env: { MAILRIG_SMTP_PORT: '2', MAILRIG_HTTP_PORT: '2' },
      file: file({ smtpPort: 3, httpPort: 3, smtpsPort: 3 }),
    };
    const { config, sources } = load(given);
    expect([config.smtpPort, config.httpPort, config.smtpsPort, config.name]).toEqual([1, 2, 3, 'mailrig.test']);
    expect([sources.smtpPort, sources.httpPort, sources.smtpsPort, sources.name]).toEqual(['flag', 'environment', 'file', 'default']);
  });

  test('an empty variable counts as not set', () => {
    expect(load({ env: { MAILRIG_TOKEN: '' } }).sources.token).toBe('default');
  });

  test('variables that Kubernetes sets for a service called mailrig are no mistake', () => {
    const env = {
      MAILRIG_SERVICE_HOST: '10.0.0.1',
      MAILRIG_SERVICE_PORT_SMTP: '1025',
      MAILRIG_PORT: 'tcp://10.0.0.1:1025',
      MAILRIG_PORT_1025_TCP_ADDR: '10.0.0.1',
    };
    expect(problems(() => load({ env }))).toEqual([]);
  });

  test('the configuration cannot be changed', () => {
    const { config } = load({ flags: { host: ['::1'] } });
    expect(Object.isFrozen(config)).toBe(true);
    expect(Object.isFrozen(config.host)).toBe(true);
  });
});

test.each([
  ['host', ['::1,127.0.0.1', 'db'], ['::1', '127.0.0.1', 'db']],
  ['host', ' a , b ', ['a', 'b']],
  ['requireAuth', true, true],
  ['requireAuth', 'yes', true],
  ['traceHeaders', 'false', false],
  ['maxMessages', '0', 0],
  ['maxSize', '1gb', 1_073_741_824],
  ['maxCommandLine', '2000', 2000],
  ['idleTimeout', '90', 90_000],
  ['idleTimeout', '1m30s', 90_000],
  ['maxAge', '0', null],
  ['maxAge', '7d', 604_800_000],
  ['basePath', '/mail/', '/mail'],
  ['basePath', '/', '/'],
  ['auth', 'me:a:b', 'me:a:b'],
  ['trustedProxies', '10.0.0.0/8,::1', ['10.0.0.0/8', '::1']],
  ['corsOrigin', 'http://localhost:3000', ['http://localhost:3000']],
] as const)('%s reads %j as %j', (name, value, expected) => {
  expect(load({ flags: { [name]: value } }).config[name]).toEqual(expected);
});

test('a number in a file is read as its text: seconds where a length of time is meant', () => {
  expect(load({ file: file({ idleTimeout: 300, smtpPort: 2525 }) }).config).toMatchObject({ idleTimeout: 300_000, smtpPort: 2525 });
});

describe('what is refused, and in which words', () => {
  test.each<[string, Partial<ConfigInput>, string]>([
    [
      'a wrong variable',
      { env: { MAILRIG_SMTP_PORT: 'abc' } },
      'MAILRIG_SMTP_PORT: expected a number 0–65535 (0 = any free port), got "abc"',
    ],
    ['a mistyped variable', { env: { MAILRIG_SMPT_PORT: '1' } }, 'MAILRIG_SMPT_PORT: unknown setting; did you mean MAILRIG_SMTP_PORT?'],
    ['a variable like nothing known', { env: { MAILRIG_WARP_DRIVE: '1' } }, 'MAILRIG_WARP_DRIVE: unknown setting'],
    ['a wrong flag', { flags: { maxSize: 'much' } }, '--max-size: expected a size such as 50mb (0 = unlimited), got "much"'],
    ['a port above the last', { flags: { httpPort: '65536' } }, '--http-port: expected a number 0–65535 (0 = any free port), got "65536"'],
    [
      'a dash-written key of a file',
      { file: file({ 'smtp-port': 1 }) },
      'mailrig.config.yaml, line 1: smtp-port: unknown setting; did you mean smtpPort?',
    ],
    [
      'a wrong key of a file',
      { file: file({ name: 'x', lineEndings: 'keepp' }) },
      'mailrig.config.yaml, line 2: lineEndings: expected one of keep, strict, got "keepp"',
    ],
    [
      'a network that is none',
      { flags: { trustedProxies: ['10.0.0.0/40'] } },
      '--trusted-proxies: expected a list of addresses or networks such as 10.0.0.0/8, got ["10.0.0.0/40"]',
    ],
    [
      'an origin with a path',
      { flags: { corsOrigin: ['http://a.test/x'] } },
      '--cors-origin: expected a list of origins such as http://localhost:3000, got ["http://a.test/x"]',
    ],
    ['any origin', { flags: { corsOrigin: ['*'] } }, '--cors-origin: expected a list of origins such as http://localhost:3000, got ["*"]'],
    ['a secret, which is not repeated', { env: { MAILRIG_AUTH: 'hunter2' } }, 'MAILRIG_AUTH: expected user:password'],
    ['listed accounts without a list', { flags: { accounts: 'listed' } }, 'accounts: listed needs users, the file that lists them'],
    ['a certificate without its key', { flags: { tlsCert: 'a.pem' } }, 'tlsCert, tlsKey: give both or none'],
    [
      'a message limit above the room for messages',
      { flags: { maxMessageSize: '1gb' } },
      'maxMessageSize: is more than maxInflight, so the largest message could never arrive',
    ],
    ['listeners from the environment', { env: { MAILRIG_SMTP: '25' } }, 'MAILRIG_SMTP: unknown setting'],
  ])('%s', (_name, input, message) => {
    expect(problems(() => load(input))).toEqual([message]);
  });

  test('a wrong listener, named by its place in the list', () => {
    const smtp = [{ port: 25 }, { port: 587, tls: 'ssl' }];
    expect(problems(() => load({ file: file({ smtp }) }))[0]).toMatch(/^mailrig\.config\.yaml, line 1: smtp\[1\]\.tls: /);
  });

  test('everything that is wrong is told at once', () => {
    expect(problems(() => load({ flags: { smtpPort: 'a' }, env: { MAILRIG_HTTP_PORT: 'b' }, file: file({ colour: 1 }) }))).toHaveLength(3);
  });
});

describe('a server inside another program', () => {
  test('takes any free ports unless told otherwise', () => {
    const { config, sources } = optionsToConfig({ httpPort: 8025 });
    expect([config.smtpPort, config.smtpsPort, config.httpPort]).toEqual([0, 0, 8025]);
    expect([sources.smtpPort, sources.httpPort]).toEqual(['default', 'option']);
  });

  test('refuses what it does not know', () => {
    const options = { smptPort: 1, idleTimeout: -1 };
    expect(problems(() => optionsToConfig(options))).toEqual([
      'smptPort: unknown setting; did you mean smtpPort?',
      'idleTimeout: expected a length of time such as 5m, got -1',
    ]);
  });

  test('takes an option that is undefined as not given', () => {
    const options: object = { maxAge: undefined };
    expect(optionsToConfig(options).sources.maxAge).toBe('default');
  });
});

test('what /info tells never contains a secret', () => {
  const told = describeSettings(load({ flags: { auth: 'me:hunter2', token: 'abc', smtpPort: '25' } }));
  expect(told).toMatchObject({ auth: { value: '…', source: 'flag' }, token: { value: '…' }, smtpPort: { value: 25, source: 'flag' } });
  expect(JSON.stringify(told)).not.toContain('hunter2');
});
