// Receivers as their clients meet them: hosts that really listen, on ports that stay theirs, in states that people put them into.

import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTransport } from 'nodemailer';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Mailrig, MailrigOptions } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';
import type { Delivery, Fault, Host, ListOf, Receiver, SessionSummary, Summary } from '../../server/http/contract/types.ts';
import { ask } from './api.ts';

/** Soon, but a busy machine takes its time. */
const until = <T>(check: () => T | Promise<T>): Promise<T> => vi.waitFor(check, { timeout: 10_000 });

let folder: string;
let rigs: Mailrig[] = [];
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'mailrig-receivers-'))));
afterEach(async () => {
  for (const rig of rigs) await rig.stop();
  rigs = [];
  await rm(folder, { recursive: true });
});

async function start(options: MailrigOptions = {}): Promise<Mailrig> {
  const rig = createMailrig({ host: ['127.0.0.1'], logLevel: 'silent', ...options });
  rigs.push(rig);
  await rig.start();
  return rig;
}

const put = async (rig: Mailrig, domain: string, json: object): Promise<Receiver> =>
  (await ask<Receiver>(rig, 'PUT', `/receivers/${encodeURIComponent(domain)}`, json)).body;

const portsOf = ({ hosts }: Receiver): number[] => hosts.map(({ port }) => port);

/** The whole first line that a server says, or the code of the error. */
async function greeting(port: number, address = '127.0.0.1'): Promise<string> {
  const socket = connect(port, address);
  try {
    return String((await once(socket, 'data'))[0]).trim();
  } catch (error) {
    return (error as { code?: string }).code ?? '';
  } finally {
    socket.destroy();
  }
}

/** Sockets that this process listens on. */
const listening = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'TCPServerWrap').length;

