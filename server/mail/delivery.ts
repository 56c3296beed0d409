// A delivery: one recipient of one message on its way to a receiver's host, and what each attempt came to (RFC 5321 §4.5.4).

import type { EnvelopeRecipient, MessageId } from './message.ts';
import type { Hop } from './trace.ts';

/**
 * `queued` is due, `active` is being tried, `deferred` waits for its next attempt, `held` waits for a person; the others are ends: `bounced` was refused for good,
 * `expired` was tried for too long, `dropped` was taken away by a person.
 */
export type DeliveryState = 'queued' | 'active' | 'deferred' | 'held' | 'delivered' | 'bounced' | 'expired' | 'dropped';

export const OPEN_STATES: ReadonlySet<DeliveryState> = new Set(['queued', 'active', 'deferred', 'held']);

/** So many attempts of one delivery are remembered: the state must not depend on a setting, since it is made again from its changes. */
export const KEPT_ATTEMPTS = 30;

/** How far a conversation had come: the command whose answer decided, `connect` before the greeting has begun. */
export type AttemptStage = 'route' | 'connect' | 'banner' | 'ehlo' | 'starttls' | 'tls' | 'mail' | 'rcpt' | 'data' | 'body' | 'end-of-data';

/** At one host, for one recipient. */
export interface Attempt {
  /** ms of the sandbox's clock. */
  readonly at: number;
  /** Attempts of one try have the same number, from 1: the hosts that were gone through. */
  readonly round: number;
  /** The host's name; empty where there was none to try. */
  readonly host: string;
  readonly stage: AttemptStage;
  /** Null where nothing was answered. */
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly text: string;
  /** Real time, ms. */
  readonly durationMs: number;
  readonly outcome: 'delivered' | 'transient' | 'permanent';
  /** The fault that stepped in at the host, as far as the host's own session knows. */
  readonly faultId: string | null;
  /** The host's session, with the transcript that both sides see. */
  readonly sessionId: string | null;
  /** The message may have been taken: the final dot was sent, and no answer came (RFC 1047). */
  readonly unsure?: true;
}

export interface Delivery {
  readonly id: string;
  readonly messageId: MessageId;
  /** Empty for the null sender. */
  readonly sender: string;
  readonly recipient: EnvelopeRecipient;
  /** The pattern of the receiver that it was queued for: `shop.test`, `*.corp.test`, `*`. */
  readonly receiver: string;
  readonly queuedAt: number;
  readonly state: DeliveryState;
  /** Null where no attempt is planned: it is held, or at its end. */
  readonly nextAttemptAt: number | null;
  /** Then it is given up. */
  readonly expiresAt: number;
  /** Tries of the whole schedule. */
  readonly attemptsPlanned: number;
  /** The newest `KEPT_ATTEMPTS`, oldest first. */
  readonly attempts: readonly Attempt[];
  /** All there ever were. */
  readonly attemptCount: number;
  readonly rounds: number;
  /** The host that took it. */
  readonly via: string | null;
  /** A backup that relays has it, and hands it on from there. */
  readonly relayedBy: string | null;
  /** The receiver's hosts that it went through before; nothing where it comes from the submission. */
  readonly hops?: readonly Hop[];
  /** The sender was told that it is late. */
  readonly warnedAt: number | null;
  /** While it is being tried: a host has it, and what it said to that is not kept yet. */
  readonly taken?: Hop;
}

/** What a delivery came to that a host took, where the sender ended before that was kept: it need not be sent twice, since we are the host too. */
export const unheard = ({ rounds }: Delivery, { origin: { host, sessionId }, at }: Hop): Attempt => ({
  at,
  round: rounds + 1,
  host,
  stage: 'end-of-data',
  code: null,
  enhanced: null,
  text: 'Taken; what the host said to that was not kept',
  durationMs: 0,
  outcome: 'delivered',
  faultId: null,
  sessionId,
});

export const isOpen = ({ state }: Pick<Delivery, 'state'>): boolean => OPEN_STATES.has(state);
