// Servers that are taken down and come up again, as their clients meet it; and what of all that a restart keeps.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { once } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Mailrig, MailrigOptions } from '../../server/app.ts';
import { createMailrig } from '../../server/app.ts';
import type { ClockState, Fault, Host, Info, ListOf } from '../../server/http/contract/types.ts';
import { ask } from './api.ts';

let folder: string;
let rigs: Mailrig[] = [];
beforeEach(async () => void (folder = await mkdtemp(join(tmpdir(), 'mailrig-hosts-'))));
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

const hostsOf = async (rig: Mailrig): Promise<string[]> =>
  (await ask<ListOf<Host>>(rig, 'GET', '/hosts')).body.items.map(({ name, state }) => `${name} ${state}`);

/** The first line that a server says, or the code of the error. */
async function greeting(port: number | null): Promise<string> {
  const socket = connect(port ?? 0, '127.0.0.1');
  try {
    return String((await once(socket, 'data'))[0]).slice(0, 3);
  } catch (error) {
    return (error as { code?: string }).code ?? '';
  } finally {
    socket.destroy();
  }
}

async function client(port: number | null): Promise<Socket> {
  const socket = connect(port ?? 0, '127.0.0.1');
  await once(socket, 'data');
  return socket;
}

describe('a server that is down', () => {
  test('refuses connections on all its ports, ends those that are open, and comes up on the same ports', async () => {
    const rig = await start();
    const { smtp, smtps, imap } = rig.ports;
    const open = await client(smtp);
    const ended = once(open.resume(), 'close');
    expect((await ask<Host>(rig, 'PATCH', '/hosts/submission', { state: 'down' })).body).toMatchObject({ state: 'down', port: smtp });
    await ended;
    expect([await greeting(smtp), await greeting(smtps), await greeting(imap)]).toEqual(['ECONNREFUSED', 'ECONNREFUSED', '* O']);
    expect((await ask(rig, 'DELETE', '/faults')).status).toBe(200);
    expect([await greeting(smtp), await hostsOf(rig)]).toEqual(['220', ['submission up', 'imap up', 'pop3 up']]);
    expect(rig.ports.smtp).toBe(smtp);
  });

  test('says so when another has taken its port, and comes up by itself when it is free', async () => {
    const rig = await start();
    await ask(rig, 'PATCH', '/hosts/pop3', { state: 'down' });
    const thief = createServer().listen(rig.ports.pop3 ?? 0, '127.0.0.1');
    await once(thief, 'listening');
    const refused = await ask<{ error: { message: string } }>(rig, 'PATCH', '/hosts/pop3', { state: 'up' });
    expect([refused.status, refused.body.error.message]).toEqual([
      409,
      `pop3: port ${rig.ports.pop3 ?? 0} on 127.0.0.1 cannot be listened to (EADDRINUSE)`,
    ]);
    expect((await ask(rig, 'DELETE', '/faults')).status).toBe(200);
    expect(await hostsOf(rig)).toContain('pop3 down');
    await new Promise((resolve) => thief.close(resolve));
    await vi.waitFor(async () => expect(await hostsOf(rig)).toContain('pop3 up'), { timeout: 5000 });
    expect(await greeting(rig.ports.pop3)).toBe('+OK');
  });

  test('comes up when its time on the clock is over', async () => {
    const rig = await start({ clockFrozen: true, clockNow: Date.UTC(2026, 11, 24) });
    const { body } = await ask<Host>(rig, 'PATCH', '/hosts/imap', { state: 'down', for: '1h' });
    expect(body.until).toBe('2026-12-24T01:00:00.000Z');
    const moved = await ask<{ ran: unknown }>(rig, 'POST', '/clock/advance', { to: 'next' });
    expect(moved.body.ran).toEqual([{ at: '2026-12-24T01:00:00.000Z', kind: 'host', id: 'imap', outcome: 'up' }]);
    expect(await greeting(rig.ports.imap)).toBe('* O');
    expect((await ask<Info>(rig, 'GET', '/info')).body.clock).toEqual({
      now: '2026-12-24T01:00:00.000Z',
      mode: 'frozen',
      offsetMs: expect.any(Number) as number,
    });
  });
});

