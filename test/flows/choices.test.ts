// The choices of the queue: for each way in which a host can fail, whether the next host is tried, and what becomes of the mail where there is none.

import { createTransport } from 'nodemailer';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMailrig } from '../../server/app.ts';
import type { Mailrig } from '../../server/app.ts';
import type { Delivery, ListOf } from '../../server/http/contract/types.ts';
import { api } from './api.ts';

/** `next`: the backup has it at the same try, and without one it waits. `end`: refused for good, the backup is not asked. `taken`: the host has it. */
type Choice = 'next' | 'end' | 'taken';

type Row = readonly [
  what: string,
  choice: Choice,
  attempt: string,
  stage: string | null,
  acts?: readonly object[],
  tls?: 'opportunistic' | 'required',
];

const at = (reply: string): readonly object[] => [{ reply }];
const SILENT = [{ stall: true }];
const RESET = [{ reset: true }];
const TAKEN = 'end-of-data 250 2.0.0';
const LOST = '- 4.4.2';

/**
 * As Postfix 3.7 was measured with forty such servers, but where it says otherwise. The attempt is stage, code and enhanced code.
 */
const ROWS: readonly Row[] = [
  ['refuses the connection', 'next', 'connect - 4.4.1', null],
  ['accepts, then closes', 'next', `connect ${LOST}`, 'connect', [{ close: true }]],
  // At once it would be refused, as far as the client can tell.
  ['accepts, then resets', 'next', `connect ${LOST}`, 'connect', [{ delay: 20 }, ...RESET]],
  ['is silent', 'next', `connect ${LOST}`, 'connect', SILENT],
  ['is silent where the greeting is due', 'next', `connect ${LOST}`, 'banner', SILENT],
  ['421 in the greeting', 'next', 'banner 421 4.3.2', 'banner', at('421 4.3.2 Busy')],
  ['450 in the greeting', 'next', 'banner 450 4.7.0', 'banner', at('450 4.7.0 Wait')],
  ['554 in the greeting', 'next', 'banner 554 4.3.2', 'banner', at('554 5.3.2 No SMTP service here')],
  ['421 to EHLO', 'next', 'ehlo 421 4.3.2', 'ehlo', at('421 4.3.2 Busy')],
  ['451 to EHLO', 'next', 'ehlo 451 4.3.0', 'ehlo', at('451 4.3.0 Later')],
  ['550 to EHLO and HELO', 'end', 'ehlo 550 5.7.1', 'ehlo', at('550 5.7.1 Not you')],
  ['knows HELO only', 'taken', TAKEN, 'ehlo', [{ capabilities: { heloOnly: true } }]],
  ['resets at EHLO', 'next', `ehlo ${LOST}`, 'ehlo', RESET],
  ['is silent at EHLO', 'next', `ehlo ${LOST}`, 'ehlo', SILENT],
  ['454 to STARTTLS, TLS wished for', 'taken', TAKEN, 'starttls', at('454 4.7.0 Not now'), 'opportunistic'],
  ['454 to STARTTLS, TLS required', 'next', 'starttls 454 4.7.0', 'starttls', at('454 4.7.0 Not now'), 'required'],
  // Postfix: the next host, and in clear after two tries. Exim: in clear at once, at the same host, and so do we.
  ['garbage in place of TLS, wished for', 'taken', TAKEN, 'tls', [{ tls: 'garbage' }], 'opportunistic'],
  ['garbage in place of TLS, required', 'next', 'tls - 4.7.5', 'tls', [{ tls: 'garbage' }], 'required'],
  ['an expired certificate', 'taken', TAKEN, 'tls', [{ certificate: 'expired' }], 'opportunistic'],
  ['421 to MAIL', 'next', 'mail 421 4.7.28', 'mail', at('421 4.7.28 Unusual rate')],
  ['451 to MAIL', 'next', 'mail 451 4.3.0', 'mail', at('451 4.3.0 Later')],
  ['550 to MAIL', 'end', 'mail 550 5.7.1', 'mail', at('550 5.7.1 Not from you')],
  ['resets at MAIL', 'next', `mail ${LOST}`, 'mail', RESET],
  ['is silent at MAIL', 'next', `mail ${LOST}`, 'mail', SILENT],
  ['421 to RCPT', 'next', 'rcpt 421 4.3.2', 'rcpt', at('421 4.3.2 Busy')],
  ['450 to RCPT', 'next', 'rcpt 450 4.2.0', 'rcpt', at('450 4.2.0 Greylisted')],
  ['452 to RCPT', 'next', 'rcpt 452 4.2.2', 'rcpt', at('452 4.2.2 Over quota')],
  ['550 to RCPT', 'end', 'rcpt 550 5.1.1', 'rcpt', at('550 5.1.1 User unknown')],
  ['552 to RCPT', 'end', 'rcpt 552 5.2.2', 'rcpt', at('552 5.2.2 Mailbox full')],
  ['resets at RCPT', 'next', `rcpt ${LOST}`, 'rcpt', RESET],
  ['is silent at RCPT', 'next', `rcpt ${LOST}`, 'rcpt', SILENT],
  ['421 to DATA', 'next', 'data 421 4.3.2', 'data', at('421 4.3.2 Busy')],
  ['451 to DATA', 'next', 'data 451 4.3.0', 'data', at('451 4.3.0 Later')],
  ['554 to DATA', 'end', 'data 554 5.5.1', 'data', at('554 5.5.1 No valid recipients')],
  ['resets at DATA', 'next', `data ${LOST}`, 'data', RESET],
  ['is silent at DATA', 'next', `data ${LOST}`, 'data', SILENT],
  ['resets in the message', 'next', `end-of-data ${LOST} unsure`, 'body', [{ truncate: { bytes: 20, then: 'reset' } }]],
  ['stops to read', 'next', `end-of-data ${LOST} unsure`, 'body', SILENT],
  ['421 to the dot', 'next', 'end-of-data 421 4.3.2', 'end-of-data', at('421 4.3.2 Busy')],
  ['451 to the dot', 'next', 'end-of-data 451 4.7.1', 'end-of-data', at('451 4.7.1 Later')],
  ['554 to the dot', 'end', 'end-of-data 554 5.7.1', 'end-of-data', at('554 5.7.1 Spam message rejected')],
  ['takes it, and its reply is lost', 'next', `end-of-data ${LOST} unsure`, 'end-of-data', [{ acceptThen: 'reset' }]],
  ['takes it, and is silent', 'next', `end-of-data ${LOST} unsure`, 'end-of-data', [{ acceptThen: 'stall' }]],
  ['takes it, and says 451', 'next', 'end-of-data 451 4.3.0', 'end-of-data', [{ acceptThen: { reply: '451 4.3.0 Error' } }]],
  ['resets at QUIT', 'taken', TAKEN, 'quit', RESET],
  ['a code that is none', 'end', 'rcpt 999 5.5.0', 'rcpt', [{ corrupt: 'bad-code' }]],
  ['a reply without a code', 'end', 'rcpt 554 5.5.1', 'rcpt', [{ corrupt: 'malformed' }]],
  ['a class that does not fit its code', 'next', 'rcpt 450 4.0.0', 'rcpt', [{ corrupt: 'class-mismatch' }]],
];

