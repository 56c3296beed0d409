// Kills of a server that delivers: begun again each time on its folder, at last left alone until nothing is due; then every copy is counted.

import { createConnection } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { startRig } from '../bench/rig.ts';
import type { RunningRig } from '../bench/rig.ts';
import { all, api } from './api.ts';
import type { AccountSummary, ClockAdvance, Delivery, ListOf, Summary } from '../../server/http/contract/types.ts';

export interface DeliveryFindings {
  /** Recipients of messages that are kept. */
  readonly recipients: number;
  /** Deliveries that were not over at the last kill. */
  readonly interrupted: number;
  /** Attempts of which nobody knows what came of them. */
  readonly unsure: number;
  /** Attempts whose success was found at the next start. */
  readonly unheard: number;
  /** Acknowledged, and gone. */
  readonly lost: string[];
  /** Recipients without a copy. */
  readonly missing: string[];
  /** Recipients with more copies than their attempts say that there may be. */
  readonly doubled: string[];
  /** Deliveries that are not at their good end. */
  readonly undelivered: string[];
}

export interface Kills {
  readonly folder: string;
  readonly kills: number;
  readonly messages: number;
  readonly chance: () => number;
}

/** Handshakes take longer than most of these processes live. */
const PATIENT = { schedule: '1s', giveUpAfter: '10d', tls: 'none' };
/** A short one: the process does not live long. */
const KILLED_WITHIN_MS = 400;

/** Four recipients of three receivers: one whose hosts are slow, one that greylists and loses replies, one whose backup hands on. */
const RECEIVERS: Readonly<Record<string, unknown>> = {
  'slow.test': { hosts: [{ name: 'mx.slow.test' }], policy: PATIENT },
  'odd.test': {
    hosts: [
      { name: 'mx1.odd.test', preference: 10 },
      { name: 'mx2.odd.test', preference: 20 },
    ],
    policy: PATIENT,
  },
  'passed.test': {
    hosts: [
      { name: 'mx1.passed.test', preference: 10 },
      { name: 'mx2.passed.test', preference: 20, backup: 'relays' },
    ],
    policy: PATIENT,
  },
};

const on = (host: string, stage: string): object => ({ protocol: 'smtp', host, stage });
const FAULTS: readonly unknown[] = [
  { on: on('mx.slow.test', 'rcpt'), do: [{ delay: { min: '1ms', max: '8ms' } }] },
  { on: on('mx.slow.test', 'end-of-data'), do: [{ delay: { min: '1ms', max: '10ms' } }] },
  { on: on('mx1.odd.test', 'rcpt'), when: { attempts: { first: 1 } }, do: [{ reply: '450 4.2.0 Greylisted' }] },
  { on: on('mx1.odd.test', 'end-of-data'), when: { probability: 0.1 }, do: [{ acceptThen: 'reset' }] },
  { on: on('mx2.odd.test', 'body'), when: { probability: 0.3 }, do: [{ reset: true }] },
  { on: on('mx2.odd.test', 'end-of-data'), do: [{ delay: { min: '1ms', max: '10ms' } }] },
  { on: on('mx1.passed.test', 'mail'), when: { probability: 0.7 }, do: [{ reply: '451 4.3.0 Later' }] },
];

const recipientsOf = (n: number): string[] => [`a${n}@slow.test`, `b${n}@slow.test`, `a${n}@odd.test`, `a${n}@passed.test`];

