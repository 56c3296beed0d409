// What the wire looks like where a fault steps in, beyond the words: resets, silence, slowness, and how each of them ends.

import { once } from 'node:events';
import { connect } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../server/faults/fault.ts';
import type { Session } from '../../../server/net/session.ts';
import { Client } from '../../conversations/client.ts';
import { faultsWith } from '../../conversations/faults.ts';
import { startSmtp } from '../../conversations/smtp-server.ts';
import type { TestOptions, TestServer } from '../../conversations/smtp-server.ts';

type Do = NonNullable<Rule['do']>;

interface Struck extends AsyncDisposable {
  readonly server: TestServer;
  readonly letGo: () => void;
  /** Resolves when the rule has stepped in. */
  readonly hit: Promise<void>;
  /** The session, once it is over. */
  readonly over: Promise<Session>;
}

async function startWith(stage: Rule['on']['stage'], acts: Do, options: TestOptions = {}): Promise<Struck> {
  const faults = faultsWith([{ id: 'rule', on: { stage }, do: acts }]);
  const hit = new Promise<void>((resolve) => faults.events.on(({ type }) => type === 'fault.hit' && resolve()));
  const server = await startSmtp({ ...options, decide: faults.decide });
  const over = new Promise<Session>((resolve) =>
    server.sessions.events.on((event) => event.type === 'session.closed' && resolve(event.session)),
  );
  return { server, hit, over, letGo: () => faults.clear(), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** A client that has been greeted, and has said HELO. */
async function introduced({ server }: Struck): Promise<Client> {
  const client = await Client.connect(server.port);
  await client.reply();
  expect(await client.ask('HELO client.test')).toMatch(/^250/);
  return client;
}

describe('a fault', () => {
  it.each([
    ['reset', 'ECONNRESET'],
    ['close', 'end'],
  ])('%s is %s to the client', async (how, outcome) => {
    await using struck = await startWith('connect', [how === 'reset' ? { reset: true } : { close: true }]);
    const socket = connect(struck.server.port, '127.0.0.1').resume();
    const ended = await Promise.race([
      once(socket, 'error').then(([error]) => (error as NodeJS.ErrnoException).code),
      once(socket, 'end').then(() => 'end'),
    ]);
    expect(ended).toBe(outcome);
    socket.destroy();
    expect(await struck.over).toMatchObject({ faultId: 'rule', failure: 'ended by fault rule' });
  });

  it('that stalls keeps silent until it is taken away, longer than the idle time, and then the command goes on', async () => {
    await using struck = await startWith('noop', [{ stall: true }], { idleTimeout: 40 });
    const client = await introduced(struck);
    client.send('NOOP\r\n');
    await struck.hit;
    const first = client.line();
    const patience = new Promise((resolve) => setTimeout(resolve, 120, 'silence'));
    expect(await Promise.race([first, patience])).toBe('silence');
    struck.letGo();
    expect(await first).toBe('250 2.0.0 Ok');
    client.destroy();
  });

  it('that stalls ends with the client, and gives room back', async () => {
    await using struck = await startWith('end-of-data', [{ stall: true }]);
    const client = await introduced(struck);
    client.send('MAIL FROM:<a@client.test>\r\nRCPT TO:<b@shop.test>\r\nDATA\r\nSubject: x\r\n.\r\n');
    await struck.hit;
    expect(struck.server.inflight()).toBeGreaterThan(0);
    client.destroy();
    await struck.over;
    expect([struck.server.inflight(), struck.server.messages.length]).toEqual([0, 0]);
  });

  it('that stalls ends with the server', async () => {
    await using struck = await startWith('noop', [{ stall: true }]);
    const client = await introduced(struck);
    client.send('NOOP\r\n');
    await struck.hit;
    const closed = struck.server.listener.close(60_000);
    expect(await client.reply()).toBe('421 4.3.2 Shutting down');
    client.destroy();
    await closed;
  });

  it('that delays lets a pipelined batch wait, in order', async () => {
    await using struck = await startWith('rcpt', [{ delay: 30 }]);
    const client = await introduced(struck);
    const begun = performance.now();
    client.send('MAIL FROM:<a@client.test>\r\nRCPT TO:<b@shop.test>\r\nRCPT TO:<c@shop.test>\r\nNOOP\r\n');
    const said = [await client.reply(), await client.reply(), await client.reply(), await client.reply()];
    expect(said).toEqual(['250 2.1.0 Ok', '250 2.1.5 Ok', '250 2.1.5 Ok', '250 2.0.0 Ok']);
    expect(performance.now() - begun).toBeGreaterThan(55);
    client.destroy();
  });

  it('that trickles sends an answer in pieces, and what follows at once', async () => {
    await using struck = await startWith('noop', [{ trickle: { bytes: 3, every: 10 } }]);
    const client = await introduced(struck);
    const pieces: string[] = [];
    client.socket.on('data', (piece: string) => pieces.push(piece));
    client.send('NOOP\r\nRSET\r\n');
    expect([await client.line(), await client.line()]).toEqual(['250 2.0.0 Ok', '250 2.0.0 Ok']);
    expect(pieces.slice(0, 3)).toEqual(['250', ' 2.', '0.0']);
    expect(pieces.at(-1)).toBe('250 2.0.0 Ok\r\n');
    client.destroy();
  });

  it('that trickles is let go in the midst of an answer', async () => {
    await using struck = await startWith('noop', [{ trickle: { bytes: 1, every: 60_000 } }]);
    const client = await introduced(struck);
    client.send('NOOP\r\n');
    await once(client.socket, 'data');
    struck.letGo();
    expect(await client.line()).toBe('250 2.0.0 Ok');
    expect(await client.ask('RSET')).toBe('250 2.0.0 Ok');
    client.destroy();
  });

  it('that trickles more slowly than a timer can wait keeps silent', async () => {
    await using struck = await startWith('noop', [{ trickle: { bytes: 1, every: '60d' } }]);
    const client = await introduced(struck);
    client.send('NOOP\r\n');
    await once(client.socket, 'data');
    const second = once(client.socket, 'data').then(() => 'more');
    expect(await Promise.race([second, new Promise((resolve) => setTimeout(resolve, 40, 'silence'))])).toBe('silence');
    struck.letGo();
    expect(await client.line()).toBe('250 2.0.0 Ok');
    client.destroy();
  });

  it.each([
    ['certificate', { certificate: 'expired' }],
    ['delay', { delay: 5 }],
  ] as const)('at TLS forgets what was said before the handshake: %s', async (_, act) => {
    await using struck = await startWith('tls', [act]);
    const client = await introduced(struck);
    client.send('STARTTLS\r\nMAIL FROM:<injected@client.test>\r\n');
    expect(await client.reply()).toBe('220 2.0.0 Ready to start TLS');
    const secure = connectTls({ socket: client.socket, rejectUnauthorized: false });
    await once(secure, 'secureConnect');
    secure.write('RSET\r\n');
    const [said] = (await once(secure, 'data')) as [Buffer];
    expect(said.toString()).toBe('250 2.0.0 Ok\r\n');
    secure.destroy();
  });

  it('that throttles reads a message no faster than it says', async () => {
    await using struck = await startWith('body', [{ throttle: { bytesPerSecond: 20_000, direction: 'in' } }]);
    const client = await introduced(struck);
    const begun = performance.now();
    client.send(`MAIL FROM:<a@client.test>\r\nRCPT TO:<b@shop.test>\r\nDATA\r\n${'x'.repeat(2_998)}\r\n.\r\n`);
    for (let i = 0; i < 4; i++) await client.reply();
    expect(performance.now() - begun).toBeGreaterThan(140);
    expect(struck.server.messages[0]?.raw.length).toBe(3_000);
    client.destroy();
  });

  it('that throttles is let go in the midst of a message', async () => {
    await using struck = await startWith('body', [{ throttle: { bytesPerSecond: 1, direction: 'in' } }]);
    const client = await introduced(struck);
    client.send(`MAIL FROM:<a@client.test>\r\nRCPT TO:<b@shop.test>\r\nDATA\r\n${'x'.repeat(2_998)}\r\n.\r\n`);
    for (let i = 0; i < 3; i++) await client.reply();
    await struck.hit;
    struck.letGo();
    expect(await client.reply()).toMatch(/^250/);
    client.destroy();
  });

  it('says in the transcript that its words are not the server’s own', async () => {
    await using struck = await startWith('noop', [{ reply: { code: 450, lines: ['a', 'b'] } }]);
    const client = await introduced(struck);
    expect(await client.ask('NOOP')).toBe('450-a\n450 b');
    client.destroy();
    const { lines } = await struck.over;
    expect(lines.filter(({ faultId }) => faultId === 'rule').map(({ side, text }) => `${side} ${text}`)).toEqual([
      'rig fault rule',
      'server 450-a',
      'server 450 b',
    ]);
  });
});

describe('where TLS comes first', () => {
  const connectTo = (struck: Struck): Promise<string> =>
    new Promise((resolve) => {
      const socket = connectTls({ port: struck.server.port, host: '127.0.0.1', ca: struck.server.ca, servername: 'localhost' });
      socket.on('secureConnect', () => resolve('secure'));
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      socket.on('close', () => socket.destroy());
    });

  it.each<readonly [stage: 'connect' | 'tls', act: Do[number], outcome: string]>([
    ['connect', { reset: true }, 'ECONNRESET'],
    ['tls', { reset: true }, 'ECONNRESET'],
    ['tls', { certificate: 'expired' }, 'CERT_HAS_EXPIRED'],
    ['tls', { certificate: 'wrong-host' }, 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['tls', { certificate: 'self-signed' }, 'DEPTH_ZERO_SELF_SIGNED_CERT'],
    ['tls', { tls: 'garbage' }, 'ERR_SSL_WRONG_VERSION_NUMBER'],
    ['tls', { tls: 'alert' }, 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE'],
    ['tls', { delay: 5 }, 'secure'],
  ])('a fault at %s that says %j is %s', async (stage, act, outcome) => {
    await using struck = await startWith(stage, [act], { tls: 'implicit' });
    expect(await connectTo(struck)).toBe(outcome);
    expect(struck.server.errors).toEqual([]);
  });
});
