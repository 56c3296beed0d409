// Receivers and the queue.

import type { HostState, WrittenDuration } from './faults.ts';
import type { DeliveryState, ListOf, Time } from './messages.ts';

export interface ReceiverHost {
  name: string;
  preference: number;
  state: HostState;
  backup?: 'stores' | 'relays';
  address: string;
  port: number;
}

export interface ReceiverPolicy {
  profile?: 'sandbox' | 'rfc5321' | 'postfix' | 'exim' | 'sendmail' | 'exchange-online' | 'instant';
  schedule?: string;
  giveUpAfter?: WrittenDuration;
  warnAfter?: WrittenDuration | null;
  failover?: 'transient' | 'connection';
  tls?: 'none' | 'opportunistic' | 'required' | 'verified';
  dialect?: 'standard' | 'postfix' | 'exim' | 'exchange';
}

export type DnsState = 'ok' | 'null-mx' | 'nxdomain' | 'servfail';

export interface ReceiverRule {
  hosts: (Pick<ReceiverHost, 'name'> & Partial<ReceiverHost>)[];
  policy?: ReceiverPolicy;
  dns?: DnsState;
}

export interface Receiver {
  domain: string;
  hosts: ReceiverHost[];
  policy: ReceiverPolicy;
  /** The waits of its policy in words: `1s,2s,4s,8s`. */
  schedule: string;
  /** Of its policy too: `5d`. */
  giveUpAfter: string;
  dns: DnsState;
  /** Deliveries by state, those that are not over. */
  waiting: number;
}

export interface Attempt {
  at: Time;
  round: number;
  host: string;
  stage: string;
  code: number | null;
  enhanced: string | null;
  text: string;
  durationMs: number;
  outcome: 'delivered' | 'transient' | 'permanent';
  faultId: string | null;
  sessionId: string | null;
  unsure: boolean;
}

export interface Delivery {
  id: string;
  messageId: string;
  sender: string;
  recipient: string;
  receiver: string;
  state: DeliveryState;
  queuedAt: Time;
  nextAttemptAt: Time | null;
  expiresAt: Time;
  attemptsPlanned: number;
  rounds: number;
  via: string | null;
  relayedBy: string | null;
  attempts: Attempt[];
}

export type QueueCounts = Record<DeliveryState, number>;

/** A page of deliveries, with how many there are of all in each state. */
export interface Queue extends ListOf<Delivery> {
  counts: QueueCounts;
}
