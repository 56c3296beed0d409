// Each step has a time of its own: a host that is silent there is left after that one, however long the others are.

import { expect, it } from 'vitest';
import type { Batch } from '../../../../server/delivery/client/outcome.ts';
import type { ClientTimeouts } from '../../../../server/delivery/client/timeouts.ts';
import { batchOf, clientTo, each, inShort, scripted } from './client.ts';
import type { Answers } from './client.ts';

const silent = (): void => undefined;
const BIG = Buffer.alloc(12 * 1024 * 1024, `${'x'.repeat(62)}\r\n`);
/** Without PIPELINING. */
const PLAIN = { EHLO: '250 host.test' };
const CHUNKING = '250-host.test\r\n250-CHUNKING\r\n250 BINARYMIME';

/** Nothing accepts here that is not connected at once, so `connect` is not in it. */
type Row = readonly [step: keyof ClientTimeouts, at: string, answers: Answers, outcome: string, more?: Partial<Batch>];

const ROWS: readonly Row[] = [
  ['greeting', 'the greeting', { '': silent }, 'connect - 4.4.2 transient lost'],
  ['greeting', 'the rest of the greeting', { '': (socket) => socket.write('220-host') }, 'banner - 4.4.2 transient lost'],
  ['command', 'EHLO', { EHLO: silent }, 'ehlo - 4.4.2 transient lost'],
  ['command', 'MAIL', { ...PLAIN, MAIL: silent }, 'mail - 4.4.2 transient lost'],
  ['command', 'RCPT', { ...PLAIN, RCPT: silent }, 'rcpt - 4.4.2 transient lost'],
  ['data', 'DATA', { DATA: silent }, 'data - 4.4.2 transient lost'],
  ['block', 'the message', { DATA: (socket) => socket.pause().write('354 go on\r\n') }, 'body - 4.4.2 transient lost', { raw: BIG }],
  [
    'block',
    'a chunk',
    { EHLO: CHUNKING, RCPT: (s) => s.pause().write('250 Ok\r\n') },
    'body - 4.4.2 transient lost',
    { raw: BIG, body: 'BINARYMIME' },
  ],
  ['endOfData', 'the dot', { '.': silent }, 'end-of-data - 4.4.2 transient lost unsure'],
];

it.concurrent.each(ROWS.map((row) => [row[0], row[1], row] as const))('%s, of a host that is silent at %s', async (step, _at, row) => {
  const [, , answers, outcome, more] = row;
  await using server = await scripted(answers);
  const client = clientTo({ port: server.port, timeouts: { ...each(60_000), [step]: 100 } });
  const { outcomes } = await client.converse(batchOf(undefined, more));
  await client.close();
  expect(outcomes.map(inShort)).toEqual([outcome]);
});
