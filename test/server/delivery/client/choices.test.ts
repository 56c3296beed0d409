// The table of choices: each way in which a host can fail, and what the client makes of it.

import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import type { TlsPolicy } from '../../../../server/delivery/policy.ts';
import type { Rule } from '../../../../server/faults/fault.ts';
import { faultsWith } from '../../../conversations/faults.ts';
import { startSmtp } from '../../../conversations/smtp-server.ts';
import { batchOf, clientTo, IMPATIENT, inShort, scripted } from './client.ts';
import type { Answers } from './client.ts';

type Stage = Rule['on']['stage'];
type Do = NonNullable<Rule['do']>;

const at = (stage: Stage, ...acts: Do): Rule => ({ on: { stage }, do: acts });
const answer = (stage: Stage, reply: string): Rule => at(stage, { reply });

interface More {
  readonly tls?: TlsPolicy;
  readonly host?: string;
  readonly recipients?: readonly string[];
  readonly raw?: string;
  readonly smtputf8?: true;
  readonly body?: 'BINARYMIME';
  /** It waits in vain. */
  readonly silent?: true;
  /** Nothing more can be said over the connection. */
  readonly closed?: true;
  /** The host's. */
  readonly maxRecipients?: number;
}

type Row = readonly [what: string, faults: Rule | readonly Rule[], outcomes: string, kept: number, more?: More];

const DELIVERED = 'end-of-data 250 2.0.0 delivered';
const ALL = ['a@shop.test', 'b@shop.test', 'c@shop.test'];
const BIG = `Subject: big\r\n\r\n${`${'x'.repeat(76)}\r\n`.repeat(150_000)}`;

