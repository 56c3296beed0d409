// Our own queue's client against Postfix's smtp-sink, in every way in which that can fail: what each recipient's outcome is, and what has arrived.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import type { Batch } from '../../../server/delivery/client/outcome.ts';
import { batchOf, clientTo, each, inShort } from '../../server/delivery/client/client.ts';
import { createTally } from '../tally.ts';

const OK = 'end-of-data 250 2.0.0 delivered';
const LOST = '4.4.2 transient lost';
const BIG = { raw: Buffer.alloc(12_000_000, `${'x'.repeat(62)}\r\n`) };
const EIGHT_BIT = { raw: Buffer.from('Subject: x\r\n\r\nfünf\r\n') };
const DSN = {
  ret: 'HDRS',
  envid: 'a=b',
  recipients: [{ address: 'jo@shop.test', notify: ['NEVER'], orcpt: 'rfc822;Jo@Old.test' }],
} as const;

interface Row {
  readonly args: string;
  /** Of both recipients of a first message, and of the one of a second, which goes over the same connection where it can. */
  readonly outcome: string;
  readonly second?: string;
  /** Messages whose data the sink has read to the dot. */
  readonly kept: number;
  readonly more?: Partial<Batch>;
  readonly timeout?: number;
  /** What the envelope says there. */
  readonly envelope?: string;
}

const row = (args: string, outcome: string, kept: number, more: Partial<Row> = {}): Row => ({ args, outcome, kept, ...more });

const SOFT = '4.3.0 transient';
const HARD = '5.3.0 permanent';
const BUSY = '421 4.0.0 transient lost';

/** `-r` 4xx, `-f` 5xx, `-q` gone without a word, `-Q` 421 and gone. */
const ROWS: readonly Row[] = [
  row('', OK, 2),
  row('-p', OK, 2),
  row('-e', OK, 2),
  row('-P', OK, 2),
  row('-E', OK, 2),
  row('-8', OK, 2),
  row('', OK, 2, { more: EIGHT_BIT, envelope: '<app@client.test> BODY=8BITMIME' }),
  row('-8', 'mail - 5.6.3 permanent', 0, { more: EIGHT_BIT }),
  row('-e', 'mail - 5.6.3 permanent', 0, { more: EIGHT_BIT }),
  row('', OK, 2, {
    more: DSN,
    envelope: '<app@client.test> RET=HDRS ENVID=a+3Db | <jo@shop.test> NOTIFY=NEVER ORCPT=rfc822;Jo@Old.test',
  }),
  row('-N', OK, 2, { more: DSN, envelope: '<app@client.test> | <jo@shop.test>' }),
  row('', 'mail - 5.6.7 permanent', 0, { more: { recipients: [{ address: 'jö@shop.test' }] } }),
  row('', OK, 2, { more: BIG }),
  // It answers before the message has come, and reads no more.
  row('-A 0', 'end-of-data 550 - permanent', 0),
  row('-A 0', 'body 550 - permanent lost', 0, { more: BIG }),
  row('-H 30 -T 2048', `body - ${LOST}`, 0, { more: BIG, timeout: 300 }),
  // Without -p it mixes up commands that wait behind one that it delays.
  row('-p -w 30', `data - ${LOST}`, 0, { timeout: 300 }),
  row('-p -W .:30', `end-of-data - ${LOST} unsure`, 2, { timeout: 300 }),
  row('-p -W EHLO:30', `ehlo - ${LOST}`, 0, { timeout: 300 }),
  row('-p -W RCPT:1', OK, 2),

  row('-r CONNECT', `banner 450 ${SOFT} lost`, 0),
  row('-f CONNECT', `banner 500 ${SOFT} lost`, 0),
  row('-q CONNECT', `connect - ${LOST}`, 0),
  row('-Q CONNECT', `banner ${BUSY}`, 0),

  row('-r EHLO', `ehlo 450 ${SOFT} lost`, 0),
  row('-f EHLO', OK, 2),
  row('-q EHLO', `ehlo - ${LOST}`, 0),
  row('-Q EHLO', `ehlo ${BUSY}`, 0),
  row('-e -r HELO', `ehlo 450 ${SOFT} lost`, 0),
  row('-e -f HELO', `ehlo 500 ${HARD}`, 0),
  row('-e -q HELO', `ehlo - ${LOST}`, 0),
  row('-e -Q HELO', `ehlo ${BUSY}`, 0),

  row('-r MAIL', `mail 450 ${SOFT}`, 0),
  row('-f MAIL', `mail 500 ${HARD}`, 0),
  row('-q MAIL', `mail - ${LOST}`, 0),
  row('-Q MAIL', `mail ${BUSY}`, 0),

  row('-r RCPT', `rcpt 450 ${SOFT}`, 0),
  row('-f RCPT', `rcpt 500 ${HARD}`, 0),
  row('-q RCPT', `rcpt - ${LOST}`, 0),
  row('-Q RCPT', `rcpt ${BUSY}`, 0),

  row('-r DATA', `data 450 ${SOFT}`, 0),
  row('-f DATA', `data 500 ${HARD}`, 0),
  row('-q DATA', `data - ${LOST}`, 0),
  row('-Q DATA', `data ${BUSY}`, 0),

  row('-r .', `end-of-data 450 ${SOFT}`, 2),
  row('-f .', `end-of-data 500 ${HARD}`, 2),
  row('-q .', `end-of-data - ${LOST} unsure`, 2),
  row('-Q .', `end-of-data ${BUSY}`, 2),

  // What has been delivered stays so, and the next message goes over a new connection.
  ...['-r', '-f', '-q', '-Q'].flatMap((how) => [row(`${how} RSET`, OK, 2), row(`${how} QUIT`, OK, 2)]),
];

