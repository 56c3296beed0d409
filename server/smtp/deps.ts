// What the SMTP server is given: it knows no store and no delivery, only these functions.

import type { Clock } from '../base/clock.ts';
import type { Decide } from '../faults/decide.ts';
import type { Users } from '../net/sasl.ts';
import type { Envelope, MessageId, Origin, RefusedRecipient } from '../mail/message.ts';

/** A whole transaction, handed over after the final dot (or the last BDAT). */
export interface Submission {
  readonly envelope: Envelope;
  readonly refused: readonly RefusedRecipient[];
  /** Exactly the octets of the message, dots unstuffed. */
  readonly raw: Buffer;
  readonly origin: Origin;
}

/** An attempt that was refused before its data ended: no message exists, but people look for it. */
export interface RefusedAttempt {
  readonly sessionId: string;
  readonly at: number;
  readonly sender: string;
  readonly recipient: string | null;
  readonly stage: 'mail' | 'rcpt' | 'data' | 'end-of-data';
  readonly code: number;
  readonly enhanced: string | null;
  readonly text: string;
  readonly faultId: string | null;
}

/** Octets of messages being received at the same time, over all listeners. */
export interface Inflight {
  /** False where there is no room for `octets` more; otherwise they count until `release`. */
  reserve(octets: number): boolean;
  release(octets: number): void;
}

export interface SmtpSettings {
  /** The server's own name, in the greeting and in Received lines. */
  readonly name: string;
  readonly requireAuth: boolean;
  readonly requireTls: boolean;
  /** Recipients that exist; `listed`: those that `users` knows. */
  readonly accounts: 'any' | 'listed';
  /** Senders that may be given; `own`: those of the account that has logged in. */
  readonly senders: 'any' | 'own';
  /** Domains that mail is taken for; empty = every one. */
  readonly localDomains: readonly string[];
  readonly lineEndings: 'keep' | 'strict';
  /** Octets; 0 = unlimited, as for every `max…`. */
  readonly maxMessageSize: number;
  readonly maxRecipients: number;
  /** Octets of a command line with its line end. */
  readonly maxCommandLine: number;
  /** Errors in one session before 421. */
  readonly maxErrors: number;
}

export interface SmtpDeps {
  /** LMTP (RFC 2033) is the same but for its greeting and its replies after the message. */
  readonly protocol: 'smtp' | 'lmtp';
  /** Name of this server among the hosts: `submission`. */
  readonly host: string;
  readonly settings: SmtpSettings;
  readonly clock: Clock;
  readonly users: Users;
  readonly inflight: Inflight;
  readonly decide: Decide;
  /** A recipient that is not here but has a receiver: whoever is here does not matter for it. */
  passedOn?(recipient: string): boolean;
  /** Keeps the message and answers its id; throws `Refusal` when it cannot. Resolves when the message is safe. */
  submit(submission: Submission): Promise<MessageId>;
  refused(attempt: RefusedAttempt): void;
}