/** Of hosts of ours with faults. */
const HOSTS: readonly Row[] = [
  ['all is well', [], DELIVERED, 1],
  // Before the greeting
  ['accepts and closes', at('connect', { close: true }), 'connect - 4.4.2 transient lost', 0],
  ['accepts and resets', at('connect', { delay: 20 }, { reset: true }), 'connect - 4.4.2 transient lost', 0],
  ['is silent', at('connect', { stall: true }), 'connect - 4.4.2 transient lost', 0, { silent: true }],
  ['greets octet by octet', at('banner', { trickle: { bytes: 2, every: 120 } }), 'banner - 4.4.2 transient lost', 0, { silent: true }],
  ['greets with 421', answer('banner', '421 4.3.2 Busy'), 'banner 421 4.3.2 transient lost', 0],
  ['greets with 450', answer('banner', '450 4.7.0 Wait'), 'banner 450 4.7.0 transient lost', 0],
  ['greets with 554: for now, and for this host', answer('banner', '554 5.3.2 No service'), 'banner 554 4.3.2 transient lost', 0],
  ['greets with 521', answer('banner', '521 5.3.2 No service'), 'banner 521 4.3.2 transient lost', 0],
  // EHLO
  ['421 at EHLO: HELO is not tried', answer('ehlo', '421 4.3.2 Busy'), 'ehlo 421 4.3.2 transient lost', 0],
  ['451 at EHLO', answer('ehlo', '451 4.3.0 Later'), 'ehlo 451 4.3.0 transient lost', 0],
  ['550 at EHLO, and at HELO', answer('ehlo', '550 5.7.1 Not you'), 'ehlo 550 5.7.1 permanent', 0, { closed: true }],
  ['HELO only', at('ehlo', { capabilities: { heloOnly: true } }), DELIVERED, 1],
  ['closes at EHLO', at('ehlo', { close: true }), 'ehlo - 4.4.2 transient lost', 0],
  ['resets at EHLO', at('ehlo', { reset: true }), 'ehlo - 4.4.2 transient lost', 0],
  ['silent at EHLO', at('ehlo', { stall: true }), 'ehlo - 4.4.2 transient lost', 0, { silent: true }],
  // TLS
  ['no STARTTLS, wished', at('ehlo', { capabilities: { remove: ['STARTTLS'] } }), DELIVERED, 1, { tls: 'opportunistic' }],
  [
    'no STARTTLS, required',
    at('ehlo', { capabilities: { remove: ['STARTTLS'] } }),
    'starttls - 4.7.4 transient lost',
    0,
    { tls: 'required' },
  ],
  ['454 at STARTTLS, wished: in clear', answer('starttls', '454 4.7.0 Not now'), DELIVERED, 1, { tls: 'opportunistic' }],
  ['454 at STARTTLS, required', answer('starttls', '454 4.7.0 Not now'), 'starttls 454 4.7.0 transient lost', 0, { tls: 'required' }],
  ['554 at STARTTLS, required', answer('starttls', '554 5.7.3 Never'), 'starttls 554 4.7.3 transient lost', 0, { tls: 'required' }],
  ['421 at STARTTLS, wished', answer('starttls', '421 4.3.2 Busy'), 'starttls 421 4.3.2 transient lost', 0, { tls: 'opportunistic' }],
  ['closes at STARTTLS, wished: in clear', at('starttls', { close: true }), DELIVERED, 1, { tls: 'opportunistic' }],
  ['garbage for TLS, wished: in clear', at('tls', { tls: 'garbage' }), DELIVERED, 1, { tls: 'opportunistic' }],
  ['garbage for TLS, required', at('tls', { tls: 'garbage' }), 'tls - 4.7.5 transient lost', 0, { tls: 'required' }],
  ['alert, wished: in clear', at('tls', { tls: 'alert' }), DELIVERED, 1, { tls: 'opportunistic' }],
  ['alert, required', at('tls', { tls: 'alert' }), 'tls - 4.7.5 transient lost', 0, { tls: 'required' }],
  ['reset in the handshake, required', at('tls', { delay: 20 }, { reset: true }), 'tls - 4.7.5 transient lost', 0, { tls: 'required' }],
  ['silent in the handshake, required', at('tls', { stall: true }), 'tls - 4.4.2 transient lost', 0, { tls: 'required', silent: true }],
  ['silent in the handshake, wished: in clear', at('tls', { stall: true }), DELIVERED, 1, { tls: 'opportunistic', silent: true }],
  ['TLS with an expired certificate, wished', at('tls', { certificate: 'expired' }), DELIVERED, 1, { tls: 'opportunistic' }],
  ['TLS with an expired certificate, required', at('tls', { certificate: 'expired' }), DELIVERED, 1, { tls: 'required' }],
  ['TLS, verified', [], DELIVERED, 1, { tls: 'verified' }],
  ['expired, verified', at('tls', { certificate: 'expired' }), 'tls - 4.7.5 transient lost', 0, { tls: 'verified' }],
  ['of another host, verified', at('tls', { certificate: 'wrong-host' }), 'tls - 4.7.5 transient lost', 0, { tls: 'verified' }],
  ['self-signed, verified', at('tls', { certificate: 'self-signed' }), 'tls - 4.7.5 transient lost', 0, { tls: 'verified' }],
  ['not its own name, verified', [], 'tls - 4.7.5 transient lost', 0, { tls: 'verified', host: 'mx.shop.test' }],
  // MAIL
  ['421 at MAIL', answer('mail', '421 4.7.28 Unusual rate'), 'mail 421 4.7.28 transient lost', 0],
  ['451 at MAIL', answer('mail', '451 4.3.0 Later'), 'mail 451 4.3.0 transient', 0],
  ['550 at MAIL', answer('mail', '550 5.7.1 Not from you'), 'mail 550 5.7.1 permanent', 0],
  ['resets at MAIL', at('mail', { reset: true }), 'mail - 4.4.2 transient lost', 0],
  ['silent at MAIL', at('mail', { stall: true }), 'mail - 4.4.2 transient lost', 0, { silent: true }],
  ['no SMTPUTF8', at('ehlo', { capabilities: { remove: ['SMTPUTF8'] } }), 'mail - 5.6.7 permanent', 0, { recipients: ['jö@shop.test'] }],
  [
    'no SMTPUTF8, for a header',
    at('ehlo', { capabilities: { remove: ['SMTPUTF8'] } }),
    'mail - 5.6.7 permanent',
    0,
    { smtputf8: true, raw: 'Subject: ö\r\n\r\n' },
  ],
  ['no SMTPUTF8, asked for without need', at('ehlo', { capabilities: { remove: ['SMTPUTF8'] } }), DELIVERED, 1, { smtputf8: true }],
  [
    'no 8BITMIME',
    at('ehlo', { capabilities: { remove: ['8BITMIME'] } }),
    'mail - 5.6.3 permanent',
    0,
    { raw: 'Subject: x\r\n\r\nfünf\r\n' },
  ],
  [
    'HELO only, 8-bit',
    at('ehlo', { capabilities: { heloOnly: true } }),
    'mail - 5.6.3 permanent',
    0,
    { raw: 'Subject: x\r\n\r\nfünf\r\n' },
  ],
  ['BINARYMIME', [], DELIVERED, 1, { body: 'BINARYMIME', raw: 'Subject: x\r\n\r\nf\0\n.\r\n.\r\nü' }],
  [
    'no CHUNKING for BINARYMIME',
    at('ehlo', { capabilities: { remove: ['CHUNKING'] } }),
    'mail - 5.6.3 permanent',
    0,
    { body: 'BINARYMIME' },
  ],
  ['too big: it is not sent', at('ehlo', { capabilities: { remove: ['SIZE'], add: ['SIZE 10'] } }), 'mail - 5.3.4 permanent', 0],
  // RCPT
  ['421 at RCPT', answer('rcpt', '421 4.3.2 Busy'), 'rcpt 421 4.3.2 transient lost', 0],
  ['450 at RCPT', answer('rcpt', '450 4.2.0 Greylisted'), 'rcpt 450 4.2.0 transient', 0],
  ['550 at RCPT, in lines', at('rcpt', { reply: { code: 550, enhanced: '5.1.1', lines: ['No', 'Never'] } }), 'rcpt 550 5.1.1 permanent', 0],
  ['552 5.2.2 at RCPT: the mailbox is full', answer('rcpt', '552 5.2.2 Full'), 'rcpt 552 5.2.2 permanent', 0],
  ['452 4.2.2 at RCPT', answer('rcpt', '452 4.2.2 Full'), 'rcpt 452 4.2.2 transient', 0],
  ['resets at RCPT', at('rcpt', { reset: true }), 'rcpt - 4.4.2 transient lost', 0],
  ['silent at RCPT', at('rcpt', { stall: true }), 'rcpt - 4.4.2 transient lost', 0, { silent: true }],
  [
    'each recipient has its own answer',
    [
      { on: { stage: 'rcpt' }, match: { recipient: 'b@*' }, do: [{ reply: '450 4.2.1 Later' }] },
      { on: { stage: 'rcpt' }, match: { recipient: 'c@*' }, do: [{ reply: '550 5.1.1 Unknown' }] },
    ],
    `${DELIVERED}, rcpt 450 4.2.1 transient, rcpt 550 5.1.1 permanent`,
    1,
    { recipients: ALL },
  ],
  [
    '421 at the second: nobody gets it, who was refused stays so',
    [
      { on: { stage: 'rcpt' }, match: { recipient: 'a@*' }, do: [{ reply: '550 5.1.1 Unknown' }] },
      { on: { stage: 'rcpt' }, match: { recipient: 'c@*' }, do: [{ reply: '421 4.3.2 Busy' }] },
    ],
    'rcpt 550 5.1.1 permanent, rcpt 421 4.3.2 transient lost, rcpt 421 4.3.2 transient lost',
    0,
    { recipients: ALL },
  ],
  ['one recipient at a time, as LIMITS says', [], [DELIVERED, DELIVERED, DELIVERED].join(), 3, { recipients: ALL, maxRecipients: 1 }],
  [
    'too many recipients: the rest in another transaction',
    at('ehlo', { capabilities: { remove: ['LIMITS'] } }),
    [DELIVERED, DELIVERED, DELIVERED].join(),
    2,
    { recipients: ALL, maxRecipients: 2 },
  ],
  // DATA
  ['421 at DATA', answer('data', '421 4.3.2 Busy'), 'data 421 4.3.2 transient lost', 0],
  ['451 at DATA', answer('data', '451 4.3.0 Later'), 'data 451 4.3.0 transient', 0],
  ['554 at DATA', answer('data', '554 5.5.1 Never'), 'data 554 5.5.1 permanent', 0],
  ['resets at DATA', at('data', { reset: true }), 'data - 4.4.2 transient lost', 0],
  ['silent at DATA', at('data', { stall: true }), 'data - 4.4.2 transient lost', 0, { silent: true }],
  // The message
  ['resets in a long message', at('body', { truncate: { bytes: 20, then: 'reset' } }), 'body - 4.4.2 transient lost', 0, { raw: BIG }],
  [
    'resets in a short one, whose dot is sent',
    at('body', { truncate: { bytes: 20, then: 'reset' } }),
    'end-of-data - 4.4.2 transient lost unsure',
    0,
  ],
  ['stops to read a long message', at('body', { stall: true }), 'body - 4.4.2 transient lost', 0, { silent: true, raw: BIG }],
  ['stops to read a short one', at('body', { stall: true }), 'end-of-data - 4.4.2 transient lost unsure', 0, { silent: true }],
  // The dot
  ['421 at the dot', answer('end-of-data', '421 4.3.2 Busy'), 'end-of-data 421 4.3.2 transient lost', 0],
  ['451 at the dot', answer('end-of-data', '451 4.7.1 Later'), 'end-of-data 451 4.7.1 transient', 0],
  ['554 at the dot', answer('end-of-data', '554 5.7.1 Spam'), 'end-of-data 554 5.7.1 permanent', 0],
  ['takes it and resets', at('end-of-data', { acceptThen: 'reset' }), 'end-of-data - 4.4.2 transient lost unsure', 1],
  ['takes it and closes', at('end-of-data', { acceptThen: 'close' }), 'end-of-data - 4.4.2 transient lost unsure', 1],
  ['takes it and is silent', at('end-of-data', { acceptThen: 'stall' }), 'end-of-data - 4.4.2 transient lost unsure', 1, { silent: true }],
  ['takes it and says 451', at('end-of-data', { acceptThen: { reply: '451 4.3.0 Error' } }), 'end-of-data 451 4.3.0 transient', 1],
  ['cuts its answer', at('end-of-data', { truncate: { bytes: 2, then: 'close' } }), 'end-of-data - 4.4.2 transient lost unsure', 1],
  ['loses it', at('end-of-data', { discard: true }), DELIVERED, 0],
  // QUIT and slowness
  ['resets at QUIT', at('quit', { reset: true }), DELIVERED, 1],
  ['451 at QUIT', answer('quit', '451 4.3.0 Stay'), DELIVERED, 1],
  ['slow everywhere', at('any', { delay: 10 }), DELIVERED, 1],
  ['answers in pieces', at('rcpt', { trickle: { bytes: 2, every: 2 } }), DELIVERED, 1],
  // Malformed, as Postfix was seen to do
  ['a code that is none', at('rcpt', { corrupt: 'bad-code' }), 'rcpt 999 5.5.0 permanent', 0, { closed: true }],
  ['a class that does not fit', at('rcpt', { corrupt: 'class-mismatch' }), 'rcpt 450 4.0.0 transient', 0],
  [
    'no line end: the next reply is the end of this one',
    at('rcpt', { corrupt: 'missing-crlf' }),
    'data - 4.4.2 transient lost',
    0,
    { silent: true },
  ],
  ['no code: the next reply is taken for it', at('rcpt', { corrupt: 'malformed' }), 'rcpt 554 5.5.1 permanent', 0, { closed: true }],
];

