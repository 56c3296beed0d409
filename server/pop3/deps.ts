// What the POP3 server is given.

import type { Decide } from '../faults/decide.ts';
import type { Users } from '../net/sasl.ts';
import type { Store } from '../store/store.ts';

export interface Pop3Settings {
  /** The server's own name, in the greeting. */
  readonly name: string;
  /** Logins are refused without TLS. */
  readonly requireTls: boolean;
  /** One session of a maildrop at a time (RFC 1939 §4). */
  readonly popLock: boolean;
  readonly traceHeaders: boolean;
  /** Octets of a command line with its line end; 0 = unlimited, as for every `max…`. */
  readonly maxCommandLine: number;
  /** Errors in one session before it is closed. */
  readonly maxErrors: number;
}

export interface Pop3Deps {
  readonly settings: Pop3Settings;
  readonly store: Store;
  readonly users: Users;
  readonly decide: Decide;
}
