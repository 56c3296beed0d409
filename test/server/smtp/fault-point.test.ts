// Where the fault engine is asked, and what it can see there.

import { expect, it } from 'vitest';
import type { FaultPoint } from '../../../server/faults/decide.ts';
import { Client } from '../../conversations/client.ts';
import { startSmtp } from '../../conversations/smtp-server.ts';

/** What a rule could match on, as text; a point is only good while the question is asked. */
const seen = ({ stage, user, sender, recipient, header }: FaultPoint): string =>
  [stage, user, sender, recipient, header?.subject].map((part) => part ?? '-').join(' ');

const CONVERSATION: readonly (readonly [line: string, asked: readonly string[]])[] = [
  ['EHLO client.test', ['ehlo - - - -']],
  ['FOO', []],
  ['RCPT TO:<b@shop.test>', []],
  ['AUTH PLAIN AGpvAHNlIGNyZXQ=', ['auth jo - - -']],
  ['MAIL FROM:<bad', []],
  ['MAIL FROM:<a@client.test>', ['mail jo a@client.test - -']],
  ['RCPT TO:<b@shop.test>', ['rcpt jo a@client.test b@shop.test -']],
  ['DATA', ['data jo a@client.test - -', 'body jo a@client.test - -']],
  ['Subject: hello\r\n\r\nbody\r\n.', ['end-of-data jo a@client.test - hello']],
  ['MAIL FROM:<>', ['mail jo  - -']],
  ['RCPT TO:<c@shop.test>', ['rcpt jo  c@shop.test -']],
  ['BDAT 16 LAST\r\nSubject: two\r\n\r\n', ['bdat jo  - -', 'end-of-data jo  - two']],
  ['RSET', ['rset jo - - -']],
  ['NOOP', ['noop jo - - -']],
  ['STARTTLS', ['starttls jo - - -', 'tls jo - - -']],
];

it('every stage asks once, after the command was found to be in order', async () => {
  const asked: string[] = [];
  const common = new Set<string>();
  await using server = await startSmtp({
    decide(point) {
      asked.push(seen(point));
      common.add([point.protocol, point.host, point.sessionId, point.client].join(' '));
      return null;
    },
  });
  const client = await Client.connect(server.port);
  await client.reply();
  expect(asked.splice(0)).toEqual(['connect - - - -', 'banner - - - -']);
  for (const [line, points] of CONVERSATION) {
    const ends = line.startsWith('BDAT');
    client.send(ends ? line : `${line}\r\n`);
    await client.reply();
    expect(asked.splice(0), line).toEqual(points);
  }
  await client.startTls(server.ca);
  expect(await client.ask('QUIT')).toMatch(/^221/);
  expect(asked).toEqual(['quit - - - -']);
  const [session] = server.sessions.list();
  expect([...common]).toEqual([`smtp submission ${session?.id} ${session?.client}`]);
  client.destroy();
});