let rig: Mailrig;
/** By recipient. */
const deliveries = new Map<string, Delivery>();

const call = <T>(method: string, path: string, body?: unknown): Promise<T> => api(rig, method, path, body);

/** Each row has a receiver with a backup, and one without. */
const DOMAINS = ROWS.flatMap((row, i) => [
  { row, domain: `both${i}.test`, hosts: [{ name: `mx1.both${i}.test` }, { name: `mx2.both${i}.test`, preference: 20 }] },
  { row, domain: `alone${i}.test`, hosts: [{ name: `mx1.alone${i}.test` }] },
]);

beforeAll(async () => {
  const BRIEF = 300;
  rig = createMailrig({
    logLevel: 'silent',
    host: ['127.0.0.1'],
    clockFrozen: true,
    hostGreetingTimeout: BRIEF,
    hostCommandTimeout: BRIEF,
    hostDataTimeout: BRIEF,
    hostEndOfDataTimeout: BRIEF,
  });
  await rig.start();
  const faults: object[] = [];
  for (const { row, domain, hosts } of DOMAINS) {
    const [, , , stage, acts, tls = 'none'] = row;
    await call('PUT', `/receivers/${domain}`, { hosts, policy: { schedule: '5m', giveUpAfter: '1d', tls } });
    if (stage === null) await call('PATCH', `/hosts/mx1.${domain}`, { state: 'down' });
    else faults.push({ on: { host: `mx1.${domain}`, stage }, do: acts });
  }
  await call('PUT', '/faults', faults);
  const app = createTransport({ host: '127.0.0.1', port: rig.ports.smtp ?? 0, ignoreTLS: true });
  await app.sendMail({ from: 'app@client.test', to: DOMAINS.map(({ domain }) => `jo@${domain}`), subject: 'Order 7', text: 'x' });
  await call('POST', '/clock/advance', { by: '1s' });
  const { items } = await call<ListOf<Delivery>>('GET', '/deliveries?limit=500');
  for (const delivery of items) deliveries.set(delivery.recipient, delivery);
});
afterAll(() => rig.stop());

const inShort = ({ stage, code, enhanced, unsure }: Delivery['attempts'][number]): string =>
  `${stage} ${code ?? '-'} ${enhanced ?? '-'}${unsure ? ' unsure' : ''}`;

const toldOf = (recipient: string): string[] => {
  const { state, attempts } = deliveries.get(recipient) as Delivery;
  return [state, ...attempts.map((attempt) => `${attempt.host.split('.')[0]} ${inShort(attempt)}`)];
};

describe('a host that', () => {
  it.each(ROWS.map(([what, choice, attempt], i) => [what, choice, attempt, i] as const))('%s: %s', (_what, choice, attempt, i) => {
    const ends = { next: ['deferred', 'delivered'], end: ['bounced', 'bounced'], taken: ['delivered', 'delivered'] } as const;
    const [alone, both] = ends[choice];
    expect(toldOf(`jo@alone${i}.test`)).toEqual([alone, `mx1 ${attempt}`]);
    expect(toldOf(`jo@both${i}.test`)).toEqual([both, `mx1 ${attempt}`, ...(choice === 'next' ? [`mx2 ${TAKEN}`] : [])]);
  });
});
