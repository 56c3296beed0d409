import { describe, expect, it } from 'vitest';
import type { Host, HostState, Receiver } from '../../../../server/http/contract/types.ts';
import {
  asCalls,
  barsOf,
  filledSpans,
  hostRows,
  isPrimary,
  policyOf,
  rateOf,
  scenarioPuts,
  scheduleOf,
  standingsOf,
  type Scenario,
} from '../../../../ui/screens/receivers/board.ts';

const receiver = (domain: string, hosts: Record<string, number>, change: Partial<Receiver> = {}): Receiver => ({
  domain,
  hosts: Object.entries(hosts).map(([name, preference]) => ({ name, preference, state: 'up', address: '127.0.0.1', port: 20001 })),
  policy: {},
  schedule: '1s,2s,4s,8s',
  giveUpAfter: '30s',
  dns: 'ok',
  waiting: 0,
  ...change,
});
const host = (name: string, state: HostState = 'up', history: Host['history'] = []): Host => ({
  name,
  receiver: 'shop.test',
  protocol: 'smtp',
  address: '127.0.0.1',
  port: 20001,
  state,
  until: null,
  faultIds: [],
  connections: 0,
  counts: { accepted: 0, deferred: 0, rejected: 0, refused: 0 },
  history,
});

const SHOP = receiver('shop.test', { mx2: 20, mx1: 10 });
const TWINS = receiver('corp.test', { a: 5, b: 5, c: 9 });

it('has faulty domains first, everyone else last, and the preferred host of each first', () => {
  const all = [receiver('*', { any: 0 }), receiver('null.test', {}, { dns: 'null-mx' }), TWINS, SHOP];
  const hosts = [host('any'), host('a'), host('b'), host('c'), host('mx1'), host('mx2', 'busy')];
  expect(
    standingsOf(all, hosts).map(({ receiver: { domain }, hosts: own }) => `${domain} ${own.map(({ name }) => name).join('+')}`),
  ).toEqual(['null.test ', 'shop.test mx1+mx2', 'corp.test a+b+c', '* any']);
});

it.each([
  [SHOP, 'mx1', true],
  [SHOP, 'mx2', false],
  [TWINS, 'a', true],
  [TWINS, 'b', true],
  [TWINS, 'c', false],
])('among %o %s is primary: %s', (among, name, primary) => {
  expect(isPrimary(among, name)).toBe(primary);
});

describe('scenarios', () => {
  const standings = standingsOf([SHOP, TWINS], [host('mx1'), host('mx2', 'down'), host('a', 'down'), host('b'), host('c', 'slow')]);
  it.each<[Scenario, string]>([
    ['primary-down', 'b down, c up, mx1 down, mx2 up'],
    ['primary-pauses', 'a down 30000, b down 30000, c up, mx1 down 30000, mx2 up'],
    ['rate-limited', 'a up, c up, mx2 up'],
    ['all-down', 'b down, c down, mx1 down'],
    ['all-up', 'a up, c up, mx2 up'],
    ['greylist', 'a greylisting, b greylisting, c greylisting, mx1 greylisting, mx2 greylisting'],
  ])('%s says to the hosts: %s', (scenario, words) => {
    expect(
      scenarioPuts(scenario, standings)
        .map(({ name, state, rest }) => `${name} ${state}${rest === undefined ? '' : ` ${rest}`}`)
        .join(', '),
    ).toBe(words);
  });
});

it.each([
  [{}, '1 s, 2 s, 4 s, 8 s, give up after 30 s'],
  [{ schedule: '', giveUpAfter: '0s' }, 'none'],
  [{ schedule: '1m,5m,15m,1h,4h*3,1d', giveUpAfter: '5d' }, '1 min, 5 min, 15 min, 1 h, 3 × 4 h…, give up after 5 d'],
])('%j: %s', (change, words) => {
  expect(policyOf(receiver('shop.test', {}, change))).toBe(words);
});

it('shows of a rule when it fires, what it answers and how late, each taken when it is left', () => {
  const set = (): null => null;
  const row = (path: string, value = 'x', label = path) => ({ label, path, fields: [{ name: label, value, set }] });
  const shown = hostRows([
    row('name'),
    row('on'),
    row('match.recipient'),
    row('when'),
    row('when.times'),
    row('ttl'),
    row('do[1]'),
    row('do', '', 'Answer'),
    row('do[0]', '200ms', 'Delay'),
    row('do[-1]', '9', 'Bytes/s'),
  ]);
  expect(shown.map(({ path, label }) => [path, label])).toEqual([
    ['when', 'when'],
    ['do[1]', 'do[1]'],
    ['do[0]', 'Delay'],
  ]);
  expect(shown.every(({ fields }) => fields.every(({ late }) => late))).toBe(true);
});

it('is copied as calls that make it anew', () => {
  const standings = standingsOf([receiver("o'hara.test", { 'mx1.a': 10 }, { policy: { profile: 'postfix' } })], [host('mx1.a', 'down')]);
  expect(asCalls(standings, (path) => `http://x/v1/${path}`)).toBe(
    [
      `curl -X PUT http://x/v1/receivers/o'hara.test -H 'content-type: application/json' -d '{"hosts":[{"name":"mx1.a","preference":10}],"policy":{"profile":"postfix"}}'`,
      `curl -X PATCH http://x/v1/hosts/mx1.a -H 'content-type: application/json' -d '{"state":"down"}'`,
    ].join('\n'),
  );
});

it.each([
  ['5m', '5 min'],
  ['5m,10m*2,1h', '5 min, 2 × 10 min, 1 h'],
  ['1s,2s,4s,8s,16s,32s', '1 s, 2 s, 4 s, 8 s, 16 s…'],
])('the schedule %s is said as %s', (schedule, words) => {
  expect(scheduleOf(schedule)).toBe(words);
});

describe('the last minutes', () => {
  it('are drawn as bars upon each other, the tallest as high as the box', () => {
    expect(
      barsOf(
        [
          [0, 0, 0],
          [1, 0, 0],
          [2, 1, 1],
        ],
        40,
      ),
    ).toEqual({
      most: 4,
      paths: ['M10 30h7v10h-7zM20 20h7v20h-7z', 'M20 10h7v10h-7z', 'M20 0h7v10h-7z'],
    });
  });
  it('are flat where nothing came', () => {
    expect(barsOf([], 40)).toEqual({ most: 1, paths: ['', '', ''] });
  });
  it('have a rate of their last half minute', () => {
    expect(rateOf([[90, 0, 0], ...Array.from({ length: 6 }, (): [number, number, number] => [1, 1, 1])])).toBeCloseTo(0.6);
    expect(rateOf([])).toBe(0);
  });
  it('are listed where something came, the newest first', () => {
    expect(
      filledSpans([
        [1, 0, 0],
        [0, 0, 0],
        [0, 2, 0],
      ]),
    ).toEqual([
      { ago: 5, counts: [0, 2, 0] },
      { ago: 15, counts: [1, 0, 0] },
    ]);
  });
});
