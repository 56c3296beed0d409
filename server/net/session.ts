// A session: one protocol conversation and its transcript, as it is kept and shown.

/** `rig` is Mailrig itself speaking about the conversation (TLS established, time-out, limit reached). */
export type Side = 'client' | 'server' | 'rig';

export interface TranscriptLine {
  /** From 1; a line that has gone leaves a gap. */
  readonly number: number;
  readonly at: number;
  readonly side: Side;
  /** Without line end; secrets are never in it. */
  readonly text: string;
  /** Octets of a message body or literal that this line stands for, else null. */
  readonly bytes: number | null;
  readonly faultId: string | null;
}

export interface SessionNote {
  /** Number of the line (from 1) that the note is about. */
  readonly line: number;
  readonly text: string;
}

export type SessionProtocol = 'smtp' | 'lmtp' | 'imap' | 'pop3';

export interface Session {
  readonly id: string;
  readonly protocol: SessionProtocol;
  /** The server that holds it: `submission`, `imap`, `pop3`, `lmtp` or a receiver's host. */
  readonly host: string;
  /** `address:port`. */
  readonly client: string;
  readonly user: string | null;
  /** Such as `TLSv1.3 TLS_AES_256_GCM_SHA384`; null in clear text. */
  readonly tls: string | null;
  /** The name given in HELO, EHLO or LHLO. */
  readonly helo: string | null;
  readonly openedAt: number;
  readonly closedAt: number | null;
  /** The newest 1,000 messages that came by this session. */
  readonly messageIds: readonly string[];
  /** All of them, also those whose ids are forgotten. */
  readonly messageCount: number;
  /** The last one that was understood, without its argument. */
  readonly command: string | null;
  readonly commands: number;
  /** What IMAP has selected. */
  readonly mailbox: string | null;
  /** The reply, or whatever else, that went wrong first since something last worked. */
  readonly failure: string | null;
  /** The fault that last took part. */
  readonly faultId: string | null;
  /** True once lines have been dropped (the first 100 and the newest ones are kept). */
  readonly truncated: boolean;
  readonly notes: readonly SessionNote[];
  readonly lines: readonly TranscriptLine[];
}

export type SessionEvent =
  | { readonly type: 'session.opened'; readonly session: Session }
  | { readonly type: 'session.closed'; readonly session: Session }
  | { readonly type: 'session.line'; readonly session: Session; readonly line: TranscriptLine };
