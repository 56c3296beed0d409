import { expect, it } from 'vitest';
import type { Receiver, ReceiverRule } from '../../../../server/http/contract/types.ts';
import { draftOf, nextHost, renamed, ruleFrom, type Draft } from '../../../../ui/screens/receivers/draft.ts';

it.each([
  ['shop.test', [], 'mx1.shop.test 10 '],
  ['shop.test', [{ name: 'mx1.shop.test', preference: '10' }], 'mx2.shop.test 20 stores'],
  ['shop.test', [{ name: 'mx2.shop.test', preference: '5' }], 'mx3.shop.test 15 stores'],
  ['*.corp.test', [], 'mx1.corp.test 10 '],
  ['*', [], 'mx1.everyone.test 10 '],
])('the next host of %s after %j is %s', (domain, hosts, words) => {
  const { name, preference, keeps } = nextHost(domain, hosts);
  expect(`${name} ${preference} ${keeps}`).toBe(words);
});

it.each([
  ['', 'shop.test', 'mx1.everyone.test own.test', 'mx1.shop.test own.test'],
  ['shop.tes', 'shop.test', 'mx1.shop.tes mx2.shop.tes', 'mx1.shop.test mx2.shop.test'],
  ['a.test', 'b.test', 'backup.a.test', 'backup.a.test'],
])('a domain that goes from "%s" to %s takes its hosts %s along as %s', (before, after, names, as) => {
  const hosts = names.split(' ').map((name) => ({ name, preference: '10', keeps: '' as const }));
  expect(
    renamed(hosts, before, after)
      .map(({ name }) => name)
      .join(' '),
  ).toBe(as);
});

const HOSTS = [{ name: 'mx1.shop.test', preference: 10 }];
const draft = (change: Partial<Draft> = {}): Draft => ({
  ...draftOf(),
  domain: 'shop.test',
  hosts: [{ name: ' mx1.shop.test ', preference: '10', keeps: '' }],
  ...change,
});

it.each<[Partial<Draft>, ReceiverRule]>([
  [{}, { hosts: HOSTS }],
  [
    { dns: 'nxdomain', hosts: [] },
    { hosts: [], dns: 'nxdomain' },
  ],
  [
    { profile: 'postfix', schedule: ' 1m,5m*2 ', giveUpAfter: '5d', failover: 'connection', tls: 'required' },
    { hosts: HOSTS, policy: { profile: 'postfix', schedule: '1m,5m*2', giveUpAfter: '5d', failover: 'connection', tls: 'required' } },
  ],
  [{ hosts: [{ name: 'b', preference: '20', keeps: 'relays' }] }, { hosts: [{ name: 'b', preference: 20, backup: 'relays' }] }],
])('%j makes %j', (change, rule) => {
  expect(ruleFrom(draft(change))).toEqual(rule);
});

it('keeps the words that have no field, and the ports of the hosts', () => {
  const before: Receiver = {
    domain: 'shop.test',
    hosts: [{ name: 'mx1.shop.test', preference: 10, state: 'down', address: '127.0.0.2', port: 2502, backup: 'relays' }],
    policy: { profile: 'exim', warnAfter: '1h', dialect: 'exim' },
    schedule: '15m',
    giveUpAfter: '4d',
    dns: 'ok',
    waiting: 0,
  };
  expect(ruleFrom(draftOf(before), before)).toEqual({
    hosts: [{ name: 'mx1.shop.test', preference: 10, backup: 'relays', address: '127.0.0.2', port: 2502 }],
    policy: { profile: 'exim', warnAfter: '1h', dialect: 'exim' },
  });
});
