// When a delivery is tried again and given up: the tables of well-known senders, and schedules that people write.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { Refusal } from '../../../server/base/errors.ts';
import type { WrittenPolicy } from '../../../server/delivery/policy.ts';
import {
  attemptsPlanned,
  expiryOf,
  formatSchedule,
  next,
  parseSchedule,
  policyOf,
  PROFILE_NAMES,
} from '../../../server/delivery/policy.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** All times of tries, from 0, when each fails at once. */
function tries(written: WrittenPolicy, queuedAt = 0): number[] {
  const policy = policyOf(written);
  const expiresAt = expiryOf(queuedAt, policy);
  const times = [queuedAt];
  for (;;) {
    const now = times.at(-1) ?? 0;
    const then = next({ expiresAt, rounds: times.length }, policy, now);
    if ('expired' in then) return times;
    expect(then.at).toBeGreaterThan(now);
    times.push(then.at);
  }
}

describe('schedules', () => {
  it.each([
    ['', []],
    ['5m', [5 * MINUTE]],
    ['1m,5m*2,1h*3', [MINUTE, 5 * MINUTE, 5 * MINUTE, HOUR, HOUR, HOUR]],
    [' 1h30m * 2 , 10 ', [90 * MINUTE, 90 * MINUTE, 10_000]],
  ])('%j', (text, waits) => {
    expect(parseSchedule(text)).toEqual(waits);
    expect(parseSchedule(formatSchedule(waits))).toEqual(waits);
  });

  it('runs are written short', () => {
    expect(formatSchedule([1000, 1000, 2000, 1000])).toBe('1s*2,2s,1s');
  });

  it.each(['soon', '1m,', ',', '1m*0', '1m*', '1m*x', '-1m', '0s', '10ms', '9999999d', '1s*1001', '1s*600,2s*600', '1m 2m'])(
    '%j is refused, and its place is named',
    (text) => {
      expect(() => policyOf({ schedule: text })).toThrow(Refusal);
      expect(() => policyOf({ schedule: text })).toThrow(/^policy\.schedule: /);
    },
  );
});

describe('policies', () => {
  it('what is left out is the profile’s, and without a profile the sandbox’s', () => {
    expect(policyOf()).toEqual({
      waits: [1000, 2000, 4000, 8000],
      giveUpAfter: 30_000,
      warnAfter: 10_000,
      failover: 'transient',
      tls: 'opportunistic',
      dialect: 'standard',
    });
    expect(policyOf({ profile: 'postfix', giveUpAfter: '1h', warnAfter: 90_000, failover: 'connection', tls: 'required' })).toMatchObject({
      giveUpAfter: HOUR,
      warnAfter: 90_000,
      failover: 'connection',
      tls: 'required',
      dialect: 'postfix',
    });
    expect(policyOf({ profile: 'exim', warnAfter: null }).warnAfter).toBeNull();
  });

  it.each([
    [{ giveUpAfter: 'never' }, 'policy.giveUpAfter'],
    [{ giveUpAfter: -1 }, 'policy.giveUpAfter'],
    [{ giveUpAfter: NaN }, 'policy.giveUpAfter'],
    [{ warnAfter: '11000d' }, 'policy.warnAfter'],
    [{ profile: 'qmail' }, 'policy.profile'],
  ])('%j is refused, and its place is named', (written, path) => {
    let refused: unknown;
    try {
      policyOf(written as WrittenPolicy);
    } catch (error) {
      refused = error;
    }
    expect(refused).toMatchObject({ code: 'unprocessable', details: { path } });
  });
});

describe('tries', () => {
  it.each([
    ['sandbox', 7, [0, 1000, 3000, 7000, 15_000, 23_000, 30_000]],
    ['rfc5321', 63, [0, 30 * MINUTE, HOUR, 3 * HOUR]],
    ['postfix', 113, [0, 5 * MINUTE, 10 * MINUTE, 20 * MINUTE, 40 * MINUTE, 80 * MINUTE, 80 * MINUTE + 4_000_000]],
    ['exim', 28, [0, 15 * MINUTE, 30 * MINUTE]],
    ['sendmail', 241, [0, 30 * MINUTE, HOUR]],
    ['exchange-online', 27, [0, 15 * MINUTE, 45 * MINUTE, 90 * MINUTE, 150 * MINUTE]],
    ['instant', 1, [0]],
  ] as const)('%s plans %i', (profile, planned, first) => {
    const times = tries({ profile });
    expect(times.slice(0, first.length)).toEqual(first);
    expect([times.length, attemptsPlanned(policyOf({ profile }))]).toEqual([planned, planned]);
  });

  it.each([
    { schedule: '10s', giveUpAfter: '30s' },
    { schedule: '10s', giveUpAfter: '31s' },
    { schedule: '10s,20s', giveUpAfter: '5s' },
    { schedule: '1h', giveUpAfter: 0 },
    { schedule: '', giveUpAfter: '5d' },
    { schedule: '1s*5,1m', giveUpAfter: '5s' },
  ])('as many as are planned: %j', (written) => {
    expect(tries(written)).toHaveLength(attemptsPlanned(policyOf(written)));
  });

  it('the plan of ten years of every second is known at once', () => {
    expect(attemptsPlanned(policyOf({ schedule: '1s', giveUpAfter: '3650d' }))).toBe(3650 * 86_400 + 1);
  });

  it('the last is at the very time at which it is given up, the others are on whole seconds', () => {
    for (const profile of PROFILE_NAMES.filter((name) => name !== 'instant')) {
      const { giveUpAfter } = policyOf({ profile });
      const times = tries({ profile }, 400);
      expect(times.at(-1)).toBe(giveUpAfter + 400);
      expect(times.slice(1, -1).every((at) => at % 1000 === 0)).toBe(true);
    }
  });

  it('one that was held beyond its time has one try', () => {
    expect(next({ expiresAt: 10_000, rounds: 3 }, policyOf(), 3 * DAY)).toEqual({ expired: true });
  });
});

it('the README tells of every profile how often it tries', () => {
  const readme = readFileSync(fileURLToPath(new URL('../../../README.md', import.meta.url)), 'utf8');
  const told = Array.from(readme.matchAll(/^\| `([a-z0-9-]+)` +\|[^|]*\|[^|]*\| +(\d+) \|$/gm), ([, name, tries]) => [name, Number(tries)]);
  expect(told).toEqual(PROFILE_NAMES.map((profile) => [profile, attemptsPlanned(policyOf({ profile }))]));
});
