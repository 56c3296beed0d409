// Receivers come, change and go, with listeners that only remember what they were told.

import { describe, expect, it } from 'vitest';
import { refusal, start, toHosts } from './rig.ts';

describe('a receiver', () => {
  it('is what its words say, with what they leave out', async () => {
    const { receivers, hosts, told, events } = start();
    const words = {
      hosts: [{ name: 'mx1.shop.test' }, { name: 'mx2.shop.test', preference: 20, backup: 'relays', address: '127.0.0.2', port: 2502 }],
      policy: { profile: 'postfix', giveUpAfter: '1d' },
    };
    const receiver = await receivers.put('Shop.Test.', words);
    expect(receiver).toMatchObject({
      domain: 'shop.test',
      hosts: [
        { name: 'mx1.shop.test', preference: 10, backup: null, address: '127.0.0.1', port: 20_000 },
        { name: 'mx2.shop.test', preference: 20, backup: 'relays', address: '127.0.0.2', port: 2502 },
      ],
      policy: { giveUpAfter: 86_400_000, dialect: 'postfix' },
      dns: 'ok',
      written: words,
    });
    expect(told).toEqual(['mx1.shop.test opens 127.0.0.1 20000', 'mx2.shop.test opens 127.0.0.2 2502']);
    expect(hosts.list().map(({ name, state }) => `${name} ${state}`)).toEqual([
      'submission up',
      'imap up',
      'mx1.shop.test up',
      'mx2.shop.test up',
    ]);
    expect([receivers.list(), receivers.get('SHOP.test'), receivers.withHost('MX2.shop.test')?.host.port]).toEqual([
      [receiver],
      receiver,
      2502,
    ]);
    expect(events).toEqual(['shop.test']);
  });

  it('that is put twice is put once, also as it was answered', async () => {
    const { receivers, told, events } = start();
    const words = { hosts: [{ name: 'mx1', state: 'busy' }] };
    await receivers.put('a.test', words);
    await receivers.put('A.test', { ...words, domain: 'a.test', schedule: '1s', waiting: 3 });
    expect([told, events]).toEqual([['mx1 opens 127.0.0.1 20000'], ['a.test']]);
    await receivers.put('a.test', { hosts: [{ name: 'mx1', preference: 10, state: 'busy', address: '127.0.0.1', port: 20_000 }] });
    expect(told).toHaveLength(1);
  });

  it('keeps those of its hosts as they are whose words stay, and closes those that it names no longer', async () => {
    const { receivers, hosts, told } = start();
    await receivers.put('a.test', toHosts('mx1', 'mx2'));
    await hosts.set('mx1', 'busy');
    told.length = 0;
    const { hosts: made } = await receivers.put('a.test', { hosts: [{ name: 'mx3' }, { name: 'mx1', preference: 5, backup: 'stores' }] });
    expect(told).toEqual(['mx3 opens 127.0.0.1 20002', 'mx2 stops']);
    expect(made.map(({ name, port, preference }) => [name, port, preference])).toEqual([
      ['mx3', 20_002, 10],
      ['mx1', 20_000, 5],
    ]);
    expect(hosts.named('mx1').state).toBe('busy');
    expect([hosts.has('mx2'), receivers.withHost('mx2')]).toEqual([false, undefined]);
  });

  it('moves a host to another port, and gives its old one to another host, in one change', async () => {
    const { receivers, told } = start();
    await receivers.put('a.test', {
      hosts: [
        { name: 'mx1', port: 2501 },
        { name: 'mx2', port: 2502 },
      ],
    });
    told.length = 0;
    await receivers.put('a.test', {
      hosts: [
        { name: 'mx1', port: 2502 },
        { name: 'mx3', port: 2501 },
      ],
    });
    expect(told).toEqual(['mx1 stops', 'mx2 stops', 'mx1 opens 127.0.0.1 2502', 'mx3 opens 127.0.0.1 2501']);
    expect(receivers.list().flatMap(({ hosts }) => hosts.map(({ name, port }) => `${name} ${port}`))).toEqual(['mx1 2502', 'mx3 2501']);
  });

  it('is left as it was where one of its hosts cannot listen', async () => {
    const { receivers, hosts, told, thief } = start();
    const before = await receivers.put('a.test', {
      hosts: [
        { name: 'mx1', port: 2501 },
        { name: 'mx2', port: 2502 },
      ],
    });
    await hosts.set('mx2', 'down');
    told.length = 0;
    thief.add(2503);
    const error = await refusal(receivers.put('a.test', { hosts: [{ name: 'mx4' }, { name: 'mx3', port: 2503 }] }));
    expect([error.code, error.message, error.details]).toEqual([
      'conflict',
      'hosts[1].port: mx3: port 2503 on 127.0.0.1 cannot be listened to (EADDRINUSE)',
      { path: 'hosts[1].port', reason: 'port 2503 on 127.0.0.1 cannot be listened to (EADDRINUSE)' },
    ]);
    expect(told).toEqual(['mx4 opens 127.0.0.1 20000', 'mx4 stops']);

    told.length = 0;
    thief.add(2502);
    await refusal(receivers.put('a.test', { hosts: [{ name: 'mx3', port: 2502 }] }));
    // Who was down stays down.
    expect(told).toEqual(['mx1 stops', 'mx1 listens']);
    expect([receivers.list(), hosts.list().map(({ name }) => name)]).toEqual([[before], ['submission', 'imap', 'mx1', 'mx2']]);
  });

  it('is gone with its hosts and what their states stood for', async () => {
    const { receivers, hosts, faults, told, events } = start();
    await receivers.put('a.test', {
      hosts: [
        { name: 'mx1', state: 'busy' },
        { name: 'mx2', state: 'down' },
      ],
    });
    expect(faults.list().map(({ name }) => name)).toEqual(['mx1: busy']);
    expect(told.at(-1)).toBe('mx2 stops');
    await receivers.remove('A.TEST');
    expect([receivers.list(), faults.list(), hosts.list().length, told.at(-1)]).toEqual([[], [], 2, 'mx1 stops']);
    expect([receivers.receiverOf('jo@a.test'), events]).toEqual([undefined, ['a.test', 'a.test']]);
    expect((await refusal(receivers.remove('a.test'))).code).toBe('not-found');
    expect((await receivers.put('b.test', toHosts('mx1'))).hosts[0]?.port).toBe(20_000);
  });

  it('puts a host into the state of its words when that is said first, or anew', async () => {
    const { receivers, hosts } = start();
    const stateAfter = async (state?: string): Promise<string> => {
      await receivers.put('a.test', { hosts: [{ name: 'mx1', ...(state !== undefined && { state }) }] });
      return hosts.named('mx1').state;
    };
    expect([await stateAfter('slow'), await stateAfter('full'), await stateAfter()]).toEqual(['slow', 'full', 'full']);
    await hosts.set('mx1', 'up');
    expect(await stateAfter('full')).toBe('full');
    await hosts.set('mx1', 'up');
    expect(await stateAfter('full')).toBe('up');
  });

  it('finds ports that are free, and never one of a host that is only down', async () => {
    const { receivers, hosts, thief } = start();
    thief.add(20_001);
    await receivers.put('a.test', {
      hosts: [{ name: 'mx1', state: 'down' }, { name: 'mx2' }, { name: 'mx9', address: '127.0.0.9', port: 20_003 }],
    });
    await receivers.put('b.test', toHosts('mx3', 'mx4'));
    expect(hosts.named('mx1').state).toBe('down');
    expect(receivers.list().flatMap((one) => one.hosts.map(({ port }) => port))).toEqual([20_000, 20_002, 20_003, 20_004, 20_005]);
  });

  it('begins anywhere where no first port is set', async () => {
    const { receivers } = start({ firstPort: 0 });
    const names = Array.from({ length: 20 }, (_, i) => `mx${i}`);
    const ports = (await receivers.put('a.test', toHosts(...names))).hosts.map(({ port }) => port);
    expect([new Set(ports).size, ports.every((port) => port >= 20_000 && port < 30_000)]).toEqual([20, true]);
  });
});