describe('a host of ours', () => {
  it.concurrent.each(HOSTS.map((row) => [row[0], row] as const))('%s', async (_what, [, faults, outcomes, kept, more = {}]) => {
    const { recipients, raw, smtputf8, body, silent, maxRecipients, tls, host, closed = false } = more;
    await using server = await startSmtp({
      decide: faultsWith(Array.isArray(faults) ? (faults as readonly Rule[]) : [faults as Rule]).decide,
      settings: { maxMessageSize: 0, ...(maxRecipients !== undefined && { maxRecipients }) },
    });
    const client = clientTo({
      port: server.port,
      ca: server.ca,
      ...(tls && { tls }),
      ...(host !== undefined && { host }),
      ...(silent && { timeouts: IMPATIENT }),
    });
    const batch = batchOf(recipients, {
      ...(raw !== undefined && { raw: Buffer.from(raw) }),
      ...(body && { body }),
      smtputf8: smtputf8 ?? false,
    });
    const conversation = await client.converse(batch);
    await client.close();
    expect(conversation.outcomes.map(inShort).join()).toBe(outcomes.replaceAll(', ', ','));
    expect(server.messages.length).toBe(kept);
    // What arrived is what was sent.
    for (const message of server.messages) expect(message.raw.equals(batch.raw)).toBe(true);
    expect(conversation.client).toMatch(/^127\.0\.0\.1:\d+$/);
    expect(conversation.open).toBe(conversation.outcomes.every(({ lost }) => !lost) && !closed);
    expect(server.errors).toEqual([]);
  });
});

