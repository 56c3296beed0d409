// What real reading clients report of each thing that goes wrong, and what they find when they come back: nothing lost, nothing doubled.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Rule } from '../../server/faults/fault.ts';
import { startImap } from '../conversations/imap-server.ts';
import type { ImapServer } from '../conversations/imap-server.ts';
import { startPop3 } from '../conversations/pop3-server.ts';
import type { Pop3Server } from '../conversations/pop3-server.ts';
import { fill, inboxOf, once, subjects, USER } from './faulty-mailboxes.ts';
import { isHere, run } from './programs.ts';

const withPython = isHere('python3');

/** Runs all rows in one process; each is a port, and what is done there beside logging in and out. Answers what was said, a line each. */
async function withClient(
  session: string,
  rows: readonly { readonly port: number; readonly commands: readonly string[] }[],
): Promise<string[]> {
  const script = `${session}
import json, sys
for row in json.loads(sys.stdin.read()):
    print(json.dumps(meet(row['port'], [eval('lambda c: c.' + command) for command in row['commands']])))
`;
  const said = await run('python3', ['-c', script], JSON.stringify(rows));
  return said.toString().trim().split('\n');
}

const POPLIB = `
import poplib
def session(port, commands):
    try:
        client = poplib.POP3('127.0.0.1', port, timeout=0.25)
        client.user('${USER}')
        client.pass_('x')
        for command in commands:
            command(client)
        client.quit()
        return 'ok'
    except Exception as error:
        return f'{type(error).__name__}: {error}'
def meet(port, commands):
    found = []
    def look(client):
        for line in client.uidl()[1]:
            number, uid = line.decode().split()
            found.append(uid + (' whole' if client.retr(number)[2] > 2000 else ''))
    return [session(port, commands), session(port, [look]), found]
`;

interface Pop3Row {
  readonly name: string;
  readonly faults: readonly Rule[];
  readonly commands?: readonly string[];
  /** What poplib says. */
  readonly says: string;
  /** Messages that are gone. */
  readonly gone?: number;
}

const proto = (line: string): string => `error_proto: b'${line}'`;

const POP3: readonly Pop3Row[] = [
  {
    name: 'greeting -ERR',
    faults: once('pop3', 'greeting', { reply: '-ERR [SYS/TEMP] Server busy' }),
    says: proto('-ERR [SYS/TEMP] Server busy'),
  },
  { name: 'closed before the greeting', faults: once('pop3', 'connect', { close: true }), says: 'error_proto: -ERR EOF' },
  ...[
    '[IN-USE] Do you have another POP session running?',
    '[LOGIN-DELAY] minimum time between mail checks violation',
    '[AUTH] Invalid login',
    '[SYS/TEMP] Back end is down',
    '[SYS/PERM] Account disabled',
  ].map((text) => ({
    name: `PASS ${text}`,
    faults: once('pop3', 'login', { reply: `-ERR ${text}` }),
    says: proto(`-ERR ${text}`),
  })),
  {
    name: 'cut off in RETR',
    faults: once('pop3', 'retr', { truncate: { bytes: 500, then: 'close' } }),
    commands: ['retr(1)', 'dele(1)'],
    says: 'error_proto: -ERR EOF',
  },
  {
    name: 'reset in RETR',
    faults: once('pop3', 'retr', { truncate: { bytes: 500, then: 'reset' } }),
    commands: ['retr(1)', 'dele(1)'],
    says: 'ConnectionResetError: [Errno 104] Connection reset by peer',
  },
  {
    name: 'no answer to RETR',
    faults: once('pop3', 'retr', { stall: true }),
    commands: ['retr(1)', 'dele(1)'],
    says: 'TimeoutError: timed out',
  },
  {
    name: 'QUIT -ERR',
    faults: once('pop3', 'quit', { reply: '-ERR [SYS/TEMP] Some deleted messages not removed' }),
    commands: ['retr(1)', 'dele(1)'],
    says: proto('-ERR [SYS/TEMP] Some deleted messages not removed'),
  },
  {
    name: 'QUIT dropped',
    faults: once('pop3', 'quit', { reset: true }),
    commands: ['dele(1)'],
    says: 'ConnectionResetError: [Errno 104] Connection reset by peer',
  },
  {
    name: 'reply to QUIT lost: deleted all the same',
    faults: once('pop3', 'quit', { acceptThen: 'close' }),
    commands: ['dele(1)'],
    says: 'error_proto: -ERR EOF',
    gone: 1,
  },
  { name: 'DELE -ERR', faults: once('pop3', 'dele', { reply: '-ERR Not now' }), commands: ['dele(1)'], says: proto('-ERR Not now') },
  {
    name: 'slow, but whole',
    faults: once('pop3', 'retr', { delay: 50 }, { throttle: { bytesPerSecond: 50_000, direction: 'out' } }),
    commands: ['retr(1)'],
    says: 'ok',
  },
];