describe('a host', () => {
  test('greets by its own name, asks for no login, and what a stranger sends it is a message of its own', async () => {
    const rig = await start({ requireAuth: true, requireTls: true, localDomains: ['here.test'] });
    const [port = 0] = portsOf(await put(rig, 'shop.test', { hosts: [{ name: 'mx1.shop.test' }] }));
    expect(await greeting(port)).toBe('220 mx1.shop.test ESMTP Mailrig');
    await createTransport({ host: '127.0.0.1', port, ignoreTLS: true }).sendMail({ from: 'a@b.test', to: 'jo@shop.test', text: 'hi' });
    const { items } = (await ask<ListOf<Summary>>(rig, 'GET', '/messages')).body;
    expect(items.map(({ host }) => host)).toEqual(['mx1.shop.test']);
    const sessions = (await ask<ListOf<SessionSummary>>(rig, 'GET', '/sessions')).body.items;
    expect(sessions.map(({ host }) => host)).toEqual(['mx1.shop.test', 'mx1.shop.test']);
    await until(async () => {
      const board = (await ask<ListOf<Host>>(rig, 'GET', '/hosts')).body.items;
      expect(board.at(-1)).toMatchObject({ name: 'mx1.shop.test', receiver: 'shop.test', port, connections: 0, counts: { accepted: 1 } });
    });
  });

  test('counts what our own queue brings it, and what it does not get while it is down', async () => {
    const rig = await start();
    await put(rig, 'shop.test', {
      hosts: [
        { name: 'mx1', state: 'down' },
        { name: 'mx2', preference: 20, backup: 'stores' },
      ],
    });
    const refuse = { on: { stage: 'rcpt', host: 'mx2' }, match: { recipient: 'full@*' }, do: [{ reply: '452 4.2.2 Full' }] };
    await ask(rig, 'POST', '/faults', refuse);
    const transport = createTransport({ host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true });
    for (const name of ['jo', 'full']) await transport.sendMail({ from: 'a@b.test', to: `${name}@shop.test`, text: 'hi' });
    transport.close();
    await until(async () => {
      const board = (await ask<ListOf<Host>>(rig, 'GET', '/hosts')).body.items;
      expect(board.slice(-2).map(({ name, counts }) => [name, counts])).toMatchObject([
        ['mx1', { accepted: 0, refused: 2 }],
        ['mx2', { accepted: 1, deferred: 1, rejected: 0, refused: 0 }],
      ]);
    });
  });

  test('is busy, down and up again by its state, the one beside it is not', async () => {
    const rig = await start();
    const hosts = [{ name: 'mx1', state: 'down' }, { name: 'mx2', state: 'busy', address: '127.0.0.2' }, { name: 'mx3' }];
    const [one = 0, two = 0, three = 0] = portsOf(await put(rig, '*.corp.test', { hosts }));
    const all = async (): Promise<string[]> =>
      (await Promise.all([greeting(one), greeting(two, '127.0.0.2'), greeting(three)])).map((line) => line.slice(0, 12));
    expect(await all()).toEqual(['ECONNREFUSED', '421 4.3.2 Se', '220 mx3 ESMT']);
    await ask(rig, 'DELETE', '/faults');
    expect(await all()).toEqual(['220 mx1 ESMT', '220 mx2 ESMT', '220 mx3 ESMT']);
  });

  test('meets the faults that are made for it', async () => {
    const rig = await start();
    const [one = 0, two = 0] = portsOf(await put(rig, 'shop.test', { hosts: [{ name: 'mx1' }, { name: 'mx2' }] }));
    await ask<Fault>(rig, 'POST', '/faults', { on: { host: 'mx2', stage: 'banner' }, do: [{ reply: '554 5.3.2 No SMTP service here' }] });
    expect([await greeting(one), await greeting(two), (await greeting(rig.ports.smtp ?? 0)).slice(0, 3)]).toEqual([
      '220 mx1 ESMTP Mailrig',
      '554 5.3.2 No SMTP service here',
      '220',
    ]);
  });

  test('that cannot have its port leaves the receiver as it was, and does not come up on one that was taken', async () => {
    const rig = await start();
    const thief = createServer().listen(0, '127.0.0.1');
    await once(thief, 'listening');
    const { port } = thief.address() as { port: number };
    const before = await put(rig, 'shop.test', { hosts: [{ name: 'mx1' }] });
    const refused = await ask<{ error: { message: string } }>(rig, 'PUT', '/receivers/shop.test', {
      hosts: [{ name: 'mx1' }, { name: 'mx2', port }],
    });
    expect([refused.status, refused.body.error.message]).toEqual([
      409,
      `hosts[1].port: mx2: port ${port} on 127.0.0.1 cannot be listened to (EADDRINUSE)`,
    ]);
    expect((await ask(rig, 'GET', '/receivers/shop.test')).body).toEqual(before);
    await new Promise((resolve) => thief.close(resolve));

    const [own = 0] = portsOf(await put(rig, 'shop.test', { hosts: [{ name: 'mx1', port }] }));
    expect([own, await greeting(port)]).toEqual([port, '220 mx1 ESMTP Mailrig']);
    await ask(rig, 'PATCH', '/hosts/mx1', { state: 'down' });
    const second = createServer().listen(port, '127.0.0.1');
    await once(second, 'listening');
    expect((await ask(rig, 'PATCH', '/hosts/mx1', { state: 'up' })).status).toBe(409);
    await new Promise((resolve) => second.close(resolve));
    expect((await ask(rig, 'PATCH', '/hosts/mx1', { state: 'up' })).status).toBe(200);
    expect(await greeting(port)).toBe('220 mx1 ESMTP Mailrig');
  });

  test('that is down from the beginning has never listened: another may have its port until it is put up', async () => {
    const rig = await start();
    const thief = createServer().listen(0, '127.0.0.1');
    await once(thief, 'listening');
    const { port } = thief.address() as { port: number };
    const hosts = [{ name: 'mx1.shop.test', state: 'down', port }];
    expect((await put(rig, 'shop.test', { hosts })).hosts).toMatchObject([{ port, state: 'down' }]);
    expect((await ask(rig, 'PATCH', '/hosts/mx1.shop.test', { state: 'up' })).status).toBe(409);
    await new Promise((resolve) => thief.close(resolve));
    expect(await greeting(port)).toBe('ECONNREFUSED');
    expect((await ask(rig, 'PATCH', '/hosts/mx1.shop.test', { state: 'up' })).status).toBe(200);
    expect(await greeting(port)).toBe('220 mx1.shop.test ESMTP Mailrig');
  });

  test('that is closed ends its conversations', async () => {
    const rig = await start();
    const [port = 0] = portsOf(await put(rig, 'shop.test', { hosts: [{ name: 'mx1' }] }));
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'data');
    const ended = once(socket.resume(), 'close');
    expect((await ask(rig, 'DELETE', '/receivers/shop.test')).status).toBe(200);
    await ended;
    expect(await greeting(port)).toBe('ECONNREFUSED');
  });
});

test('fifty hosts are opened in one call, closed in another, and leave nothing open', async () => {
  const rig = await start();
  const before = listening();
  const hosts = Array.from({ length: 50 }, (_, i) => ({ name: `mx${i}.shop.test`, preference: i }));
  const ports = portsOf(await put(rig, 'shop.test', { hosts }));
  expect([new Set(ports).size, listening() - before]).toEqual([50, 50]);
  const sockets = await Promise.all(
    ports.map(async (port) => {
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'data');
      return socket.resume();
    }),
  );
  const ended = Promise.all(sockets.map((socket) => once(socket, 'close')));
  expect((await ask(rig, 'POST', '/reset', {})).status).toBe(200);
  await ended;
  expect(listening()).toBe(before);
  expect((await ask<ListOf<Host>>(rig, 'GET', '/hosts')).body.items.map(({ name }) => name)).toEqual(['submission', 'imap', 'pop3']);
});

