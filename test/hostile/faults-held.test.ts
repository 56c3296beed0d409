// Two hundred clients held at every place of every protocol: one call lets go of all of them.

import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect, it } from 'vitest';
import type { FaultProtocol } from '../../server/faults/stages.ts';
import { startTarget } from './faulty-sessions.ts';
import type { Port } from './faulty-sessions.ts';

const CLIENTS = 200;

/** ms; 50 where nobody else works on the machine. */
const SOON = 500;

interface Place {
  readonly port: Port | 'smtps' | 'imaps' | 'pop3s';
  readonly protocol: FaultProtocol;
  readonly stage: string;
  readonly said: readonly string[];
}

const TO = ['MAIL FROM:<a@client.test>', 'RCPT TO:<jo@shop.test>'];
const AUTH = 'AUTH PLAIN AGpvAHg=';

/** What leads to each place. */
const LEADS: Readonly<Record<FaultProtocol, Readonly<Record<string, readonly string[]>>>> = {
  smtp: {
    banner: [],
    ehlo: ['EHLO x'],
    starttls: ['EHLO x', 'STARTTLS'],
    auth: ['EHLO x', AUTH],
    mail: ['EHLO x', ...TO],
    rcpt: ['EHLO x', ...TO],
    data: ['EHLO x', ...TO, 'DATA'],
    body: ['EHLO x', ...TO, 'DATA', 'Subject: x', '', '.'],
    'end-of-data': ['EHLO x', ...TO, 'DATA', 'Subject: x', '', '.'],
    bdat: ['EHLO x', ...TO, 'BDAT 2 LAST', ''],
    rset: ['RSET'],
    noop: ['NOOP'],
    quit: ['QUIT'],
    any: ['VRFY x'],
  },
  imap: {
    greeting: [],
    starttls: ['a STARTTLS'],
    login: ['a LOGIN jo x'],
    select: ['a LOGIN jo x', 'b SELECT INBOX'],
    fetch: ['a LOGIN jo x', 'b SELECT INBOX', 'c UID FETCH 1:* FLAGS'],
    idle: ['a LOGIN jo x', 'b IDLE'],
    append: ['a LOGIN jo x', 'b APPEND INBOX {3+}', 'a', ''],
    store: ['a LOGIN jo x', 'b SELECT INBOX', 'c UID STORE 1:* FLAGS ()'],
    search: ['a LOGIN jo x', 'b SELECT INBOX', 'c SEARCH ALL'],
    any: ['a NOOP'],
  },
  pop3: {
    greeting: [],
    starttls: ['STLS'],
    login: ['USER jo', 'PASS x'],
    retr: ['USER *', 'PASS x', 'RETR 1'],
    dele: ['USER *', 'PASS x', 'DELE 1'],
    quit: ['QUIT'],
    any: ['CAPA'],
  },
};

const lmtp: Place = { port: 'lmtp', protocol: 'smtp', stage: 'end-of-data', said: ['LHLO x', ...TO, 'DATA', '', '.'] };

function placesOf(protocol: FaultProtocol): Place[] {
  const later = Object.entries(LEADS[protocol]).map(([stage, said]) => ({ port: protocol, protocol, stage, said }));
  // Where TLS comes first it is the client that begins.
  return [{ port: protocol, protocol, stage: 'connect', said: [] }, ...later, { port: `${protocol}s`, protocol, stage: 'tls', said: [] }];
}

it('all go on at once', async () => {
  await using target = await startTarget({ popLock: false });
  const { rig, call } = target;
  await call('POST', '/messages', { from: 'a@client.test', to: ['jo@shop.test'], subject: 'x' });
  // The first certificate takes its time.
  await fetch(`${rig.url}v1/ca.pem`);
  // Each place has an address of its own: a rule for one must not hold the others on their way.
  const places = [...placesOf('smtp'), ...placesOf('imap'), ...placesOf('pop3'), lmtp].map((place, i) => ({
    ...place,
    ip: `127.0.1.${i + 1}`,
  }));
  const stall = [{ stall: true }];
  await call(
    'PUT',
    '/faults',
    places.map(({ protocol, stage, ip }) => ({ on: { protocol, stage }, match: { clientIp: ip }, do: stall })),
  );
  const clients = places.flatMap((place) => Array.from({ length: Math.ceil(CLIENTS / places.length) }, () => place));
  let letGo = Infinity;
  const sockets: Socket[] = [];
  const answers = clients.map(({ port, said, ip, protocol, stage }) => {
    const options = { port: rig.ports[port] ?? 0, host: '127.0.0.1', localAddress: ip };
    const socket = port.endsWith('s') ? connectTls({ ...options, rejectUnauthorized: false }) : connect(options);
    sockets.push(socket);
    socket.on('error', () => undefined).write(said.map((line) => `${line}\r\n`).join(''));
    return new Promise<string>((resolve) => {
      const look = (): void => {
        const ms = performance.now() - letGo;
        if (ms > 0) resolve(ms > SOON ? `${protocol} ${stage} after ${Math.round(ms)} ms` : 'in time');
      };
      for (const event of ['data', 'close', 'secureConnect']) socket.on(event, look);
    });
  });
  for (let held = 0; held < clients.length;) {
    const { items } = (await call('GET', '/faults')) as { items: { hits: number }[] };
    held = items.reduce((sum, { hits }) => sum + hits, 0);
  }
  letGo = performance.now();
  await call('DELETE', '/faults');
  expect([...new Set(await Promise.all(answers))]).toEqual(['in time']);
  for (const socket of sockets) socket.destroy();
  expect([clients.length >= CLIENTS, target.bugs]).toEqual([true, []]);
});
