// A queue with hosts that answer as they are told to, a clock that stands until it is moved, and a store that only knows deliveries.

import type { MovableClock } from '../../../../server/base/sandbox-clock.ts';
import { createSandboxClock } from '../../../../server/base/sandbox-clock.ts';
import type { Batch, Outcome } from '../../../../server/delivery/client/outcome.ts';
import { attemptsPlanned, expiryOf, policyOf } from '../../../../server/delivery/policy.ts';
import type { Queue, QueueSettings, QueueStore } from '../../../../server/delivery/queue/queue.ts';
import { createQueue } from '../../../../server/delivery/queue/queue.ts';
import type { Receiver, WrittenReceiver } from '../../../../server/delivery/receivers/receiver.ts';
import type { Delivery } from '../../../../server/mail/delivery.ts';
import { isOpen } from '../../../../server/mail/delivery.ts';
import type { Message } from '../../../../server/mail/message.ts';
import type { Change, Outcome as Applied } from '../../../../server/store/changes.ts';

export const BEGIN = Date.UTC(2026, 10, 25);

/** `250`, `450 4.2.1 later`, `refused` (nobody listens), `lost` (ended in the body), `lost-reply`. */
export type Answer = string;
/** For one recipient, the `n`th time that this host is asked for it, from 1. */
export type HostScript = (recipient: string, n: number) => Answer | Promise<Answer>;

const REPLY = /^(\d{3}) (\d\.\d{1,3}\.\d{1,3}) (.*)$/;

function outcomeOf(answer: Answer): Outcome {
  const none = { code: null, lost: true, unsure: false, outcome: 'transient' } as const;
  if (answer === '250')
    return { ...none, stage: 'end-of-data', code: 250, enhanced: '2.0.0', text: 'Ok', outcome: 'delivered', lost: false };
  if (answer === 'refused') return { ...none, stage: 'connect', enhanced: '4.4.1', text: 'Connection refused' };
  if (answer === 'lost') return { ...none, stage: 'body', enhanced: '4.4.2', text: 'Connection lost' };
  if (answer === 'lost-reply') return { ...none, stage: 'end-of-data', enhanced: '4.4.2', text: 'No reply', unsure: true };
  const [, code = '', enhanced = '', text = ''] = REPLY.exec(answer) ?? [];
  const outcome = code.startsWith('5') ? 'permanent' : 'transient';
  return { stage: 'rcpt', code: Number(code), enhanced, text, outcome, lost: false, unsure: false };
}

export function receiver(domain: string, { hosts, policy, dns = 'ok' }: WrittenReceiver): Receiver {
  const made = hosts.map(({ name, preference = 10, backup = null }, i) => ({
    name,
    preference,
    backup,
    address: '127.0.0.1',
    port: 20_000 + i,
  }));
  return { domain, hosts: made, policy: policyOf(policy), dns, written: { hosts } };
}

export interface Rig {
  readonly queue: Queue;
  readonly clock: MovableClock;
  readonly deliveries: Map<string, Delivery>;
  /** Hosts in the order in which they were dialled. */
  readonly dials: string[];
  /** `host: sender > recipients`, one for each transaction. */
  readonly transactions: string[];
  readonly gaveUp: string[];
  readonly errors: unknown[];
  readonly changes: Change[];
  /** Of our own open connections, at the most, at one time. */
  readonly most: () => number;
  /** Whose message is coming from a client. */
  readonly carriedBy: (client: string) => readonly string[];
  /** Recipients at the one domain that each names; `id` of the message. */
  add(messageId: string, recipients: readonly string[], more?: Partial<Delivery>): Promise<void>;
  state(recipient: string): string;
  at(recipient: string): Delivery;
}

export interface RigOptions {
  readonly receivers: readonly Receiver[];
  readonly hosts: Readonly<Record<string, HostScript>>;
  readonly settings?: Partial<QueueSettings>;
  readonly kept?: readonly Delivery[];
  /** Before a change is made. */
  readonly before?: (changes: readonly Change[]) => void;
}

/** `to` lists hosts as `mx1 mx2`, each less preferred than the one before. */
export const toHosts = (to: string, more: Omit<WrittenReceiver, 'hosts'> = {}): WrittenReceiver => ({
  hosts: to.split(' ').map((name, i) => ({ name, preference: 10 * (i + 1) })),
  ...more,
});

const message = (id: string, sender: string): Message => ({
  id,
  receivedAt: BEGIN,
  size: 5,
  envelope: { sender, recipients: [] },
  refused: [],
  header: { from: [], to: [], cc: [], bcc: [], toCount: 0, subject: '', messageId: null, date: null },
  origin: {
    source: 'smtp',
    sessionId: null,
    client: null,
    user: null,
    host: 'submission',
    helo: null,
    protocol: 'ESMTP',
    by: 'mailrig.test',
  },
  defects: [],
});