/** Says lines to a server and hears the first three octets of each answer, until one that does not come. */
async function say(port: number | null, ...lines: readonly string[]): Promise<{ heard: string[]; next: Promise<string>; socket: Socket }> {
  const socket = await client(port);
  const heard: string[] = [];
  const answer = async (): Promise<string> => String((await once(socket, 'data'))[0]).slice(0, 3);
  for (const line of lines.slice(0, -1)) {
    const next = answer();
    socket.write(`${line}\r\n`);
    heard.push(await next);
  }
  const next = answer();
  socket.write(`${lines.at(-1) ?? ''}\r\n`);
  return { heard, next, socket };
}

describe('a fault made over HTTP', () => {
  test('meets the next client, is seen in the transcript, and found there', async () => {
    const rig = await start();
    await ask(rig, 'POST', '/faults', {
      id: 'later',
      on: { stage: 'rcpt' },
      match: { recipient: '*@w3.test' },
      do: [{ reply: '450 4.2.0 Greylisted' }],
    });
    const mail = ['EHLO me', 'MAIL FROM:<a@b.test>', 'RCPT TO:<jo@w4.test>', 'RCPT TO:<jo@w3.test>'];
    const { heard, next, socket } = await say(rig.ports.smtp, ...mail);
    expect([...heard, await next]).toEqual(['250', '250', '250', '450']);
    socket.destroy();
    expect((await ask(rig, 'GET', '/faults/later')).body).toMatchObject({ hits: 1 });
    const { body: sessions } = await ask<ListOf<{ id: string }>>(rig, 'GET', '/sessions?q=fault:later');
    const hits = await ask<ListOf<{ sessionId: string }>>(rig, 'GET', '/faults/later/hits');
    expect(hits.body.items.map(({ sessionId }) => sessionId)).toEqual(sessions.items.map(({ id }) => id));
    expect((await ask<ListOf<Host>>(rig, 'GET', '/hosts')).body.items[0]).toMatchObject({ counts: { deferred: 1, accepted: 0 } });
  });

  test('holds clients of every protocol until all is stopped, and then lets them go on', async () => {
    const rig = await start();
    await ask(rig, 'PUT', '/faults', [
      { on: { protocol: 'smtp', stage: 'noop' }, do: [{ stall: true }] },
      { on: { protocol: 'imap', stage: 'login' }, do: [{ stall: true }] },
      { on: { protocol: 'pop3', stage: 'login' }, do: [{ stall: true }] },
    ]);
    const held = await Promise.all([
      say(rig.ports.smtp, 'EHLO me', 'NOOP'),
      say(rig.ports.imap, 'a LOGIN jo@shop.test x'),
      say(rig.ports.pop3, 'USER jo@shop.test', 'PASS x'),
    ]);
    await vi.waitFor(async () => {
      const { items } = (await ask<ListOf<Fault>>(rig, 'GET', '/faults')).body;
      expect(items.map(({ hits }) => hits)).toEqual([1, 1, 1]);
    });
    const answered = Promise.all(held.map(({ next }) => next));
    const begun = performance.now();
    await ask(rig, 'DELETE', '/faults');
    expect(await answered).toEqual(['250', expect.stringMatching(/^(\* C|a O)/), '+OK']);
    expect(performance.now() - begun).toBeLessThan(1000);
    for (const { socket } of held) socket.destroy();
  });

  test('busy servers turn clients away, each in the words of its protocol', async () => {
    const rig = await start();
    for (const name of ['submission', 'imap', 'pop3']) await ask(rig, 'PATCH', `/hosts/${name}`, { state: 'busy' });
    const { smtp, imap, pop3 } = rig.ports;
    for (const [port, words] of [
      [smtp, '421'],
      [imap, '* B'],
      [pop3, '-ER'],
    ] as const) {
      const socket = connect(port ?? 0, '127.0.0.1');
      const ended = once(socket, 'close');
      expect(String((await once(socket, 'data'))[0]).slice(0, 3)).toBe(words);
      socket.end();
      await ended;
    }
    await vi.waitFor(async () => {
      const { items } = (await ask<ListOf<Host>>(rig, 'GET', '/hosts')).body;
      expect(items.map(({ connections, counts }) => [connections, counts.refused])).toEqual([
        [0, 1],
        [0, 1],
        [0, 1],
      ]);
    });
  });
});

