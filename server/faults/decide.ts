// The point at which a fault may step in, and what it has decided there: ready to be carried out.

import type { ValuesOf } from '../mail/header.ts';
import type { HeaderFacts } from '../mail/message.ts';
import type { Corruption, Then } from './fault.ts';
import type { Stage } from './stages.ts';

export type { Stage } from './stages.ts';

/** Where a conversation stands: everything that a rule may match on. */
export interface FaultPoint {
  readonly protocol: 'smtp' | 'lmtp' | 'imap' | 'pop3';
  readonly host: string;
  readonly stage: Stage;
  readonly sessionId: string;
  /** `address:port`. */
  readonly client: string;
  readonly helo: string | null;
  readonly user: string | null;
  readonly sender: string | null;
  /** The recipient at RCPT; from DATA on all that were taken stand in `recipients`. */
  readonly recipient: string | null;
  readonly recipients: readonly string[];
  /** IMAP: the mailbox that is selected, or named in the command. */
  readonly mailbox: string | null;
  /** Known at the end of data only, as `header`. */
  readonly size: number | null;
  readonly header: HeaderFacts | null;
  /** The values of a field of the header (its name in lower case), unfolded, with encoded words as they are; none where the header is not known. */
  readonly valuesOf: ValuesOf;
}

/** A reply as it goes over the wire. */
export interface Spoken {
  /** Whole lines without their ends: of SMTP with codes, of IMAP from the status on (`NO [LIMIT] …`; the tag comes before it). */
  readonly lines: readonly string[];
  /** SMTP's; 0 elsewhere. */
  readonly code: number;
  readonly enhanced: string | null;
  /** Of the last line, without the codes. */
  readonly text: string;
  readonly then: Then;
}

export type Ending =
  | { readonly kind: 'pass' | 'close' | 'reset' | 'stall' | 'discard' | 'hold' }
  | { readonly kind: 'reply'; readonly reply: Spoken }
  | { readonly kind: 'truncate'; readonly bytes: number; readonly then: 'close' | 'reset' }
  | { readonly kind: 'corrupt'; readonly how: Corruption }
  | { readonly kind: 'accept'; readonly then: 'close' | 'reset' | 'stall' | Spoken }
  | { readonly kind: 'bounce'; readonly status: string; readonly diagnostic: string; readonly after: number };

/** Durations are ms, chosen already where they were a range. */
export interface Modifiers {
  readonly delay?: number;
  readonly throttle?: { readonly bytesPerSecond: number; readonly direction: 'in' | 'out' | 'both' };
  readonly trickle?: { readonly bytes: number; readonly every: number };
  readonly capabilities?: { readonly remove: readonly string[]; readonly add: readonly string[]; readonly heloOnly: boolean };
  readonly certificate?: 'expired' | 'wrong-host' | 'self-signed';
  readonly tls?: 'garbage' | 'alert';
  readonly silence?: readonly ('exists' | 'expunge' | 'flags')[];
  readonly uidValidity?: 'bump';
}

export interface Decision {
  readonly faultId: string;
  readonly modifiers: Modifiers;
  readonly ending: Ending;
  /** Resolves when the fault lets go of whom it holds: it was removed, paused, stopped, or its time is over. */
  readonly released: Promise<void>;
}

/** Null lets the command through. */
export type Decide = (point: FaultPoint) => Decision | null;

export const pass: Decide = () => null;