export function createRig({ receivers, hosts, settings = {}, kept = [], before }: RigOptions): Rig {
  const errors: unknown[] = [];
  const report = (error: unknown): void => void errors.push(error);
  const clock = createSandboxClock({ system: { now: () => BEGIN }, frozenAt: BEGIN, report });
  const deliveries = new Map(kept.map((one) => [one.id, one]));
  const messages = new Map<string, Message>(kept.map(({ messageId, sender }) => [messageId, message(messageId, sender)]));
  const changes: Change[] = [];
  const listeners = new Set<(ids: readonly string[]) => void>();

  function apply(change: Change): readonly string[] {
    const set = (id: string, made: (old: Delivery) => Partial<Delivery>): void => {
      const old = deliveries.get(id);
      if (old) deliveries.set(id, { ...old, ...made(old) });
    };
    changes.push(change);
    if (change.type === 'deliveries.queued') for (const one of change.deliveries) deliveries.set(one.id, one);
    if (change.type === 'deliveries.queued') return change.deliveries.map(({ id }) => id);
    if (change.type === 'deliveries.set') {
      const { ids, state, nextAttemptAt } = change;
      for (const id of ids) set(id, () => ({ state, nextAttemptAt }));
      return ids;
    }
    if (change.type === 'delivery.tried') {
      const { id, attempts, state, nextAttemptAt, via } = change;
      set(id, (old) => ({ attempts: [...old.attempts, ...attempts], state, nextAttemptAt, via, rounds: old.rounds + 1 }));
      return [id];
    }
    throw new Error(`not known here: ${change.type}`);
  }

  const store: QueueStore = {
    deliveries,
    get open() {
      return new Map([...deliveries].filter(([, delivery]) => isOpen(delivery)));
    },
    messageOf: (id) => messages.get(id),
    body: () => Promise.resolve(Buffer.from('hello')),
    watch(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async commit(all) {
      await Promise.resolve();
      before?.(all);
      const ids = all.flatMap(apply);
      for (const listener of listeners) listener(ids);
      return all.map((): Applied => ({ changed: 1 }));
    },
  };

  const [dials, transactions, gaveUp]: string[][] = [[], [], []];
  const asked = new Map<string, number>();
  const ours = new Map<string, () => { readonly deliveries: readonly Delivery[] } | null>();
  let [ports, open, most] = [50_000, 0, 0];

  const queue = createQueue({
    store,
    clock,
    report,
    receiver: (domain) => receivers.find((one) => one.domain === domain),
    register(_host, client, carried) {
      ours.set(client, carried);
      return () => void ours.delete(client);
    },
    sessionOf: (_host, client) => ({ id: `session of ${client}`, lastLine: 0, faultAfter: () => null }),
    settings: { seed: 1, maxHostConnections: 20, hostRest: 500, maxInflight: 0, shutdownTimeout: 20, ...settings },
    connect({ name }, { connected, served, signal }) {
      const client = `127.0.0.1:${ports++}`;
      dials?.push(name);
      most = Math.max(most, ++open);
      let stands = false;
      async function answer(recipient: string): Promise<Answer> {
        const n = (asked.get(`${name} ${recipient}`) ?? 0) + 1;
        asked.set(`${name} ${recipient}`, n);
        const left = new Promise<Answer>((resolve) => signal.addEventListener('abort', () => resolve('lost')));
        return Promise.race([left, hosts[name]?.(recipient, n) ?? 'refused']);
      }
      return {
        async converse({ sender, recipients }: Batch) {
          const answers = await Promise.all(recipients.map(({ address }) => answer(address)));
          const outcomes = answers.map(outcomeOf);
          if (answers.includes('refused')) return { outcomes, client: null, durationMs: 1, open: false };
          if (!stands) connected(client);
          if (!stands) served();
          stands = true;
          transactions?.push(`${name}: ${sender} > ${recipients.map(({ address }) => address).join()}`);
          return { outcomes, client, durationMs: 1, open: !outcomes.some(({ lost }) => lost) };
        },
        close() {
          open--;
          return Promise.resolve();
        },
      };
    },
  });
  queue.gaveUp.on(({ recipient, state }) => gaveUp?.push(`${recipient.address} ${state}`));

  const at = (recipient: string): Delivery => {
    const found = [...deliveries.values()].find((one) => one.recipient.address === recipient);
    if (!found) throw new Error(`no delivery to ${recipient}`);
    return found;
  };
  let count = 0;
  return {
    queue,
    clock,
    deliveries,
    dials: dials ?? [],
    transactions: transactions ?? [],
    gaveUp: gaveUp ?? [],
    errors,
    changes,
    most: () => most,
    carriedBy: (client) =>
      ours
        .get(client)?.()
        ?.deliveries.map(({ recipient }) => recipient.address) ?? [],
    async add(messageId, recipients, more = {}) {
      messages.set(messageId, message(messageId, 'app@client.test'));
      const queued = recipients.map((address) => newOne(messageId, address, clock.now(), receivers, `d${++count}`));
      await store.commit([{ type: 'deliveries.queued', deliveries: queued.map((one) => ({ ...one, ...more })) }]);
    },
    at,
    state: (recipient) => at(recipient).state,
  };
}

export function newOne(messageId: string, address: string, now: number, receivers: readonly Receiver[], id: string): Delivery {
  const domain = address.slice(address.indexOf('@') + 1);
  const policy = receivers.find((one) => one.domain === domain)?.policy ?? policyOf();
  return {
    id,
    messageId,
    sender: 'app@client.test',
    recipient: { address },
    receiver: domain,
    queuedAt: now,
    state: 'queued',
    nextAttemptAt: now,
    expiresAt: expiryOf(now, policy),
    attemptsPlanned: attemptsPlanned(policy),
    attempts: [],
    attemptCount: 0,
    rounds: 0,
    via: null,
    relayedBy: null,
    warnedAt: null,
  };
}
