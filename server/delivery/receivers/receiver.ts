// A receiver: a domain that is not here, and the hosts that take its mail, as people declare it.

import type { HostState } from '../../faults/presets.ts';
import type { Policy, WrittenPolicy } from '../policy.ts';

/** What a backup does with mail that is meant for the primary: keeps it for the account, or hands it on when the primary is back. */
export type Backup = 'stores' | 'relays';

/** What DNS says of the domain. */
export type DnsState = 'ok' | 'null-mx' | 'nxdomain' | 'servfail';

export interface WrittenHost {
  readonly name: string;
  /** As of an MX record: the lower one is tried first; 10 where it is left out. */
  readonly preference?: number;
  /** At first. */
  readonly state?: HostState;
  readonly backup?: Backup;
  /** A loopback address. */
  readonly address?: string;
  /** From 20000 on where it is left out; it stays the same. */
  readonly port?: number;
}

/** The caller's own words. */
export interface WrittenReceiver {
  readonly hosts: readonly WrittenHost[];
  readonly policy?: WrittenPolicy;
  readonly dns?: DnsState;
}

export interface ReceiverHost {
  readonly name: string;
  readonly preference: number;
  readonly backup: Backup | null;
  readonly address: string;
  readonly port: number;
}

export interface Receiver {
  /** A domain, a glob such as `*.corp.test`, or `*`. */
  readonly domain: string;
  readonly hosts: readonly ReceiverHost[];
  readonly policy: Policy;
  readonly dns: DnsState;
  readonly written: WrittenReceiver;
}
