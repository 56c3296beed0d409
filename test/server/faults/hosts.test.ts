// Hosts: each state is rules in the list, or nobody listening; whatever ends it makes the host come up.

import { describe, expect, it, vi } from 'vitest';
import { Refusal } from '../../../server/base/errors.ts';
import { createHosts } from '../../../server/faults/hosts.ts';
import type { HostPlace, Hosts } from '../../../server/faults/hosts.ts';
import type { Engine } from './rig.ts';
import { point, startEngine } from './rig.ts';

interface Started extends Engine {
  readonly hosts: Hosts;
  readonly told: string[];
  /** Nobody can listen while this is true. */
  taken: boolean;
}

function start(engine = startEngine()): Started {
  const told: string[] = [];
  const parts = { ...engine, told, taken: false };
  const places = (['submission', 'imap', 'pop3'] as const).map((name) => ({
    name,
    protocol: name === 'submission' ? ('smtp' as const) : name,
    listening: (on: boolean) => {
      if (on && started.taken) return Promise.reject(new Refusal('conflict', 'port 25 is taken'));
      told.push(`${name} ${on ? 'on' : 'off'}`);
      return Promise.resolve();
    },
  }));
  const report = (error: unknown): never => {
    throw error;
  };
  const started: Started = Object.assign(parts, { hosts: createHosts({ places, ...engine, report, retryEvery: 1 }) });
  return started;
}

describe('a state', () => {
  it.each([
    ['submission', 'busy', ['submission banner 421 4.3.2 Service not available, closing transmission channel']],
    ['submission', 'greylisting', ['submission rcpt 450 4.2.0 Greylisted, try again in 300 s']],
    ['submission', 'full', ['submission rcpt 452 4.2.2 The recipient is over quota']],
    ['submission', 'reject', ['submission rcpt 550 5.7.1 Message refused by policy']],
    ['submission', 'slow', ['submission banner delay', 'submission any delay']],
    ['imap', 'busy', ['imap greeting BYE [UNAVAILABLE] Server busy, try again later']],
    ['imap', 'slow', ['imap greeting delay', 'imap any delay']],
    ['pop3', 'busy', ['pop3 greeting -ERR [SYS/TEMP] Server busy, try again later']],
    ['pop3', 'slow', ['pop3 greeting delay', 'pop3 any delay']],
  ])('of %s, %s, is rules at that host: %j', async (name, state, rules) => {
    const { hosts, faults } = start();
    const standing = await hosts.set(name, state);
    const made = faults.list().map(({ on, do: [act = { pass: true }] = [] }) => {
      return `${on.host ?? ''} ${on.stage} ${'reply' in act && typeof act.reply === 'string' ? act.reply : 'delay'}`;
    });
    expect(made).toEqual(rules);
    expect(standing).toMatchObject({ name, state, until: null, faultIds: faults.list().map(({ id }) => id) });
    expect(faults.list().at(-1)).toMatchObject({ source: 'preset', name: `${name}: ${state === 'full' ? 'mailbox full' : state}` });
    await hosts.set(name, 'up');
    expect([faults.list(), hosts.named(name)]).toEqual([[], { name, protocol: standing.protocol, state: 'up', until: null, faultIds: [] }]);
  });

  it('meets only clients of that host', async () => {
    const { hosts, faults } = start();
    await hosts.set('submission', 'busy');
    const banner = point({ stage: 'banner' });
    expect([faults.decide(banner)?.ending.kind, faults.decide({ ...banner, host: 'lmtp' })]).toEqual(['reply', null]);
  });

  it.each([
    ['imap', 'greylisting', 'unprocessable', 'state: a server of IMAP is up, busy, down, slow'],
    ['pop3', 'full', 'unprocessable', 'state: a server of POP3 is up, busy, down, slow'],
    ['submission', 'tired', 'unprocessable', 'state: a server of SMTP is up, busy, down, slow, greylisting, full, reject'],
    ['submision', 'busy', 'not-found', 'there is no host submision, submission may be meant'],
  ])('of %s cannot be %s', async (name, state, code, message) => {
    const { hosts, faults } = start();
    await expect(hosts.set(name, state)).rejects.toMatchObject({ code, message });
    expect(faults.list()).toEqual([]);
  });

  it('follows the one before, whatever that was', async () => {
    const { hosts, faults, told } = start();
    await Promise.all(['busy', 'down', 'down', 'slow', 'full'].map((state) => hosts.set('submission', state)));
    expect([told, faults.list().length, hosts.named('submission').state]).toEqual([['submission off', 'submission on'], 1, 'full']);
  });
});

