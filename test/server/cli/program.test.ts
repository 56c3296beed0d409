import { expect, test } from 'vitest';
import { mailrig } from './terminal.ts';
import { settings, settingNames, flagOf } from '../../../server/settings.ts';
import { version } from '../../../server/version.ts';

test.each([
  ['--smpt-port 1', "mailrig: unknown option '--smpt-port' (Did you mean --smtp-port?)"],
  ['sned', "mailrig: unknown command 'sned'; did you mean send?"],
  ['serve now', "mailrig: unknown command 'now'; see mailrig --help"],
  ['--smtp-port', "mailrig: option '--smtp-port <port>' argument missing"],
  ['--smtp-port abc', 'mailrig: --smtp-port: expected a number 0–65535 (0 = any free port), got "abc"'],
  ['serve --smtp-port abc', 'mailrig: --smtp-port: expected a number 0–65535 (0 = any free port), got "abc"'],
  ['--http-port x serve', 'mailrig: --http-port: expected a number 0–65535 (0 = any free port), got "x"'],
  ['--config none.yaml', 'mailrig: none.yaml: cannot be read (ENOENT)'],
  ['send --rate fast', "mailrig: option '--rate <rate>' argument 'fast' is invalid. Expected a rate such as 50/s or 100/m."],
  ['send --count 0', "mailrig: option '--count <number>' argument '0' is invalid. Expected a whole number above 0."],
  ['send --tls maybe', "mailrig: option '--tls <mode>' argument 'maybe' is invalid. Expected one of auto, none, starttls, implicit."],
])('mailrig %s is refused in one line with code 2', async (line, message) => {
  expect(await mailrig(line)).toEqual({ code: 2, out: '', err: message });
});

test('every wrong value has its own line', async () => {
  const { code, err } = await mailrig('--smtp-port a', { MAILRIG_HTTP_PORT: 'b' });
  expect(code).toBe(2);
  expect(err.split('\n').map((line) => line.split(':')[1])).toEqual([' MAILRIG_HTTP_PORT', ' --smtp-port']);
});

test('the file can be named by the environment', async () => {
  expect(await mailrig('', { MAILRIG_CONFIG: 'none.yaml' })).toMatchObject({ code: 2, err: 'mailrig: none.yaml: cannot be read (ENOENT)' });
});

test('--version prints the version alone', async () => {
  expect(await mailrig('--version')).toEqual({ code: 0, out: version, err: '' });
});

test('--help names every flag with its default, the environment and the file', async () => {
  const { code, out } = await mailrig('--help');
  expect(code).toBe(0);
  for (const name of settingNames) expect(out.includes(` ${flagOf(name)} `)).toBe(settings[name].fileOnly !== true);
  for (const text of ['(50mb)', '(127.0.0.1,::1)', '(5m)', 'MAILRIG_SMTP_PORT=2525', 'mailrig.config.yaml']) expect(out).toContain(text);
});

test.each(['serve', 'send', 'health'])('%s has help of its own', async (command) => {
  const { code, out } = await mailrig(`${command} --help`);
  expect([code, out.split('\n')[0]]).toEqual([0, `Usage: mailrig ${command} [options]`]);
});
