// The point at which a rule may step in, and what a decision can be. Rules come with the fault engine; until then all passes.

import type { HeaderFacts } from '../mail/message.ts';

export type Stage =
  | 'connect'
  | 'banner'
  | 'ehlo'
  | 'starttls'
  | 'tls'
  | 'auth'
  | 'mail'
  | 'rcpt'
  | 'data'
  | 'body'
  | 'end-of-data'
  | 'bdat'
  | 'rset'
  | 'noop'
  | 'quit';

/** Where a conversation stands: everything that a rule may match on. */
export interface FaultPoint {
  readonly protocol: 'smtp' | 'lmtp' | 'imap' | 'pop3';
  readonly host: string;
  readonly stage: Stage;
  readonly sessionId: string;
  readonly client: string;
  readonly user: string | null;
  readonly sender: string | null;
  /** The recipient at RCPT, else null. */
  readonly recipient: string | null;
  /** Known at the end of data only. */
  readonly header: HeaderFacts | null;
}

/** Null lets the command through. The fault engine adds the other kinds of decision. */
export type Decision = null;

export type Decide = (point: FaultPoint) => Decision;

export const pass: Decide = () => null;
