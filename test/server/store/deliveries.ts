// Deliveries and attempts as the queue would make them.

import type { Attempt, Delivery } from '../../../server/mail/delivery.ts';
import type { Message } from '../../../server/mail/message.ts';
import { singleOf } from '../../../server/mail/trace.ts';
import { headerFacts } from '../../../server/mail/facts.ts';
import type { Change, NewEntry } from '../../../server/store/changes.ts';
import type { Store } from '../../../server/store/store.ts';
import { NOON, ORIGIN } from './sample.ts';

export const deliveryOf = (id: string, messageId: string, address: string, more: Partial<Delivery> = {}): Delivery => ({
  id,
  messageId,
  sender: 'app@client.test',
  recipient: { address },
  receiver: 'shop.test',
  queuedAt: NOON,
  state: 'queued',
  nextAttemptAt: NOON,
  expiresAt: NOON + 30_000,
  attemptsPlanned: 5,
  attempts: [],
  attemptCount: 0,
  rounds: 0,
  via: null,
  relayedBy: null,
  warnedAt: null,
  ...more,
});

export const attemptOf = (round: number, more: Partial<Attempt> = {}): Attempt => ({
  at: NOON + round * 1000,
  round,
  host: 'mx1.shop.test',
  stage: 'banner',
  code: 421,
  enhanced: '4.3.2',
  text: 'Service not available',
  durationMs: 1,
  outcome: 'transient',
  faultId: 'busy',
  sessionId: null,
  ...more,
});

/** One try that ended like that. */
export const triedOf = (id: string, round: number, state: Delivery['state'], more: Partial<Attempt> = {}): Change => {
  const attempt = attemptOf(round, { outcome: state === 'delivered' ? 'delivered' : 'transient', ...more });
  const over = state !== 'deferred';
  return {
    type: 'delivery.tried',
    id,
    attempts: [attempt],
    state,
    nextAttemptAt: over ? null : attempt.at + 1000,
    via: state === 'delivered' ? attempt.host : null,
  };
};

/** The host `mx1.shop.test` takes a message for these of its recipients. */
export const acceptedOf = (id: string, account: string, deliveredTo: readonly string[], host = 'mx1.shop.test'): Change => ({
  type: 'message.accepted',
  id,
  hops: [
    {
      origin: { ...ORIGIN, host, by: host, helo: 'mailrig.test', sessionId: 's2' },
      id,
      recipient: singleOf(deliveredTo.map((address) => ({ address }))),
      at: NOON + 5000,
    },
  ],
  entries: [{ account, mailbox: 'INBOX', deliveredTo }],
});

/** The change that keeps a message with one queued delivery for each address; ids are `<message>.<n>` unless given. */
export async function addedOf(
  store: Store,
  id: string,
  to: readonly string[],
  local: readonly NewEntry[] = [],
  idOf: (n: number) => string = (n) => `${id}.${n}`,
): Promise<Change> {
  const raw = Buffer.from(`From: <app@client.test>\r\nSubject: to a receiver\r\n\r\nhello ${id}\r\n`);
  const recipients = [...to, ...local.flatMap(({ deliveredTo }) => deliveredTo)].map((address) => ({ address }));
  const message: Message = {
    id,
    receivedAt: NOON,
    size: raw.length,
    envelope: { sender: 'app@client.test', recipients },
    refused: [],
    origin: ORIGIN,
    ...headerFacts(raw),
  };
  const deliveries = to.map((address, i) => deliveryOf(idOf(i), id, address));
  return { type: 'message.added', message, body: await store.put(raw), captured: true, entries: local, deliveries };
}