type Script = readonly [what: string, answers: Answers, outcomes: string, more?: More];

const PLAIN = { EHLO: '250 host.test' };
const OK = 'end-of-data 250 2.0.0 delivered';

/** Of what no host of ours does; without PIPELINING where `PLAIN` is. */
const SCRIPTS: readonly Script[] = [
  [
    '552 after another was taken: too many (RFC 5321 §4.5.3.1.10)',
    { 'RCPT TO:<b': ['552 Too many', '250 Ok'] },
    `${OK},${OK}`,
    { recipients: ['a@shop.test', 'b@shop.test'] },
  ],
  ['552 at the first: as it says', { RCPT: '552 Too many' }, 'rcpt 552 - permanent'],
  [
    '452 for ever to the second',
    { 'RCPT TO:<b': '452 4.5.3 Too many' },
    `${OK},rcpt 452 4.5.3 transient`,
    { recipients: ['a@shop.test', 'b@shop.test'] },
  ],
  [
    'too many, and the message is refused: all wait',
    { 'RCPT TO:<b': '452 4.5.3 Too many', '.': '451 4.3.0 Later' },
    'end-of-data 451 4.3.0 transient,rcpt 452 4.5.3 transient',
    { recipients: ['a@shop.test', 'b@shop.test'] },
  ],
  ['354 though nobody is to get it', { RCPT: '550 5.1.1 Unknown' }, 'rcpt 550 5.1.1 permanent'],
  ['354 though MAIL was refused', { MAIL: '550 5.7.1 No', RCPT: '503 5.5.1 No MAIL' }, 'mail 550 5.7.1 permanent'],
  ['each command by itself', PLAIN, OK],
  ['MAIL refused by itself', { ...PLAIN, MAIL: '550 5.7.1 No' }, 'mail 550 5.7.1 permanent'],
  ['RCPT refused by itself', { ...PLAIN, RCPT: '450 4.2.1 Later' }, 'rcpt 450 4.2.1 transient'],
  ['no code, each by itself: no reply comes', { ...PLAIN, RCPT: 'OK sure thing' }, 'rcpt - 4.4.2 transient lost', { silent: true }],
  ['no code in the greeting, then one', { '': 'Welcome\r\n220 host.test' }, OK],
  ['a greeting of another class', { '': '150 host.test' }, 'banner 150 4.5.0 transient lost'],
  ['999 at the dot', { '.': '999 What' }, 'end-of-data 999 5.5.0 permanent'],
  ['250 to DATA', { DATA: '250 2.0.0 Ok' }, 'data 250 5.5.0 permanent'],
  ['a reply too many is taken for the next', { MAIL: '250 Ok\r\n250 Ok', ...PLAIN }, 'data 250 5.5.0 permanent'],
  ['only a code', { RCPT: '550' }, 'rcpt 550 - permanent'],
  ['no enhanced code', { RCPT: '450 later' }, 'rcpt 450 - transient'],
  ['bare LF', { RCPT: '250-one\n250 two' }, OK],
  ['closes in the middle of lines', { '.': (socket) => socket.end('250-one\r\n') }, 'end-of-data - 4.4.2 transient lost unsure'],
  ['421 while it rests in the middle', { DATA: (socket) => socket.end('421 4.3.2 Going down\r\n') }, 'data 421 4.3.2 transient lost'],
  ['lines without end', { RCPT: `${'250-x\r\n'.repeat(1_000)}250 Ok` }, 'rcpt - 4.5.0 transient lost'],
  ['a line without end', { RCPT: `250 ${'x'.repeat(10_000)}` }, 'rcpt - 4.5.0 transient lost'],
  ['lines without end at the dot', { '.': '250-x\r\n'.repeat(1_000) }, 'end-of-data - 4.5.0 transient lost unsure'],
  ['garbage for a greeting', { '': '\0\xff'.repeat(10_000) }, 'banner - 4.5.0 transient lost'],
  [
    'hangs up on a long message with words',
    {
      DATA: (socket) => {
        socket.write('354 go on\r\n');
        socket
          .removeAllListeners('data')
          .once('data', () => socket.end('552 5.3.4 Too big\r\n', () => setImmediate(() => socket.destroy())));
      },
    },
    'body 552 5.3.4 permanent lost',
    { raw: BIG },
  ],
  ['an address that would end the command', {}, `rcpt - 5.1.3 permanent,${OK}`, { recipients: ['a@shop.test>\r\nRSET', 'b@shop.test'] }],
];

describe('a host that is not like ours', () => {
  it.concurrent.each(SCRIPTS.map((row) => [row[0], row] as const))('%s', async (_what, [, answers, outcomes, more = {}]) => {
    const { recipients, silent, raw } = more;
    await using server = await scripted(answers);
    const client = clientTo({ port: server.port, ...(silent && { timeouts: IMPATIENT }) });
    const conversation = await client.converse(batchOf(recipients, raw === undefined ? {} : { raw: Buffer.from(raw) }));
    await client.close();
    expect(conversation.outcomes.map(inShort).join()).toBe(outcomes);
  });

  it('refuses the connection', async () => {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const conversation = await clientTo({ port }).converse(batchOf());
    expect(conversation).toMatchObject({ client: null, open: false, outcomes: [{ text: 'Connection refused' }] });
    expect(conversation.outcomes.map(inShort)).toEqual(['connect - 4.4.1 transient lost']);
  });
});