const tally = createTally();
const folder = await mkdtemp(join(tmpdir(), 'mailrig-sink-'));
// It writes as somebody else where this is root.
await chmod(folder, 0o777);
let files = 0;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function untilItListens(port: number): Promise<void> {
  for (let left = 200; ; left--) {
    const socket = connect(port, '127.0.0.1');
    try {
      await once(socket, 'connect');
      return;
    } catch (error) {
      if (left === 0) throw error;
      await pause(20);
    } finally {
      socket.destroy();
    }
  }
}

interface Sink extends AsyncDisposable {
  readonly port: number;
  /** All that it has kept: before each message what it knows of its envelope. */
  dump(): Promise<string>;
}

async function startSink(args: string): Promise<Sink> {
  const port = await freePort();
  const file = join(folder, String(files++));
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  const child = spawn('smtp-sink', [...user, '-D', file, ...args.split(' ').filter(Boolean), `127.0.0.1:${port}`, '100'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await untilItListens(port);
  return {
    port,
    dump: () => readFile(file, 'latin1').catch(() => ''),
    async [Symbol.asyncDispose]() {
      child.kill();
      await once(child, 'close');
    },
  };
}

const PAIR = [{ address: 'jo@shop.test' }, { address: 'al@shop.test' }];

/** Of the first message in a dump. */
function envelopeIn(dump: string): string {
  const lines = [...dump.matchAll(/^X-(?:Mail|Rcpt)-Args: (.*)$/gm)].map(([, args = '']) => args);
  return lines.slice(0, lines.findIndex((line, i) => i > 0 && line.startsWith('<app@')) >>> 0).join(' | ');
}

async function play({ args, outcome, second = outcome, kept, more = {}, timeout = 10_000, envelope }: Row): Promise<void> {
  await using sink = await startSink(args);
  const client = clientTo({ port: sink.port, timeouts: each(timeout) });
  const first = batchOf([], { recipients: PAIR, ...more });
  const said = await client.converse(first);
  const after = await client.converse({ ...first, recipients: first.recipients.slice(0, 1) });
  await client.close();
  const what = `${args || 'as it is'}${first.raw.length > 1000 ? ', a long message' : ''}`;
  tally.equal(what, said.outcomes.map(inShort), Array(first.recipients.length).fill(outcome));
  tally.equal(`${what}: the second message`, after.outcomes.map(inShort), [second]);
  const dump = await sink.dump();
  tally.equal(`${what}: kept`, dump.match(/^X-Client-Addr: /gm)?.length ?? 0, kept);
  if (envelope !== undefined) tally.equal(`${what}: the envelope`, envelopeIn(dump).slice(0, envelope.length), envelope);
}

/** Octet by octet, but for the line ends, which it keeps in its own way. */
async function compareOctets(): Promise<void> {
  const raw = ['Subject: dots', '', '.', '..', '.x', '', 'é ü', `${'y'.repeat(990)}`, '.', ''].join('\r\n');
  await using sink = await startSink('');
  const client = clientTo({ port: sink.port });
  await client.converse(batchOf(['jo@shop.test'], { raw: Buffer.from(raw) }));
  await client.close();
  const dump = Buffer.from(await sink.dump(), 'latin1').toString();
  tally.equal('the octets of a message', dump.slice(dump.indexOf('Subject:')).trimEnd(), raw.replaceAll('\r\n', '\n').trimEnd());
}

try {
  for (const one of ROWS) await play(one);
  await compareOctets();
} finally {
  await rm(folder, { recursive: true });
}
tally.report('postfix_sink');