test('faults of a file are there from the start, and counted by the server about itself', async () => {
  const file = join(folder, 'faults.yaml');
  await writeFile(file, 'faults:\n  - { id: a, on: { stage: rcpt }, do: [{ close: true }] }\nhosts: { imap: down }\n');
  const rig = await start({ faults: file, seed: 7 });
  expect((await ask<ListOf<Fault>>(rig, 'GET', '/faults')).body.items).toMatchObject([{ id: 'a', source: 'file' }]);
  expect(await hostsOf(rig)).toEqual(['submission up', 'imap down', 'pop3 up']);
  expect((await ask<Info>(rig, 'GET', '/info')).body).toMatchObject({ faults: 1, settings: { seed: { value: 7, source: 'option' } } });
  expect((await ask(rig, 'GET', '/faults/options')).body).toMatchObject({ seed: 7 });
});

test('a file with a wrong rule in it keeps the server from starting, by its place', async () => {
  const rig = createMailrig({ logLevel: 'silent', faults: [{ on: { stage: 'rcpt' } }] });
  rigs.push(rig);
  await expect(rig.start()).rejects.toThrow('faults: [0].do: something to do is missing');
});

test('a restart keeps faults without counters, states of hosts, and how far ahead the clock is', async () => {
  const first = await start({ data: folder, lmtpPort: 0 });
  await ask(first, 'POST', '/faults', { id: 'kept', ttl: '3h', on: { stage: 'rcpt' }, do: [{ close: true }] });
  await ask(first, 'PATCH', '/hosts/submission', { state: 'slow', for: '5h' });
  await ask(first, 'PATCH', '/hosts/lmtp', { state: 'down' });
  await ask(first, 'POST', '/clock/advance', { by: '2h' });
  const { body: before } = await ask<ListOf<Fault>>(first, 'GET', '/faults');
  await first.stop();

  const second = await start({ data: folder, lmtpPort: 0 });
  expect((await ask(second, 'GET', '/faults')).body).toEqual(before);
  expect(await hostsOf(second)).toEqual(['submission slow', 'lmtp down', 'imap up', 'pop3 up']);
  const { offsetMs, pending } = (await ask<ClockState>(second, 'GET', '/clock')).body;
  expect([Math.round(offsetMs / 60_000), pending.map(({ kind, id }) => `${kind} ${id}`)]).toEqual([120, ['fault kept', 'host submission']]);
  await ask(second, 'POST', '/clock/advance', { by: '1h' });
  expect((await ask<ListOf<Fault>>(second, 'GET', '/faults')).body.items.map(({ source }) => source)).toEqual(['preset', 'preset']);
  await ask(second, 'DELETE', '/faults');
  await ask(second, 'POST', '/clock/reset');
  await second.stop();

  const third = await start({ data: folder, lmtpPort: 0 });
  expect((await ask(third, 'GET', '/faults')).body).toMatchObject({ items: [] });
  expect(await hostsOf(third)).toEqual(['submission up', 'lmtp up', 'imap up', 'pop3 up']);
  expect((await ask<ClockState>(third, 'GET', '/clock')).body).toMatchObject({ offsetMs: 0, pending: [] });
});
