// Never in clear: where the policy is `required` or `verified`, nothing of a mail is said before TLS stands, whatever the host does; where it is `opportunistic`, it is.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../../server/faults/fault.ts';
import { faultsWith } from '../../../conversations/faults.ts';
import { startSmtp } from '../../../conversations/smtp-server.ts';
import type { TestServer } from '../../../conversations/smtp-server.ts';
import { batchOf, clientTo, each, listening } from './client.ts';

type Do = NonNullable<Rule['do']>;

/** What keeps TLS from standing. */
const BREAKS: readonly (readonly [what: string, stage: Rule['on']['stage'], ...acts: Do])[] = [
  ['it is not offered', 'ehlo', { capabilities: { remove: ['STARTTLS'] } }],
  ['HELO is all that is known', 'ehlo', { capabilities: { heloOnly: true } }],
  ['454', 'starttls', { reply: '454 4.7.0 Not now' }],
  ['554', 'starttls', { reply: '554 5.7.3 Never' }],
  ['502', 'starttls', { reply: '502 5.5.1 Not known' }],
  ['closed at STARTTLS', 'starttls', { close: true }],
  ['reset at STARTTLS', 'starttls', { reset: true }],
  ['silent at STARTTLS', 'starttls', { stall: true }],
  ['garbage', 'tls', { tls: 'garbage' }],
  ['an alert', 'tls', { tls: 'alert' }],
  ['closed in the handshake', 'tls', { close: true }],
  ['silent in the handshake', 'tls', { stall: true }],
];
const BAD: readonly (readonly [what: string, stage: Rule['on']['stage'], ...acts: Do])[] = [
  ['expired', 'tls', { certificate: 'expired' }],
  ['of another host', 'tls', { certificate: 'wrong-host' }],
  ['self-signed', 'tls', { certificate: 'self-signed' }],
];

/** Commands of all sessions, oldest first, without their parameters. */
const commandsOf = ({ sessions }: TestServer): string[] =>
  sessions
    .list()
    .toReversed()
    .flatMap(({ lines }) => lines.filter(({ side }) => side === 'client').map(({ text }) => (text.split(' ', 1)[0] ?? '').toUpperCase()));

async function commands([, stage, ...acts]: (typeof BREAKS)[number], tls: 'opportunistic' | 'required' | 'verified'): Promise<string[]> {
  await using server = await startSmtp({ decide: faultsWith([{ on: { stage }, do: acts }]).decide });
  const client = clientTo({ port: server.port, tls, ca: server.ca, timeouts: each(150) });
  const { outcomes } = await client.converse(batchOf());
  await client.close();
  expect(outcomes.map(({ outcome }) => outcome)).toEqual([tls === 'opportunistic' ? 'delivered' : 'transient']);
  expect(server.messages).toHaveLength(tls === 'opportunistic' ? 1 : 0);
  return commandsOf(server);
}

const BEFORE_MAIL = new Set(['EHLO', 'HELO', 'STARTTLS', 'QUIT']);

describe.each(['required', 'verified'] as const)('%s: a host hears nothing of the mail where', (tls) => {
  it.concurrent.each((tls === 'verified' ? [...BREAKS, ...BAD] : BREAKS).map((row) => [row[0], row] as const))('%s', async (_what, row) => {
    const said = await commands(row, tls);
    expect(said.filter((command) => !BEFORE_MAIL.has(command))).toEqual([]);
    // Nor is it asked again in clear.
    expect(said.filter((command) => command === 'EHLO')).toHaveLength(1);
  });

  it('it says whatever it likes', async () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '220 host.test\r\n',
        '250-host.test\r\n250 STARTTLS\r\n',
        '250 Ok\r\n',
        '220 go on\r\n',
        '354 go on\r\n',
        '502 No\r\n',
      ),
      fc.uint8Array({ maxLength: 100 }).map((octets) => Buffer.from(octets).toString('latin1')),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 10 }), async (pieces) => {
        let heard = '';
        await using server = await listening((socket) => {
          socket.on('data', (chunk: Buffer) => (heard += chunk.toString('latin1')));
          socket.write(Buffer.from(`220 host.test\r\n250-host.test\r\n${pieces.join('')}`, 'latin1'), () => socket.end());
        });
        const client = clientTo({ port: server.port, tls, timeouts: each(2_000) });
        const { outcomes } = await client.converse(batchOf());
        await client.close();
        expect(outcomes[0]?.outcome).not.toBe('delivered');
        expect(heard).not.toMatch(/MAIL|RCPT|DATA|shop\.test/);
      }),
      { numRuns: 60, seed: 1 },
    );
  });
});

describe('opportunistic: it is delivered in clear, at once and at the same host, where', () => {
  it.concurrent.each(BREAKS.map((row) => [row[0], row] as const))('%s', async (_what, row) => {
    const said = await commands(row, 'opportunistic');
    expect(said.filter((command) => command === 'MAIL')).toHaveLength(1);
  });
});