/** Sends from `next` on until the connection breaks or all are sent; answers the first that is not acknowledged. */
function send(port: number, messages: number, next: number): Promise<number> {
  return new Promise((resolve) => {
    const socket = createConnection({ host: '127.0.0.1', port, noDelay: true });
    let n = next;
    let text = '';
    const go = (): void => {
      if (n >= messages) return void socket.end('QUIT\r\n');
      const to = recipientsOf(n).map((address) => `RCPT TO:<${address}>\r\n`);
      socket.write(`MAIL FROM:<app@client.test>\r\n${to.join('')}DATA\r\nSubject: ${n}\r\n\r\n${'line\r\n'.repeat(n % 50)}.\r\n`);
    };
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(n));
    socket.on('data', (chunk) => {
      text += chunk.toString('latin1');
      const lines = text.split('\r\n');
      text = lines.pop() ?? '';
      for (const line of lines) {
        if (line.startsWith('220')) socket.write('EHLO client.test\r\n');
        if (line === '250 HELP') go();
        if (line.includes('queued as')) {
          n++;
          go();
        }
      }
    });
  });
}

/** `acknowledged` messages from 0 on. */
async function count(rig: RunningRig, acknowledged: number, interrupted: number): Promise<DeliveryFindings> {
  const [accounts, deliveries, messages] = [
    await all<AccountSummary>(rig, '/accounts'),
    await all<Delivery>(rig, '/deliveries'),
    await all<Summary>(rig, '/messages'),
  ];
  const copies = new Map(accounts.map(({ name, mailboxes }) => [name, mailboxes.reduce((sum, one) => sum + one.messages, 0)]));
  const unsure = new Map<string, number>();
  for (const { recipient, attempts } of deliveries)
    unsure.set(recipient, (unsure.get(recipient) ?? 0) + attempts.filter((one) => one.unsure).length);
  // What was not acknowledged before a kill was sent again, and may be there twice.
  const sent = new Map<string, number>();
  for (const { envelope } of messages) for (const to of envelope.recipients) sent.set(to, (sent.get(to) ?? 0) + 1);
  const wanted = Array.from({ length: acknowledged }, (_, n) => recipientsOf(n)).flat();
  return {
    recipients: [...sent.values()].reduce((sum, one) => sum + one, 0),
    interrupted,
    unsure: [...unsure.values()].reduce((sum, one) => sum + one, 0),
    unheard: deliveries.flatMap(({ attempts }) => attempts).filter(({ outcome, code }) => outcome === 'delivered' && code === null).length,
    lost: wanted.filter((to) => !sent.has(to)),
    missing: [...sent].filter(([to, times]) => (copies.get(to) ?? 0) < times).map(([to]) => to),
    doubled: [...sent].filter(([to, times]) => (copies.get(to) ?? 0) > times + (unsure.get(to) ?? 0)).map(([to]) => to),
    undelivered: deliveries.filter(({ state }) => state !== 'delivered').map(({ id, recipient, state }) => `${id} ${recipient} ${state}`),
  };
}

/** Sends all of it over the first processes, kills each at some moment, and lets the last one come to an end. */
export async function killDeliveries({ folder, kills, messages, chance }: Kills): Promise<DeliveryFindings> {
  const flags = ['--data', folder, '--max-messages', '0', '--log-level', 'error', '--receiver-port', '0'];
  const perProcess = Math.ceil(messages / kills);
  let [next, interrupted] = [0, 0];
  for (let kill = 0; kill < kills; kill++) {
    const rig = await startRig(flags);
    if (kill === 0) {
      for (const [domain, receiver] of Object.entries(RECEIVERS)) await api(rig, 'PUT', `/receivers/${domain}`, receiver);
      await api(rig, 'PUT', '/faults', FAULTS);
    }
    const sending = send(rig.smtp, Math.min(next + perProcess, messages), next);
    await wait(chance() * KILLED_WITHIN_MS);
    await rig.kill();
    next = await sending;
  }
  const rig = await startRig(flags);
  interrupted += (await api<ListOf<Delivery>>(rig, 'GET', '/deliveries?q=is:open')).total ?? 0;
  next = await send(rig.smtp, messages, next);
  const { stopped } = await api<ClockAdvance>(rig, 'POST', '/clock/advance', { until: 'idle' });
  if (stopped !== null) throw new Error(`not idle: ${stopped}`);
  const findings = await count(rig, next, interrupted);
  await rig.stop();
  return findings;
}
