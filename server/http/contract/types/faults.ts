// Faults, the hosts that they stand at, and the clock that they run on.

import type { Time } from './messages.ts';

export type FaultProtocol = 'smtp' | 'imap' | 'pop3';
export type FaultSource = 'api' | 'ui' | 'preset' | 'file' | 'magic';

/** `"90s"`, `"5m"`, `"1h30m"`; a number is ms. */
export type WrittenDuration = string | number;
/** A string is a glob in any case. */
export type TextMatch = string | { regex: string } | { contains: string } | { equals: string };

export interface FaultOn {
  protocol?: FaultProtocol;
  /** Null or left out: the built-in server of the protocol; `*` is every host. */
  host?: string | null;
  stage: string;
}

export interface FaultMatch {
  sender?: TextMatch;
  recipient?: TextMatch;
  domain?: TextMatch;
  clientIp?: string;
  helo?: TextMatch;
  user?: TextMatch;
  header?: Record<string, TextMatch>;
  subject?: TextMatch;
  size?: { over?: number; under?: number };
  mailbox?: TextMatch;
}

export interface FaultWhen {
  attempts?: { first: number } | { from: number; to?: number } | { nth: number[] } | { every: number };
  attemptKey?: 'sender+recipient' | 'sender' | 'recipient' | 'triplet' | 'message-id' | 'connection' | 'clientIp' | 'user' | 'rule';
  probability?: number;
  seed?: number;
  times?: number;
  rate?: { over: number; per: WrittenDuration; by?: 'clientIp' | 'sender' | 'domain' };
  concurrency?: { over: number; by?: 'clientIp' };
  window?: { after?: WrittenDuration; for?: WrittenDuration };
  firstSeen?: { under: WrittenDuration; forget?: WrittenDuration };
}

export type FaultReply = string | { code: number; enhanced?: string; lines: string[]; then?: 'continue' | 'close' | 'reset' };

export type FaultEnding =
  | { reply: FaultReply }
  | { close: true }
  | { reset: true }
  | { stall: true }
  | { truncate: { bytes: number; then: 'close' | 'reset' } }
  | { discard: true }
  | { hold: true }
  | { corrupt: 'malformed' | 'bad-code' | 'missing-crlf' | 'class-mismatch' }
  | { acceptThen: 'close' | 'reset' | 'stall' | { reply: FaultReply } }
  | { bounce: { status: string; diagnostic: string; after?: WrittenDuration } }
  | { pass: true };

export type FaultModifier =
  | { delay: WrittenDuration | { min: WrittenDuration; max: WrittenDuration } }
  | { throttle: { bytesPerSecond: number; direction: 'in' | 'out' | 'both' } }
  | { trickle: { bytes: number; every: WrittenDuration } }
  | { capabilities: { remove?: string[]; add?: string[]; heloOnly?: true } }
  | { certificate: 'expired' | 'wrong-host' | 'self-signed' }
  | { tls: 'garbage' | 'alert' }
  | { silence: ('exists' | 'expunge' | 'flags')[] }
  | { uidValidity: 'bump' };

/** As a caller gives it. */
export interface FaultRule {
  id?: string;
  name?: string | null;
  enabled?: boolean;
  /** On the clock of `/clock`; then the fault is gone. */
  ttl?: WrittenDuration | null;
  on: FaultOn;
  match?: FaultMatch;
  when?: FaultWhen;
  /** Modifiers, then at most one ending. */
  do?: (FaultModifier | FaultEnding)[];
  /** One ending for each attempt of a key; the last one stays. */
  script?: (string | FaultEnding)[];
}

export interface Fault extends FaultRule {
  id: string;
  name: string | null;
  enabled: boolean;
  ttl: WrittenDuration | null;
  hits: number;
  lastHitAt: Time | null;
  createdAt: Time;
  expiresAt: Time | null;
  source: FaultSource;
}

export interface FaultHit {
  at: Time;
  faultId: string;
  sessionId: string;
  stage: string;
  sender: string | null;
  recipient: string | null;
  /** `reset`, `450 4.2.0 Greylisted`. */
  outcome: string;
}

/** A legal combination: the table that rules are checked by. */
export interface FaultCell {
  protocol: FaultProtocol;
  stage: string;
  modifiers: string[];
  endings: string[];
  /** Fields of `match` that are known there. */
  matches: string[];
}

export interface FaultOptions {
  cells: FaultCell[];
  seed: number;
}

export type HostState = 'up' | 'busy' | 'down' | 'slow' | 'greylisting' | 'full' | 'reject';

export interface FaultPreset {
  name: string;
  /** One sentence: what a client meets. */
  summary: string;
  /** What can be given with it: `for`, `hard`. */
  options: string[];
  faults: FaultRule[];
  hosts: Record<string, HostState>;
}

export interface AppliedPreset {
  faults: Fault[];
  hosts: Record<string, HostState>;
}

export interface Host {
  name: string;
  /** The domain pattern that declares it; null for the built-in ones. */
  receiver: string | null;
  protocol: FaultProtocol;
  address: string;
  port: number | null;
  state: HostState;
  /** On the clock: then it is `up` again. */
  until: Time | null;
  faultIds: string[];
  connections: number;
  counts: { accepted: number; deferred: number; rejected: number; refused: number };
  /** 60 times 5 s, the newest last: accepted, deferred, rejected. */
  history: [number, number, number][];
}

export interface ClockState {
  now: Time;
  mode: 'real' | 'frozen';
  offsetMs: number;
  pending: { at: Time; kind: string; id: string }[];
}

export interface ClockAdvance {
  from: Time;
  to: Time;
  ran: { at: Time; kind: string; id: string; outcome: string }[];
  ranCount: number;
  stopped: 'limit' | null;
}