describe('a receiver with mail on its way to it', () => {
  const states = async (rig: Mailrig): Promise<string[]> =>
    (await ask<ListOf<Delivery>>(rig, 'GET', '/deliveries')).body.items.map(({ state }) => state);

  async function send(rig: Mailrig, ...to: readonly string[]): Promise<void> {
    await createTransport({ host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true }).sendMail({
      from: 'a@b.test',
      to: [...to],
      text: 'hi',
    });
  }

  test('is taken away only with it', async () => {
    const rig = await start();
    const hosts = ['mx1', 'mx2'].map((name) => ({ name, state: 'down' }));
    await put(rig, 'shop.test', { hosts, policy: { schedule: '1h', giveUpAfter: '5d' } });
    await send(rig, 'jo@shop.test', 'al@shop.test');
    await until(async () => expect(await states(rig)).toEqual(['deferred', 'deferred']));
    expect((await ask<Receiver>(rig, 'GET', '/receivers/shop.test')).body.waiting).toBe(2);
    expect((await ask(rig, 'DELETE', '/receivers/shop.test')).status).toBe(409);
    expect((await ask(rig, 'DELETE', '/receivers/shop.test?force=true')).status).toBe(200);
    expect(await states(rig)).toEqual(['dropped', 'dropped']);
  });

  test('also while a host is silent in the middle of it', async () => {
    const rig = await start();
    await put(rig, 'shop.test', { hosts: [{ name: 'mx1' }], policy: { schedule: '1h', giveUpAfter: '5d' } });
    await ask(rig, 'POST', '/faults', { id: 'silent', on: { host: 'mx1', stage: 'mail' }, do: [{ stall: true }] });
    await send(rig, 'jo@shop.test');
    await until(async () => expect((await ask<Fault>(rig, 'GET', '/faults/silent')).body.hits).toBe(1));
    expect(await states(rig)).toEqual(['active']);
    expect((await ask(rig, 'DELETE', '/receivers/shop.test?force=true')).status).toBe(200);
    expect(await states(rig)).toEqual(['dropped']);
    // Its domain is here again.
    await send(rig, 'jo@shop.test');
    expect(await states(rig)).toEqual(['dropped']);
  });
});

describe('a reset that keeps messages', () => {
  test('drops what was on its way to a receiver that goes, and nobody waits for it', async () => {
    const rig = await start({ clockFrozen: true });
    const policy = { schedule: '1h', giveUpAfter: '5d' };
    await put(rig, 'shop.test', { hosts: [{ name: 'mx1', state: 'down' }], policy });
    await put(rig, 'bank.test', { hosts: [{ name: 'mx2' }], policy });
    await ask(rig, 'POST', '/faults', { id: 'silent', on: { host: 'mx2', stage: 'mail' }, do: [{ stall: true }] });
    await createTransport({ host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true }).sendMail({
      from: 'a@b.test',
      to: ['jo@shop.test', 'al@bank.test'],
      text: 'hi',
    });
    const states = async (): Promise<string[]> =>
      (await ask<ListOf<Delivery>>(rig, 'GET', '/deliveries')).body.items.map(({ state }) => state).sort();
    await until(async () => expect(await states()).toEqual(['active', 'deferred']));
    expect((await ask(rig, 'POST', '/reset', { keep: ['messages'] })).status).toBe(200);
    expect(await states()).toEqual(['dropped', 'dropped']);
    expect((await ask<ListOf<Summary>>(rig, 'GET', '/messages')).body.total).toBe(1);
  });

  test('leaves what is on its way where receivers are kept too', async () => {
    const rig = await start();
    await put(rig, 'shop.test', { hosts: [{ name: 'mx1', state: 'down' }], policy: { schedule: '1h', giveUpAfter: '5d' } });
    await createTransport({ host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true }).sendMail({
      from: 'a@b.test',
      to: 'jo@shop.test',
      text: 'hi',
    });
    const states = async (): Promise<string[]> =>
      (await ask<ListOf<Delivery>>(rig, 'GET', '/deliveries')).body.items.map(({ state }) => state);
    await until(async () => expect(await states()).toEqual(['deferred']));
    expect((await ask(rig, 'POST', '/reset', { keep: ['messages', 'receivers', 'clock'] })).status).toBe(200);
    expect(await states()).toEqual(['deferred']);
  });
});

