// Conversations and their transcripts.

import type { Time } from './messages.ts';

export type SessionProtocol = 'smtp' | 'lmtp' | 'imap' | 'pop3';
/** `rig` is Mailrig speaking about the conversation: TLS established, time-out, limit reached. */
export type Side = 'client' | 'server' | 'rig';

export interface SessionLine {
  /** From 1; lines that had to make room leave a gap. Octets that come in pieces are one line, told anew as it grows. */
  number: number;
  at: Time;
  side: Side;
  text: string;
  /** Octets of a body or literal that the line stands for. */
  bytes: number | null;
  faultId: string | null;
}

export interface SessionNote {
  /** From 1. */
  line: number;
  text: string;
}

/** A conversation without its lines. */
export interface SessionSummary {
  id: string;
  protocol: SessionProtocol;
  host: string;
  client: string;
  user: string | null;
  tls: string | null;
  helo: string | null;
  openedAt: Time;
  closedAt: Time | null;
  /** The newest 1,000. */
  messageIds: string[];
  messageCount: number;
  /** The last one that was understood, without its argument: `DATA`, `UID FETCH`. */
  command: string | null;
  commands: number;
  /** What is selected (IMAP). */
  mailbox: string | null;
  /** The reply, or what else went wrong, first since something last worked. */
  failure: string | null;
  /** The fault that last took part. */
  faultId: string | null;
  /** True once lines have been dropped. */
  truncated: boolean;
  notes: SessionNote[];
}

export interface SessionDetail extends SessionSummary {
  lines: SessionLine[];
}