it('what was kept is opened again on its ports, or where one was only chosen, on another', async () => {
  const first = start();
  await first.receivers.put('a.test', { hosts: [{ name: 'mx1', state: 'down' }, { name: 'mx2' }] });
  await first.receivers.give('b.test', toHosts('mx3'));
  await first.receivers.remove('a.test');
  await first.receivers.put('a.test', { hosts: [{ name: 'mx1', state: 'down' }, { name: 'mx2' }] });
  await first.receivers.give('c.test', toHosts('mx4'));
  const kept = first.receivers.kept();
  expect(kept.map(({ domain, ports, given }) => [domain, ports, given])).toEqual([
    ['b.test', { mx3: 20_002 }, true],
    ['a.test', { mx1: 20_000, mx2: 20_001 }, false],
    ['c.test', { mx4: 20_003 }, true],
  ]);

  const second = start();
  second.thief.add(20_001);
  await second.receivers.restore(kept);
  // One that the file does not name any more is gone; the port of the other is its own.
  await second.receivers.give('c.test', toHosts('mx4'));
  expect(second.told).toEqual(['mx1 opens 127.0.0.1 20000', 'mx2 opens 127.0.0.1 20002', 'mx4 opens 127.0.0.1 20003']);
  // Their states are those that hosts were kept in.
  expect(second.hosts.named('mx1').state).toBe('up');
});

it('one of a file that a caller says again is kept for its own sake', async () => {
  const { receivers, events } = start();
  await receivers.give('a.test', toHosts('mx1'));
  await receivers.put('a.test', toHosts('mx1'));
  expect([receivers.kept().map(({ given }) => given), events]).toEqual([[false], ['a.test', 'a.test']]);
});

it('changes are made one after the other', async () => {
  const { receivers } = start();
  const refused = await Promise.allSettled([
    receivers.put('a.test', toHosts('mx')),
    receivers.put('b.test', toHosts('mx')),
    receivers.remove('a.test'),
    receivers.put('b.test', toHosts('mx')),
  ]);
  expect(refused.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled', 'fulfilled']);
  expect(receivers.withHost('mx')?.receiver.domain).toBe('b.test');
});