/** Every row meets a server of its own. */
async function meetAll<R extends { readonly commands?: readonly string[] }, S extends { readonly port: number }>(
  session: string,
  rows: readonly R[],
  start: (row: R) => Promise<S>,
): Promise<{ readonly row: R; readonly server: S; readonly said: unknown }[]> {
  const servers = await Promise.all(rows.map(start));
  const said = await withClient(
    session,
    rows.map(({ commands = [] }, i) => ({ port: servers[i]?.port ?? 0, commands })),
  );
  return rows.map((row, i) => ({ row, server: servers[i] as S, said: JSON.parse(said[i] ?? 'null') as unknown }));
}

describe.runIf(withPython)("POP3, with Python's poplib", () => {
  const start = async ({ faults }: Pop3Row): Promise<Pop3Server> => {
    const server = await startPop3({ faults });
    await fill(server.sample);
    return server;
  };
  let met: Awaited<ReturnType<typeof meetAll<Pop3Row, Pop3Server>>> = [];
  beforeAll(async () => void (met = await meetAll(POPLIB, POP3, start)));
  afterAll(async () => void (await Promise.all(met.map(({ server }) => server[Symbol.asyncDispose]()))));

  it.each(POP3.map(({ name }, i) => [name, i] as const))('%s', (_, i) => {
    const { row, server, said } = met[i] as (typeof met)[0];
    const { uidValidity } = inboxOf(server.sample);
    const uids = [1, 2].slice(row.gone ?? 0).map((uid) => `${uidValidity}.${uid}`);
    expect(said).toEqual([row.says, 'ok', uids.map((uid) => `${uid} whole`)]);
    expect(server.errors).toEqual([]);
  });
});

const IMAPLIB = `
import imaplib
def session(port, commands):
    try:
        client = imaplib.IMAP4('127.0.0.1', port)
        client.sock.settimeout(0.25)
        client.login('${USER}', 'x')
        said = [str(client.select('INBOX')[0])]
        for command in commands:
            answer = command(client)
            said.append(str(answer[0]) if answer[0] == 'OK' else f'{answer[0]} {answer[1][0].decode()}')
        client.logout()
        return ' '.join(said)
    except Exception as error:
        return f'{type(error).__name__}: {error}'
def meet(port, commands):
    return [session(port, commands), session(port, [])]
`;

interface ImapRow {
  readonly name: string;
  readonly faults: readonly Rule[];
  readonly commands?: readonly string[];
  /** What imaplib says. */
  readonly says: string | RegExp;
  readonly left?: readonly string[];
}

const APPEND = "append('INBOX', None, None, b'Subject: new\\r\\n\\r\\nx')";
const STORE = "store('1', '+FLAGS', '(\\\\Flagged)')";
const FETCH = "fetch('1', '(BODY.PEEK[])')";
const ABORT = /^(?:abort|ConnectionResetError|BrokenPipeError)/;

