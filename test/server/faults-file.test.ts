import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigError, optionsToConfig } from '../../server/config.ts';
import { createReceivers } from '../../server/delivery/receivers/receivers.ts';
import type { HostListener } from '../../server/delivery/receivers/ports.ts';
import { addGiven, givenFaults, giveReceivers, setGiven } from '../../server/faults-file.ts';
import { createHosts } from '../../server/faults/hosts.ts';
import { startEngine } from './faults/rig.ts';

let folder: string;
beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'mailrig-faults-'))));
afterAll(() => rm(folder, { recursive: true }));

const raise = (error: unknown): never => {
  throw error;
};

/** Faults and hosts as they are after a file was read, or what is wrong with it. */
async function read(name: string, text: string): Promise<string[]> {
  await writeFile(join(folder, name), text);
  const engine = startEngine();
  const hosts = createHosts({
    places: [{ name: 'submission', protocol: 'smtp', listening: () => Promise.resolve() }],
    ...engine,
    report: raise,
  });
  const open = (): Promise<HostListener> => Promise.resolve({ listening: () => Promise.resolve(), close: () => Promise.resolve() });
  const receivers = createReceivers({ hosts, open, firstPort: 20_000, max: 10, report: raise });
  try {
    const given = await givenFaults({ faults: join(folder, name), receivers: null }, folder);
    await addGiven(given, engine.faults);
    await giveReceivers(given, receivers);
    await setGiven(given, hosts, receivers);
  } catch (error) {
    return error instanceof ConfigError ? [...error.problems] : raise(error);
  }
  return [
    ...engine.faults.list().map(({ on, source, name: title }) => `${on.stage} ${source} ${title ?? ''}`.trim()),
    ...hosts.list().map(({ name: host, state }) => `${host} ${state}`),
  ];
}

describe('a file of faults', () => {
  it.each([
    ['list.json', '[{ "on": { "stage": "rcpt" }, "do": [{ "close": true }] }]', ['rcpt file', 'submission up']],
    ['list.yaml', '- { on: { stage: mail }, script: [451 4.7.1 later, reset, pass] }', ['mail file', 'submission up']],
    [
      'both.yaml',
      'faults:\n  - { name: no, on: { stage: data }, do: [{ reply: 554 5.7.1 no }] }\nhosts:\n  submission: slow\n',
      ['data file no', 'banner preset submission: slow to greet', 'any preset submission: slow', 'submission slow'],
    ],
    [
      'receivers.yaml',
      'receivers:\n  shop.test: { hosts: [{ name: mx1.shop.test, state: down }] }\n  "*.corp.test": { hosts: [{ name: mx.corp.test, state: slow }] }\nhosts: { mx.corp.test: up }\n',
      ['submission up', 'mx1.shop.test down', 'mx.corp.test up'],
    ],
    [
      'receiver.yaml',
      'receivers: { shop.test: { hosts: [{ nam: mx1 }] } }',
      ['receiver.yaml: receivers.shop.test: hosts[0].name: it is missing'],
    ],
    [
      'receiver.yaml',
      'receivers: { "shop test": { hosts: [{ name: mx1 }] } }',
      [expect.stringMatching(/^receiver.yaml: receivers.shop test: domain: a domain expected/)],
    ],
    ['empty.yaml', '', ['submission up']],
    ['nothing.json', '{}', ['submission up']],
    ['list.json', '[1]', ['list.json: expected a list of faults, or { faults, receivers, hosts }']],
    ['other.json', '{ "rules": [] }', ['other.json: expected a list of faults, or { faults, receivers, hosts }']],
    [
      'wrong.yaml',
      '- { on: { stage: rcpt }, do: [{ close: true }] }\n- on: { stage: rcpt }\n  when: { rate: { over: 1, per: often } }\n  do: [{ close: true }]\n',
      ['wrong.yaml: [1].when.rate.per: a length of time expected, as "90s", "5m", "1h30m", or milliseconds'],
    ],
    ['host.yaml', 'hosts: { submision: busy }', ['host.yaml: hosts.submision: there is no host submision, submission may be meant']],
    ['host.yaml', 'hosts: { submission: tired }', [expect.stringMatching(/^host.yaml: hosts.submission: state: a server of SMTP is/)]],
    ['broken.json', '[\n{ "on": ]', [expect.stringMatching(/^broken.json, line 2: /)]],
    ['broken.yaml', 'a: [', [expect.stringMatching(/^broken.yaml, line 1: /)]],
  ])('%s: %j', async (name, text, expected) => {
    expect(await read(name, text)).toEqual(expected);
  });

  it('that is not there is told of by its name', async () => {
    await expect(givenFaults({ faults: 'none.json', receivers: null }, folder)).rejects.toMatchObject({
      problems: ['none.json: cannot be read (ENOENT)'],
    });
  });
});

describe('in settings', () => {
  it.each([[[{ on: { stage: 'rcpt' }, do: [{ close: true }] }]], [{ hosts: { imap: 'busy' } }], ['faults.json']])(
    '%j may stand',
    (faults) => {
      const { config } = optionsToConfig({ faults: faults as never });
      expect(config.faults).toEqual(faults);
    },
  );

  it.each([[5], [[1]], [{ rules: [] }], ['']])('%j may not', (faults) => {
    expect(() => optionsToConfig({ faults: faults as never })).toThrow('faults: expected the name of a file, a list of faults, or');
  });

  it.each([
    ['2026-12-24T18:00:00Z', Date.UTC(2026, 11, 24, 18)],
    ['2026-12-24', Date.UTC(2026, 11, 24)],
    ['1766599200000', 1766599200000],
    [1766599200000, 1766599200000],
    ['tomorrow', null],
    ['26-12-24', null],
  ])('the time %j', (clockNow, ms) => {
    const reading = (): unknown => optionsToConfig({ clockNow: clockNow as never }).config.clockNow;
    if (ms === null) expect(reading).toThrow('clockNow: expected a time such as 2026-12-24T18:00:00Z');
    else expect(reading()).toBe(ms);
  });
});
