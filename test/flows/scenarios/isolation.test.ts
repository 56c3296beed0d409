// Isolation: many tests at once on one Mailrig. Each makes rules for its own mail only, by recipient domain, by login or by a header,
// and what is not its own never meets them.

import { expect, it } from 'vitest';
import type { Fault, ListOf } from '../../../server/http/contract/types.ts';
import { sendOnce, startRig } from './rig.ts';
import type { Connecting, Mail, Rig, SmtpError } from './rig.ts';

/** A test that runs in parallel with others: how its mail is known, and the rule that it makes for it. */
interface Worker {
  readonly name: string;
  readonly mail: Mail;
  readonly connecting?: Connecting;
  readonly rule?: object;
  /** What its app is to meet. */
  readonly meets: number | 'sent';
}

const login = (user: string): Connecting => ({ auth: { user, pass: 'x' } });

const WORKERS: readonly Worker[] = [
  {
    name: 'by-domain',
    mail: { to: 'jo@w1.test' },
    rule: { on: { stage: 'rcpt' }, match: { domain: 'w1.test' }, do: [{ reply: '550 5.1.1 No such user' }] },
    meets: 550,
  },
  {
    name: 'by-recipient',
    mail: { to: 'jo@sub.w2.test' },
    rule: { on: { stage: 'data' }, match: { recipient: '*@*.w2.test' }, do: [{ reply: '451 4.3.0 Not now' }] },
    meets: 451,
  },
  {
    name: 'by-user',
    mail: { to: 'jo@shop.test' },
    connecting: login('worker-3'),
    rule: { on: { stage: 'mail' }, match: { user: 'worker-3' }, do: [{ reply: '452 4.3.1 Disk full' }] },
    meets: 452,
  },
  {
    name: 'by-header',
    mail: { to: 'jo@shop.test', headers: { 'X-Test-Run': '4' } },
    rule: { on: { stage: 'end-of-data' }, match: { header: { 'X-Test-Run': '4' } }, do: [{ reply: '554 5.7.1 Spam' }] },
    meets: 554,
  },
  { name: 'like by-domain', mail: { to: 'jo@w1.test.example' }, meets: 'sent' },
  { name: 'like by-recipient', mail: { to: 'jo@w2.test' }, meets: 'sent' },
  { name: 'like by-user', mail: { to: 'jo@shop.test' }, connecting: login('worker-33'), meets: 'sent' },
  { name: 'like by-header', mail: { to: 'jo@shop.test', headers: { 'X-Test-Run': '44' } }, meets: 'sent' },
];

const MAILS = 10;

async function run(rig: Rig, { name, mail, connecting, rule }: Worker): Promise<(number | 'sent')[]> {
  if (rule) await rig.api('POST', '/faults', { id: name, ...rule });
  const met: (number | 'sent')[] = [];
  for (let i = 0; i < MAILS; i++) {
    const answer = await sendOnce(rig, mail, connecting).then(
      () => 'sent' as const,
      ({ responseCode }: SmtpError) => responseCode ?? 0,
    );
    met.push(answer);
  }
  return met;
}

it('eight workers at once: each meets its own rule, and nobody else does', async () => {
  await using rig = await startRig();
  const met = await Promise.all(WORKERS.map((worker) => run(rig, worker)));
  expect(met).toEqual(WORKERS.map(({ meets }) => Array<unknown>(MAILS).fill(meets)));
  const { items } = await rig.api<ListOf<Fault>>('GET', '/faults');
  expect(items.map(({ hits }) => hits)).toEqual([MAILS, MAILS, MAILS, MAILS]);
  expect(await rig.messages()).toHaveLength(4 * MAILS);
});

it('what a worker leaves behind is taken away without touching what is of others', async () => {
  await using rig = await startRig();
  await Promise.all(WORKERS.map((worker) => run(rig, worker)));
  const rules = async (): Promise<string[]> => (await rig.api<ListOf<Fault>>('GET', '/faults')).items.map(({ id }) => id).sort();

  await rig.api('POST', '/reset', { scope: { rcpt: '*@w1.test' } });
  await rig.api('POST', '/reset', { scope: { user: 'worker-3' } });
  expect(await rules()).toEqual(['by-header', 'by-recipient']);
  expect(await rig.messages()).toHaveLength(4 * MAILS);

  // With its rule gone the mail of the first one arrives, and only that goes with the next reset.
  await sendOnce(rig, { to: 'jo@w1.test' });
  expect(await rig.messages()).toHaveLength(4 * MAILS + 1);
  await rig.api('POST', '/reset', { scope: { rcpt: '*@w1.test' } });
  expect((await rig.messages()).flatMap(({ envelope }) => envelope.recipients)).not.toContain('jo@w1.test');
  expect(await rig.messages()).toHaveLength(4 * MAILS);
});