const IMAP: readonly ImapRow[] = [
  {
    name: 'greeting BYE',
    faults: once('imap', 'greeting', { reply: 'BYE [UNAVAILABLE] Too many connections' }),
    says: "error: b'* BYE [UNAVAILABLE] Too many connections'",
  },
  ...[
    '[UNAVAILABLE] Temporary authentication failure',
    '[AUTHENTICATIONFAILED] Authentication failed.',
    '[LIMIT] Too many simultaneous connections',
    'Too many simultaneous connections (Failure)',
  ].map((text) => ({ name: `LOGIN ${text}`, faults: once('imap', 'login', { reply: `NO ${text}` }), says: `error: b'${text}'` })),
  { name: 'SELECT refused', faults: once('imap', 'select', { reply: 'NO [INUSE] Mailbox is locked' }), says: 'NO' },
  {
    name: 'BYE to SELECT',
    faults: once('imap', 'select', { reply: 'BYE Server shutting down.' }),
    says: ABORT,
  },
  {
    name: 'APPEND over quota',
    faults: once('imap', 'append', { reply: 'NO [OVERQUOTA] Quota exceeded' }),
    commands: [APPEND],
    says: 'OK NO [OVERQUOTA] Quota exceeded',
  },
  {
    name: 'reply to APPEND lost: kept all the same, once',
    faults: once('imap', 'append', { acceptThen: 'close' }),
    commands: [APPEND],
    says: ABORT,
    left: ['one', 'two', 'new'],
  },
  {
    name: 'reset at APPEND: not kept',
    faults: once('imap', 'append', { reset: true }),
    commands: [APPEND],
    says: ABORT,
  },
  {
    name: 'STORE refused',
    faults: once('imap', 'store', { reply: 'NO [SERVERBUG] Internal error' }),
    commands: [STORE],
    says: 'OK NO [SERVERBUG] Internal error',
  },
  {
    name: 'reply to STORE lost: stored all the same',
    faults: once('imap', 'store', { acceptThen: 'reset' }),
    commands: [STORE],
    says: ABORT,
    left: ['one \\Flagged', 'two'],
  },
  {
    name: 'a literal cut in FETCH',
    faults: once('imap', 'fetch', { truncate: { bytes: 500, then: 'close' } }),
    commands: [FETCH],
    says: ABORT,
  },
  {
    name: 'no answer to FETCH',
    faults: once('imap', 'fetch', { stall: true }),
    commands: [FETCH],
    says: /^(?:TimeoutError|OSError|abort)/,
  },
  {
    name: 'a command that nobody knows',
    faults: once('imap', 'search', { reply: 'BAD Unknown command' }),
    commands: ["search(None, 'ALL')"],
    says: /^error: SEARCH command error: BAD/,
  },
  { name: 'slow, but whole', faults: once('imap', 'fetch', { trickle: { bytes: 500, every: 5 } }), commands: [FETCH], says: 'OK OK' },
];

describe.runIf(withPython)("IMAP, with Python's imaplib", () => {
  const start = async ({ faults }: ImapRow): Promise<ImapServer> => {
    const server = await startImap({ faults });
    await fill(server.sample);
    return server;
  };
  let met: Awaited<ReturnType<typeof meetAll<ImapRow, ImapServer>>> = [];
  beforeAll(async () => void (met = await meetAll(IMAPLIB, IMAP, start)));
  afterAll(async () => void (await Promise.all(met.map(({ server }) => server[Symbol.asyncDispose]()))));

  it.each(IMAP.map(({ name }, i) => [name, i] as const))('%s', (_, i) => {
    const { row, server, said } = met[i] as (typeof met)[0];
    const { says, left = ['one', 'two'] } = row;
    expect(said).toEqual([typeof says === 'string' ? says : expect.stringMatching(says), 'OK']);
    expect(subjects(server.sample)).toEqual(left);
    expect(Array.from(inboxOf(server.sample).entries, ({ uid }) => uid)).toEqual(left.map((_subject, at) => at + 1));
    expect(server.errors).toEqual([]);
  });
});
