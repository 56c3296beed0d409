// What the IMAP server is given.

import type { Decide } from '../faults/decide.ts';
import type { Users } from '../net/sasl.ts';
import type { RetentionLimits } from '../store/retention.ts';
import type { Store } from '../store/store.ts';

export interface ImapSettings {
  readonly name: string;
  /** Clear-text logins are refused without TLS. */
  readonly requireTls: boolean;
  readonly traceHeaders: boolean;
  /** Octets; 0 = unlimited, as for every `max…`. */
  readonly maxMessageSize: number;
  readonly maxCommandLine: number;
  readonly maxLiteral: number;
  readonly maxErrors: number;
}

/** Octets of messages that are arriving at the same time, over all servers. */
export interface Inflight {
  /** False where there is no room for `octets` more; otherwise they count until `release`. */
  reserve(octets: number): boolean;
  release(octets: number): void;
}

export interface ImapDeps {
  /** Name of this server among the hosts: `imap`. */
  readonly host: string;
  readonly settings: ImapSettings;
  /** Of Mailrig, for ID. */
  readonly version: string;
  readonly store: Store;
  /** What may be kept, for APPEND and QUOTA. */
  readonly limits: RetentionLimits;
  readonly inflight: Inflight;
  readonly users: Users;
  /** New message ids, for APPEND. */
  readonly ids: () => string;
  readonly decide: Decide;
}