test('a stop closes them, in whatever state they are', async () => {
  const before = listening();
  const rig = await start();
  await put(rig, 'shop.test', { hosts: [{ name: 'mx1' }, { name: 'mx2', state: 'down' }, { name: 'mx3', state: 'slow' }] });
  await rig.stop();
  // The system closes a socket a moment after it was told to.
  await until(() => expect(listening()).toBe(before));
});

describe('a restart', () => {
  test('keeps receivers, their ports, and the states of their hosts', async () => {
    const first = await start({ data: folder });
    await put(first, 'shop.test', {
      hosts: [{ name: 'mx1', state: 'down' }, { name: 'mx2', preference: 20, backup: 'relays' }, { name: 'mx3' }],
      policy: { profile: 'postfix' },
    });
    await put(first, '*.gone.test', { dns: 'nxdomain' });
    await ask(first, 'PATCH', '/hosts/mx1', { state: 'up' });
    await ask(first, 'PATCH', '/hosts/mx2', { state: 'down' });
    await ask(first, 'PATCH', '/hosts/mx3', { state: 'busy' });
    const before = (await ask<ListOf<Receiver>>(first, 'GET', '/receivers')).body;
    expect(before.items[0]?.hosts.map(({ state }) => state)).toEqual(['up', 'down', 'busy']);
    await first.stop();

    const second = await start({ data: folder });
    expect((await ask(second, 'GET', '/receivers')).body).toEqual(before);
    const [one = 0, two = 0, three = 0] = portsOf(before.items[0] as Receiver);
    expect([await greeting(one), await greeting(two), (await greeting(three)).slice(0, 3)]).toEqual([
      '220 mx1 ESMTP Mailrig',
      'ECONNREFUSED',
      '421',
    ]);
    await ask(second, 'DELETE', '/receivers/shop.test');
    await second.stop();

    const third = await start({ data: folder });
    expect((await ask<ListOf<Receiver>>(third, 'GET', '/receivers')).body.items.map(({ domain }) => domain)).toEqual(['*.gone.test']);
    expect((await ask<ListOf<Fault>>(third, 'GET', '/faults')).body.items).toEqual([]);
  });

  test('takes receivers of a file as the file has them then, on the ports that they had', async () => {
    const faults = join(folder, 'faults.yaml');
    const data = join(folder, 'data');
    const file = (state: string): Promise<void> =>
      writeFile(faults, `receivers:\n  shop.test: { hosts: [{ name: mx1.shop.test, state: ${state} }] }\n`);
    const receivers = { 'corp.test': { hosts: [{ name: 'mx.corp.test' }] } };
    await file('slow');
    const first = await start({ data, faults, receivers });
    const before = (await ask<ListOf<Receiver>>(first, 'GET', '/receivers')).body.items;
    expect(before.map(({ domain, hosts: [host] }) => `${domain} ${host?.state ?? ''}`)).toEqual(['corp.test up', 'shop.test slow']);
    await first.stop();

    await file('down');
    const second = await start({ data, faults });
    const { items } = (await ask<ListOf<Receiver>>(second, 'GET', '/receivers')).body;
    expect(items.map(({ domain, hosts: [host] }) => `${domain} ${host?.state ?? ''} ${host?.port ?? 0}`)).toEqual([
      `shop.test down ${before[1]?.hosts[0]?.port ?? 0}`,
    ]);
    expect((await ask<ListOf<Fault>>(second, 'GET', '/faults')).body.items).toEqual([]);
  });

  test('says which receiver cannot listen on the port that it was given', async () => {
    const first = await start({ data: folder });
    const [port = 0] = portsOf(await put(first, 'shop.test', { hosts: [{ name: 'mx1' }] }));
    await put(first, 'shop.test', { hosts: [{ name: 'mx1', port }] });
    await first.stop();
    const thief = createServer().listen(port, '127.0.0.1');
    await once(thief, 'listening');
    await expect(start({ data: folder })).rejects.toThrow(
      `receiver shop.test, which was kept: hosts[0].port: mx1: port ${port} on 127.0.0.1 cannot be listened to (EADDRINUSE)`,
    );
    await new Promise((resolve) => thief.close(resolve));
  });
});

test('settings with a wrong receiver keep the server from starting, by its place', async () => {
  await expect(start({ receivers: { 'shop.test': { hosts: [{ name: 'mx1', address: '10.0.0.1' }] } } })).rejects.toThrow(
    'receivers: shop.test: hosts[0].address: a loopback address expected',
  );
});
