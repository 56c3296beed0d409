// Scenario 19, the reader's side: the mailbox is in use, the back end is down, the server says goodbye in the midst of IDLE.
// A client that comes back after a pause, and knows what it has by UIDL or UID, has in the end every message, each once.

import { once } from 'node:events';
import { ImapFlow } from 'imapflow';
import Pop3 from 'node-pop3';
import { expect, it } from 'vitest';
import type { FaultRule } from '../../../server/http/contract/types.ts';
import { sendOnce, startRig, withRetries } from './rig.ts';
import type { Rig } from './rig.ts';

const JO = 'jo@shop.test';
const BACK_OFF = [20, 40, 80];
const mail = (rig: Rig, subject: string): Promise<void> => sendOnce(rig, { to: JO, subject, text: 'x'.repeat(5000) });
const subjectOf = (raw: string): string => /^Subject: (.*)$/m.exec(raw)?.[1]?.trim() ?? '';

/** What a POP3 client keeps from one visit to the next: subjects by UIDL. */
type Kept = Map<string, string>;

/** The app: fetches what it does not have yet, and leaves the rest of the maildrop as it is. */
async function visit({ ports }: Rig, kept: Kept): Promise<void> {
  const client = new Pop3({ host: '127.0.0.1', port: ports.pop3 ?? 0, user: JO, password: 'x' });
  // Of a connection that ends while it waits for an answer, node-pop3 tells nobody but who listens to this.
  const broken = new Promise<never>((_, reject) => client.once('warn', reject));
  const fetchNew = async (): Promise<void> => {
    for (const [number = '', uid = ''] of (await client.UIDL()) as string[][])
      if (!kept.has(uid)) kept.set(uid, subjectOf(await client.RETR(Number(number))));
  };
  try {
    await Promise.race([fetchNew(), broken]);
  } finally {
    await client.QUIT();
  }
}

const POP3: readonly [string, FaultRule][] = [
  [
    'the mailbox is in use',
    { on: { protocol: 'pop3', stage: 'login' }, script: ['-ERR [IN-USE] Do you have another POP session running?', 'close', 'pass'] },
  ],
  [
    'the connection breaks within a message',
    { on: { protocol: 'pop3', stage: 'retr' }, when: { attempts: { nth: [2] } }, do: [{ truncate: { bytes: 2000, then: 'close' } }] },
  ],
];

it.each(POP3)('POP3, %s: the client comes back, and has every message once', async (_, fault) => {
  await using rig = await startRig();
  await rig.api('POST', '/faults', { id: 'trouble', ...fault });
  for (const subject of ['one', 'two']) await mail(rig, subject);

  const kept: Kept = new Map();
  await withRetries(() => visit(rig, kept), BACK_OFF);
  expect([...kept.values()]).toEqual(['one', 'two']);
  expect((await rig.hits('trouble')).length).toBeGreaterThan(0);

  // The UIDLs still hold: of the next visit only what is new is fetched.
  await mail(rig, 'three');
  await visit(rig, kept);
  expect([...kept.values()]).toEqual(['one', 'two', 'three']);
  expect((await rig.answersTo('RETR')).length).toBe(fault.on.stage === 'retr' ? 4 : 3);
});

/** What an IMAP client keeps: subjects by UID, good for one UIDVALIDITY. */
interface Copy {
  uidValidity: bigint | null;
  readonly subjects: Map<number, string>;
}

/** The app: connects, and fetches what came after the last UID that it knows. */
async function catchUp({ ports }: Rig, copy: Copy): Promise<ImapFlow> {
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: ports.imap ?? 0,
    secure: false,
    doSTARTTLS: false,
    auth: { user: JO, pass: 'x' },
    logger: false,
  });
  client.on('error', () => undefined);
  await client.connect();
  const { uidValidity } = await client.mailboxOpen('INBOX');
  if (uidValidity !== copy.uidValidity) copy.subjects.clear();
  copy.uidValidity = uidValidity;
  const last = Math.max(0, ...copy.subjects.keys());
  for await (const { uid, envelope } of client.fetch(`${last + 1}:*`, { envelope: true }, { uid: true }))
    if (uid > last) copy.subjects.set(uid, envelope?.subject ?? '');
  return client;
}

it('IMAP, not let in at first, then told goodbye in IDLE: the client comes back, and has every message once', async () => {
  await using rig = await startRig();
  await rig.api('PUT', '/faults', [
    {
      id: 'down',
      on: { protocol: 'imap', stage: 'login' },
      when: { attempts: { nth: [1, 2, 4] } },
      do: [{ reply: 'NO [UNAVAILABLE] Temporary authentication failure' }],
    },
    {
      id: 'bye',
      on: { protocol: 'imap', stage: 'idle' },
      when: { attempts: { first: 1 } },
      do: [{ delay: '50ms' }, { reply: 'BYE Server shutting down.' }],
    },
  ]);
  for (const subject of ['one', 'two']) await mail(rig, subject);

  const copy: Copy = { uidValidity: null, subjects: new Map() };
  const waiting = await withRetries(() => catchUp(rig, copy), BACK_OFF);
  expect(await rig.hits('down')).toHaveLength(2);
  const uidValidity = copy.uidValidity;

  void waiting.idle();
  await once(waiting, 'close');
  // While the client is away.
  await mail(rig, 'three');
  const again = await withRetries(() => catchUp(rig, copy), BACK_OFF);

  expect([...copy.subjects]).toEqual([
    [1, 'one'],
    [2, 'two'],
    [3, 'three'],
  ]);
  expect(copy.uidValidity).toBe(uidValidity);
  expect([(await rig.hits('bye')).length, (await rig.hits('down')).length]).toEqual([1, 3]);

  // And this time IDLE goes on: what comes is told.
  const told = once(again, 'exists');
  void again.idle();
  await mail(rig, 'four');
  expect((await told)[0]).toMatchObject({ count: 4 });
  again.close();
});
