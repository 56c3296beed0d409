// What is wrong with the words of a receiver, and where.

import { describe, expect, it } from 'vitest';
import { refusal, start, toHosts } from './rig.ts';

describe('words', () => {
  it.each<[string, object, string]>([
    ['a b.test', toHosts('mx'), 'domain: a domain expected, or a glob such as *.corp.test, or *'],
    ['', toHosts('mx'), 'domain: a domain expected, or a glob such as *.corp.test, or *'],
    ['jo@a.test', toHosts('mx'), 'domain: a domain expected, or a glob such as *.corp.test, or *'],
    ['a..test', toHosts('mx'), 'domain: a domain expected, or a glob such as *.corp.test, or *'],
    ['a?.test', toHosts('mx'), 'domain: a domain expected, or a glob such as *.corp.test, or *'],
    ['a.test', [], 'expected object, received array'],
    ['a.test', {}, 'hosts: a receiver has a host at least, unless DNS says that it has none'],
    ['a.test', { hosts: [] }, 'hosts: a receiver has a host at least, unless DNS says that it has none'],
    ['a.test', { hosts: [{}] }, 'hosts[0].name: it is missing'],
    ['a.test', { hosts: [{ name: 'mx', prefernce: 1 }] }, 'hosts[0].prefernce: unknown field, preference may be meant'],
    ['a.test', toHosts('mx 1'), 'hosts[0].name: a host name expected, as mx1.shop.test'],
    ['a.test', toHosts('*'), 'hosts[0].name: a host name expected, as mx1.shop.test'],
    ['a.test', toHosts('mx', 'MX'), 'hosts[1].name: MX stands here twice'],
    ['a.test', toHosts('imap'), 'hosts[0].name: imap is a server of its own'],
    ['a.test', toHosts('mx.other.test'), 'hosts[0].name: mx.other.test is a host of other.test'],
    ['a.test', toHosts('MX.Other.test'), 'hosts[0].name: MX.Other.test is a host of other.test'],
    ['a.test', { hosts: [{ name: 'mx', address: '10.0.0.1' }] }, 'hosts[0].address: a loopback address expected, as 127.0.0.2 or ::1'],
    ['a.test', { hosts: [{ name: 'mx', address: '::ffff:7f00:1' }] }, 'hosts[0].address: a loopback address expected, as 127.0.0.2 or ::1'],
    ['a.test', { hosts: [{ name: 'mx', address: 'localhost' }] }, 'hosts[0].address: a loopback address expected, as 127.0.0.2 or ::1'],
    ['a.test', { hosts: [{ name: 'mx', address: '127.9.9.9' }] }, 'hosts[0].address: mx: this machine has no 127.9.9.9'],
    ['a.test', { hosts: [{ name: 'mx', port: 2525 }] }, 'hosts[0].port: port 2525 on 127.0.0.1 is that of mx.other.test'],
    [
      'a.test',
      {
        hosts: [
          { name: 'x', port: 9 },
          { name: 'y', port: 9 },
        ],
      },
      'hosts[1].port: port 9 on 127.0.0.1 is that of x',
    ],
    ['a.test', { hosts: [{ name: 'mx', port: 0 }] }, 'hosts[0].port: Too small: expected number to be >=1'],
    [
      'a.test',
      { hosts: [{ name: 'mx', state: 'tired' }] },
      'hosts[0].state: expected one of "up"|"busy"|"down"|"slow"|"greylisting"|"full"|"reject"',
    ],
    ['a.test', { ...toHosts('mx'), policy: { profile: 'qmail' } }, expect.stringMatching(/^policy.profile: /)],
    ['a.test', { ...toHosts('mx'), policy: { schedule: 'often' } }, expect.stringMatching(/^policy.schedule: /)],
    ['a.test', { ...toHosts('mx'), policy: { warnAfter: 'soon' } }, expect.stringMatching(/^policy.warnAfter: /)],
    ['a.test', { ...toHosts('mx'), dns: 'broken' }, expect.stringMatching(/^dns: /)],
    ['third.test', toHosts('mx'), 'more than 2 receivers; max-receivers is the limit'],
  ])('%s, %j: %s', async (domain, words, message) => {
    const { receivers, told } = start({ max: 2 });
    await receivers.put('other.test', { hosts: [{ name: 'mx.other.test', port: 2525 }] });
    if (domain === 'third.test') await receivers.put('second.test', { hosts: [], dns: 'nxdomain' });
    const error = await refusal(receivers.put(domain, words));
    expect([error.code, error.message]).toEqual(['unprocessable', message]);
    expect(told).toEqual(['mx.other.test opens 127.0.0.1 2525']);
  });

  it.each(['null-mx', 'nxdomain', 'servfail'])('of a domain with %s need no host', async (dns) => {
    const { receivers } = start();
    expect(await receivers.put('a.test', { dns })).toMatchObject({ hosts: [], dns });
  });
});
