// A fault as it is written down: where it stands, whom it meets, how often, and what it does (rules are data, RFC words where there are any).

import type { FaultProtocol, Stage } from './stages.ts';

/** `"90s"`, `"5m"`, `"1h30m"`; a number is ms. */
export type WrittenDuration = string | number;

export interface On {
  readonly protocol?: FaultProtocol;
  /** A host's name; without it the built-in server of the protocol, `*` is every host. */
  readonly host?: string | null;
  readonly stage: Stage;
}

/** A string is a glob in any case. */
export type TextMatch = string | { readonly regex: string } | { readonly contains: string } | { readonly equals: string };

export interface Match {
  readonly sender?: TextMatch;
  /** The whole address, with its tag. */
  readonly recipient?: TextMatch;
  /** Of the recipient. */
  readonly domain?: TextMatch;
  /** An address or a network: `10.0.0.0/8`. */
  readonly clientIp?: string;
  readonly helo?: TextMatch;
  readonly user?: TextMatch;
  /** By name; only at `end-of-data`, as `subject` and `size`. */
  readonly header?: Readonly<Record<string, TextMatch>>;
  readonly subject?: TextMatch;
  readonly size?: { readonly over?: number; readonly under?: number };
  /** IMAP: the mailbox that is selected, or named in the command. */
  readonly mailbox?: TextMatch;
}

export type AttemptKey =
  'sender+recipient' | 'sender' | 'recipient' | 'triplet' | 'message-id' | 'connection' | 'clientIp' | 'user' | 'rule';

export interface When {
  readonly attempts?:
    | { readonly first: number }
    | { readonly from: number; readonly to?: number }
    | { readonly nth: readonly number[] }
    | { readonly every: number };
  readonly attemptKey?: AttemptKey;
  /** 0 to 1, by a hash of seed, rule, key and number: never by chance. */
  readonly probability?: number;
  readonly seed?: number;
  /** Then the rule is spent, all keys together. */
  readonly times?: number;
  /** Counts what was let through. */
  readonly rate?: { readonly over: number; readonly per: WrittenDuration; readonly by?: 'clientIp' | 'sender' | 'domain' };
  readonly concurrency?: { readonly over: number; readonly by?: 'clientIp' };
  /** Since the fault was made. */
  readonly window?: { readonly after?: WrittenDuration; readonly for?: WrittenDuration };
  /** Greylisting: fires until the key was first seen that long ago. */
  readonly firstSeen?: { readonly under: WrittenDuration; readonly forget?: WrittenDuration };
}

export type Then = 'continue' | 'close' | 'reset';

/** Text begins with a code of SMTP, `+OK` or `-ERR` of POP3, or `NO`, `BAD`, `BYE` of IMAP. */
export type WrittenReply =
  string | { readonly code: number; readonly enhanced?: string; readonly lines: readonly string[]; readonly then?: Then };

export type Corruption = 'malformed' | 'bad-code' | 'missing-crlf' | 'class-mismatch';

export type WrittenEnding =
  | { readonly reply: WrittenReply }
  | { readonly close: true }
  | { readonly reset: true }
  | { readonly stall: true }
  | { readonly truncate: { readonly bytes: number; readonly then: 'close' | 'reset' } }
  | { readonly discard: true }
  | { readonly hold: true }
  | { readonly corrupt: Corruption }
  | { readonly acceptThen: 'close' | 'reset' | 'stall' | { readonly reply: WrittenReply } }
  | { readonly bounce: { readonly status: string; readonly diagnostic: string; readonly after?: WrittenDuration } }
  | { readonly pass: true };

export type WrittenModifier =
  | { readonly delay: WrittenDuration | { readonly min: WrittenDuration; readonly max: WrittenDuration } }
  | { readonly throttle: { readonly bytesPerSecond: number; readonly direction: 'in' | 'out' | 'both' } }
  | { readonly trickle: { readonly bytes: number; readonly every: WrittenDuration } }
  | { readonly capabilities: { readonly remove?: readonly string[]; readonly add?: readonly string[]; readonly heloOnly?: true } }
  | { readonly certificate: 'expired' | 'wrong-host' | 'self-signed' }
  | { readonly tls: 'garbage' | 'alert' }
  | { readonly silence: readonly ('exists' | 'expunge' | 'flags')[] }
  | { readonly uidValidity: 'bump' };

/** What a caller gives. */
export interface Rule {
  readonly id?: string;
  readonly name?: string | null;
  readonly enabled?: boolean;
  /** On the sandbox's clock; then the fault is gone. */
  readonly ttl?: WrittenDuration | null;
  readonly on: On;
  readonly match?: Match;
  readonly when?: When;
  /** Modifiers, then at most one ending. */
  readonly do?: readonly (WrittenModifier | WrittenEnding)[];
  /** One ending for each attempt of a key; the last one stays. */
  readonly script?: readonly (string | WrittenEnding)[];
}

export type FaultSource = 'api' | 'ui' | 'preset' | 'file' | 'magic';

/** A rule as it stands: the caller's own words, and what has become of it. */
export interface Fault extends Rule {
  readonly id: string;
  readonly name: string | null;
  readonly enabled: boolean;
  readonly ttl: WrittenDuration | null;
  readonly hits: number;
  readonly lastHitAt: number | null;
  readonly createdAt: number;
  readonly expiresAt: number | null;
  readonly source: FaultSource;
}

/** Once that it stepped in. */
export interface Hit {
  readonly at: number;
  readonly faultId: string;
  readonly sessionId: string;
  readonly stage: Stage;
  readonly sender: string | null;
  readonly recipient: string | null;
  /** What was done, in a word or as the reply: `reset`, `450 4.2.0 Greylisted`. */
  readonly outcome: string;
}
