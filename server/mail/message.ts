// What a message is: the envelope it came in, its raw bytes, and what can be said of it from its header block.

export type MessageId = string;

/** DSN parameters of one recipient (RFC 3461 §4.1, §4.2). */
export interface EnvelopeRecipient {
  /** As the client wrote it, without angle brackets and source route; case kept. */
  readonly address: string;
  readonly notify?: readonly ('NEVER' | 'SUCCESS' | 'FAILURE' | 'DELAY')[];
  /** `type;address`, xtext decoded. */
  readonly orcpt?: string;
}

/** The SMTP envelope (RFC 5321 §2.3.1), kept exactly and apart from the header. */
export interface Envelope {
  /** Empty for the null sender `<>`. */
  readonly sender: string;
  readonly recipients: readonly EnvelopeRecipient[];
  readonly body?: '7BIT' | '8BITMIME' | 'BINARYMIME';
  readonly smtputf8?: boolean;
  /** SIZE= as declared by the client, octets. */
  readonly size?: number;
  readonly ret?: 'FULL' | 'HDRS';
  /** ENVID=, xtext decoded. */
  readonly envid?: string;
  /** AUTH= of MAIL (RFC 4954 §5), xtext decoded; `<>` when the client said so. */
  readonly auth?: string;
}

/** A recipient that was refused while the rest of the transaction went on. */
export interface RefusedRecipient {
  readonly recipient: string;
  readonly code: number;
  readonly enhanced: string | null;
  readonly text: string;
  readonly faultId: string | null;
}

export interface MailAddress {
  /** Display name, decoded; empty when there is none. */
  readonly name: string;
  readonly address: string;
}

/** What the header block alone tells; lists are cut at 100 addresses, the count says how many there are. */
export interface HeaderFacts {
  readonly from: readonly MailAddress[];
  readonly to: readonly MailAddress[];
  readonly cc: readonly MailAddress[];
  readonly bcc: readonly MailAddress[];
  readonly toCount: number;
  readonly subject: string;
  /** The Message-ID field's value without angle brackets. */
  readonly messageId: string | null;
  /** The Date field as ms since 1970, null when missing or unreadable. */
  readonly date: number | null;
}

/** Where a message came from, as much of it as a Received line needs (RFC 5321 §4.4, RFC 3848). */
export interface Origin {
  readonly source: 'smtp' | 'lmtp' | 'http' | 'append' | 'report' | 'import';
  readonly sessionId: string | null;
  /** `address:port` of the client, null when the message did not come over a socket. */
  readonly client: string | null;
  /** The login's user name. */
  readonly user: string | null;
  /** The server that took it: `submission`, or a receiver's host. */
  readonly host: string;
  readonly helo: string | null;
  /** `SMTP ESMTP ESMTPS ESMTPA ESMTPSA UTF8SMTP…` (RFC 3848, RFC 6531 §4.3). */
  readonly protocol: string;
  /** The name that this server gives itself in `Received: … by`. */
  readonly by: string;
}

/** A message as it is kept: immutable. The raw bytes lie in the store's bodies. */
export interface Message {
  readonly id: MessageId;
  readonly receivedAt: number;
  /** So far ahead of `receivedAt` was the sandbox's clock, ms; nothing where it was not moved. */
  readonly clockOffset?: number;
  readonly size: number;
  readonly envelope: Envelope;
  readonly refused: readonly RefusedRecipient[];
  readonly header: HeaderFacts;
  readonly origin: Origin;
  /** Short names of what is odd about the bytes or the header (`bare-lf`, `no-date`, …). */
  readonly defects: readonly string[];
}