describe('its end', () => {
  it.each(['busy', 'down'])('when the time of %s is over, on the clock', async (state) => {
    const { hosts, faults, clock, told } = start();
    expect(await hosts.set('submission', state, 60_000)).toMatchObject({ until: clock.now() + 60_000 });
    expect(clock.pending).toMatchObject([{ kind: 'host', id: 'submission' }]);
    await clock.advance(60_000);
    expect(hosts.named('submission')).toMatchObject({ state: 'up', until: null });
    expect([faults.list(), told.at(-1)]).toEqual([[], state === 'down' ? 'submission on' : undefined]);
  });

  it('another state ends the time of the one before', async () => {
    const { hosts, clock } = start();
    await hosts.set('submission', 'busy', 60_000);
    await hosts.set('submission', 'slow');
    await clock.advance(3_600_000);
    expect([hosts.named('submission').state, clock.pending]).toEqual(['slow', []]);
  });

  it('comes no later where the clock is put back', async () => {
    const { hosts, clock } = start();
    await clock.advance(5_000_000);
    await hosts.set('submission', 'down', 60_000);
    await clock.advance(-4_000_000);
    hosts.clockMoved();
    await clock.advance(60_000);
    expect(hosts.named('submission')).toMatchObject({ state: 'up', until: null });
  });

  it('whoever takes away its rules makes it come up', async () => {
    const { hosts, faults, told } = start();
    const seen: string[] = [];
    hosts.events.on((name) => seen.push(`${name} ${hosts.named(name).state}`));
    const { faultIds } = await hosts.set('imap', 'busy');
    faults.remove(faultIds[0] ?? '');
    await hosts.set('submission', 'slow');
    faults.replace([], 'api');
    await hosts.set('pop3', 'down');
    faults.clear();
    expect(seen).toEqual(['imap busy', 'imap up', 'submission slow', 'submission up', 'pop3 down']);
    await hosts.reset();
    expect([hosts.list().map(({ state }) => state), told]).toEqual([
      ['up', 'up', 'up'],
      ['pop3 off', 'pop3 on'],
    ]);
  });
});

describe('a port that has been taken meanwhile', () => {
  it('is told of, and the host stays down', async () => {
    const started = start();
    await started.hosts.set('submission', 'down');
    started.taken = true;
    await expect(started.hosts.set('submission', 'busy')).rejects.toMatchObject({ code: 'conflict', message: 'port 25 is taken' });
    expect([started.hosts.named('submission').state, started.faults.list()]).toEqual(['down', []]);
  });

  it('is tried again until it is free, when the time is over or all is stopped', async () => {
    const started = start();
    const { hosts, clock } = started;
    await hosts.set('submission', 'down', 1000);
    await hosts.set('imap', 'down');
    started.taken = true;
    await clock.advance(1000);
    await hosts.reset();
    expect(hosts.list().map(({ state }) => state)).toEqual(['down', 'down', 'up']);
    started.taken = false;
    await vi.waitFor(() => expect(hosts.list().map(({ state }) => state)).toEqual(['up', 'up', 'up']));
    hosts.stop();
  });
});

it('an earlier run’s are put back: rules that are there still, who was down, and until when', async () => {
  const before = start();
  await before.hosts.set('submission', 'busy', 60_000);
  await before.hosts.set('imap', 'down');
  await before.hosts.set('pop3', 'slow');
  const after = start();
  after.faults.restore(before.faults.list().filter(({ on }) => on.host === 'submission'));
  await after.hosts.restore([...before.hosts.list(), { name: 'mx1', state: 'down', until: null, faultIds: [] }]);
  expect(after.hosts.list().map(({ name, state, until }) => [name, state, until])).toEqual([
    ['submission', 'busy', after.clock.now() + 60_000],
    ['imap', 'down', null],
    ['pop3', 'up', null],
  ]);
  await after.clock.advance(60_000);
  expect([after.hosts.named('submission').state, after.faults.list(), after.told]).toEqual(['up', [], ['imap off']]);
});

describe('a host that comes while all runs', () => {
  const place = (told: string[]): HostPlace => ({
    name: 'mx1',
    protocol: 'smtp',
    listening: (on) => Promise.resolve(void told.push(`mx1 ${on ? 'on' : 'off'}`)),
  });

  it('is listed last, put into states as any other, and goes with its rules', async () => {
    const { hosts, faults, told } = start();
    const events: string[] = [];
    hosts.events.on((name) => events.push(`${name} ${hosts.has(name) ? hosts.named(name).state : 'is gone'}`));
    hosts.add(place(told));
    await hosts.set('mx1', 'busy', 1000);
    expect(hosts.list().map(({ name }) => name)).toEqual(['submission', 'imap', 'pop3', 'mx1']);
    await hosts.remove('mx1');
    expect([faults.list(), hosts.list().length, events]).toEqual([[], 3, ['mx1 up', 'mx1 busy', 'mx1 is gone']]);
    expect(() => hosts.named('mx1')).toThrow('there is no host mx1');
    await expect(hosts.remove('mx1')).rejects.toThrow('there is no host mx1');
  });

  it('that has gone comes up no more when its time is over, nor is it tried on', async () => {
    const started = start();
    const { hosts, clock, told } = started;
    hosts.add(place(told));
    await hosts.set('mx1', 'down', 1000);
    await hosts.remove('mx1');
    await clock.advance(2000);
    expect([told, clock.pending]).toEqual([['mx1 off'], []]);
  });

  it('goes after the change that is under way', async () => {
    const { hosts, faults, told } = start();
    hosts.add(place(told));
    await Promise.all([hosts.set('mx1', 'down'), hosts.set('mx1', 'busy'), hosts.remove('mx1')]);
    expect([told, faults.list()]).toEqual([['mx1 off', 'mx1 on'], []]);
  });

  it('that is no host any more after a restart leaves no rules behind', async () => {
    const { hosts, faults } = start();
    const { id } = faults.add({ on: { host: 'mx1', stage: 'banner' }, do: [{ close: true }] }, 'preset');
    await hosts.restore([{ name: 'mx1', state: 'busy', until: null, faultIds: [id] }]);
    expect(faults.list()).toEqual([]);
  });
});
