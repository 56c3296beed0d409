// Sessions that say anything, and servers of every protocol for them to say it to.

import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import type { Mailrig, MailrigOptions } from '../../server/app.ts';
import { createServer } from '../../server/app.ts';
import { silentLog } from '../../server/base/log.ts';
import { optionsToConfig } from '../../server/config.ts';

export type Call = (method: string, path: string, json?: unknown) => Promise<unknown>;

/** Rejects where the answer is no success. */
export const caller =
  (url: string): Call =>
  async (method, path, json) => {
    const answer = await fetch(`${url}v1${path}`, {
      method,
      ...(json !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(json) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer.json();
  };

export interface Target extends AsyncDisposable {
  readonly rig: Mailrig;
  /** What was reported as a bug. */
  readonly bugs: unknown[];
  readonly call: Call;
  /** Connections to all servers of mail. */
  connections(): Promise<number>;
}

export async function startTarget(options: MailrigOptions = {}): Promise<Target> {
  const bugs: unknown[] = [];
  const { config, sources } = optionsToConfig({ host: ['127.0.0.1'], lmtpPort: 0, maxErrors: 0, ...options });
  const rig = createServer(config, sources, { ...silentLog, error: (message, details) => void bugs.push(message, details) });
  await rig.start();
  const call = caller(rig.url);
  return {
    rig,
    bugs,
    call,
    async connections() {
      const { items } = (await call('GET', '/hosts')) as { items: { connections: number }[] };
      return items.reduce((sum, { connections }) => sum + connections, 0);
    },
    [Symbol.asyncDispose]: () => rig.stop(),
  };
}

export type Port = 'smtp' | 'lmtp' | 'imap' | 'pop3';

const MESSAGE = 'Subject: hello\r\nX-A: b\r\n\r\nbody\r\n';
const SUBMISSION = [
  ...[
    'MAIL FROM:<a@client.test>',
    'MAIL FROM:<a+mail-450@client.test>',
    'RCPT TO:<jo@shop.test>',
    'RCPT TO:<jo+rcpt-450.first1@shop.test>',
  ],
  ...['RCPT TO:<jo+data-451@x.test>', 'RCPT TO:<jo+dot-lost@shop.test>', 'RCPT TO:<jo@flaky.fault.test>', `DATA\r\n${MESSAGE}.`, 'DATA'],
  ...[
    `BDAT ${MESSAGE.length}\r\n${MESSAGE}`.slice(0, -2),
    `BDAT ${MESSAGE.length} LAST\r\n${MESSAGE}`.slice(0, -2),
    'RSET',
    'NOOP',
    'VRFY x',
  ],
  ...['AUTH PLAIN AGpvAHg=', 'STARTTLS', 'HELP', 'QUIT', 'NONSENSE'],
];
const SAID: Readonly<Record<Port, readonly string[]>> = {
  smtp: ['EHLO client.test', 'HELO client.test', ...SUBMISSION],
  lmtp: ['LHLO client.test', 'RCPT TO:<kim@shop.test>', ...SUBMISSION],
  imap: [
    ...[
      'a LOGIN jo@shop.test x',
      'a AUTHENTICATE PLAIN AGpvAHg=',
      'a SELECT INBOX',
      'a EXAMINE INBOX',
      'a FETCH 1:* (UID BODY[])',
      'a IDLE\r\nDONE',
    ],
    ...[
      `a APPEND INBOX {${MESSAGE.length}+}\r\n${MESSAGE}`,
      'a STORE 1 +FLAGS (\\Deleted)',
      'a UID SEARCH ALL',
      'a EXPUNGE',
      'a NOOP',
      'a LIST "" *',
    ],
    ...['a CAPABILITY', 'a STARTTLS', 'a IDLE', 'a LOGOUT', 'nonsense'],
  ],
  pop3: [
    ...[
      'USER jo@shop.test',
      'PASS x',
      'STAT',
      'LIST',
      'RETR 1',
      'TOP 1 2',
      'DELE 1',
      'RSET',
      'NOOP',
      'CAPA',
      'AUTH PLAIN AGpvAHg=',
      'STLS',
      'UIDL',
    ],
    ...['QUIT', 'NONSENSE'],
  ],
};

/** What opens it as a client would: else most of what comes is out of order. */
const OPENING: Readonly<Record<Port, readonly string[]>> = {
  smtp: ['EHLO client.test', 'MAIL FROM:<a@client.test>', 'RCPT TO:<jo@shop.test>'],
  lmtp: ['LHLO client.test', 'MAIL FROM:<a@client.test>', 'RCPT TO:<jo@shop.test>'],
  imap: ['a LOGIN jo@shop.test x', 'a SELECT INBOX'],
  pop3: ['USER jo@shop.test', 'PASS x'],
};

export interface Said {
  readonly port: Port;
  readonly lines: readonly string[];
  /** How it leaves: without a word, after its last line, or by closing its side alone. */
  readonly leaves: 'destroy' | 'reset' | 'end';
  /** Octets sent at a time. */
  readonly step: number;
}

export const session: fc.Arbitrary<Said> = fc.constantFrom<Port>('smtp', 'lmtp', 'imap', 'pop3').chain((port) =>
  fc.record({
    port: fc.constant(port),
    lines: fc
      .tuple(fc.boolean(), fc.array(fc.constantFrom(...SAID[port]), { maxLength: 8 }))
      .map(([opened, rest]) => [...(opened ? OPENING[port] : []), ...rest]),
    leaves: fc.constantFrom('destroy', 'reset', 'end'),
    step: fc.constantFrom(7, 60, 10_000),
  }),
);

/** Says it all, and answers how to leave: resolves when the server has ended the connection. */
export function say(port: number, { lines, leaves, step }: Said): Promise<() => Promise<void>> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true, allowHalfOpen: true }).resume();
  const gone = new Promise<void>((resolve) => {
    socket
      .on('error', () => resolve())
      .on('end', () => resolve())
      .on('close', () => resolve());
  });
  const octets = lines.map((line) => `${line}\r\n`).join('');
  const talk = async (): Promise<() => Promise<void>> => {
    for (let at = 0; at < octets.length; at += step) {
      if (!socket.destroyed && socket.writable) socket.write(octets.slice(at, at + step));
      await new Promise((resolve) => setImmediate(resolve));
    }
    return async () => {
      if (leaves === 'reset') socket.resetAndDestroy();
      else if (leaves === 'destroy') socket.destroy();
      else socket.end();
      await gone;
      socket.destroy();
    };
  };
  return talk();
}

/** Rejects with what `what` says where it is not done in time. */
export const inTime = <T>(ms: number, work: Promise<T>, what: () => string): Promise<T> =>
  Promise.race([work, pause(ms, null, { ref: false }).then(() => Promise.reject(new Error(what())))]);
