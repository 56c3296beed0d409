// Messages, whole and as rows of a list, and what is asked of them.

/** ISO 8601 in UTC with milliseconds: `2026-01-31T14:02:11.482Z`. */
export type Time = string;

export interface Address {
  /** Display name, decoded; empty when there is none. */
  name: string;
  address: string;
}

export interface RefusedRecipient {
  recipient: string;
  code: number;
  enhanced: string | null;
  text: string;
  faultId: string | null;
}

export interface Envelope {
  /** Empty for the null sender. */
  sender: string;
  /** The first five in a summary, all of them in a whole message; `recipientCount` says how many there are. */
  recipients: string[];
  recipientCount: number;
  refused: RefusedRecipient[];
}

export type DeliveryState = 'queued' | 'active' | 'deferred' | 'held' | 'delivered' | 'bounced' | 'expired' | 'dropped';
/** By which way an account read or removed a message. */
export type ReadBy = 'imap' | 'pop3' | 'http';

/** One recipient and what became of it. */
export interface Recipient {
  recipient: string;
  account: string;
  state: DeliveryState;
  /** The host that took it; null for a local recipient. */
  via: string | null;
  /** Another host was to take it first. */
  backup?: boolean | undefined;
  attempts: number;
  attemptsPlanned: number | null;
  nextAttemptAt: Time | null;
  seen: ReadBy | null;
  removed: ReadBy | null;
}

export type Source = 'smtp' | 'lmtp' | 'http' | 'append' | 'report' | 'import';

/** A message as a row of a list: about 1 kB, the first five addresses of each kind. */
export interface Summary {
  id: string;
  kind: 'message';
  source: Source;
  receivedAt: Time;
  from: Address[];
  to: Address[];
  subject: string;
  /** Null until indexed. */
  snippet: string | null;
  /** Octets. */
  size: number;
  envelope: Envelope;
  read: boolean;
  starred: boolean;
  pinned: boolean;
  tags: string[];
  /** How many; null until indexed. */
  attachments: number | null;
  defects: number;
  /** The login's name. */
  user: string | null;
  /** `address:port`; null when the message came over no socket. */
  client: string | null;
  host: string;
  sessionId: string | null;
  deliveries: Recipient[];
}

/** An attempt that was refused before its data ended: no message exists. */
export interface RefusalSummary {
  id: string;
  kind: 'refusal';
  at: Time;
  sessionId: string;
  sender: string;
  recipient: string | null;
  stage: string;
  code: number;
  enhanced: string | null;
  text: string;
  faultId: string | null;
}

export type ListItem = Summary | RefusalSummary;

export interface ListOf<T> {
  items: T[];
  /** Give it as `cursor` for the page after this one; null at the end. */
  next: string | null;
  /** Null where counting would have meant to read every message; `totalAtLeast` says how many were found. */
  total: number | null;
  totalAtLeast?: number | undefined;
}

export interface Header {
  name: string;
  /** Unfolded, encoded words decoded. */
  value: string;
  /** As it stands in the message. */
  raw: string;
}

/** One node of the MIME tree. */
export interface Part {
  /** As IMAP numbers parts: `1`, `2.1`; the root multipart has the empty text. */
  partId: string;
  /** `text/plain`. */
  type: string;
  charset: string | null;
  encoding: string;
  disposition: string | null;
  filename: string | null;
  contentId: string | null;
  /** Octets of the body as it stands in the message, still encoded. */
  size: number;
  /** The octet of the raw message at which its header begins; for the root 0. */
  start: number;
  /** After the empty line that ends the header. */
  bodyStart: number;
  /** Exclusive, without the line end before a boundary; for the root the size of the message. */
  bodyEnd: number;
  defects: string[];
  children: Part[];
}

/**
 * Where the rows of a raw message begin, for showing a source of any length. A line ends with LF; its end is that LF and a CR
 * directly before it. A row is a line with its end. One that has, without its end, more than `width` octets is cut into rows of
 * exactly `width`, the last one shorter and with the end: no row is longer than `width` + 2, and no cut parts CR from LF. What
 * stands after the last LF is a line too, unless it is nothing.
 */
export interface Lines {
  /** How many rows. */
  total: number;
  every: number;
  width: number;
  /** The octet at which row 0, `every`, 2 × `every`… begins. */
  offsets: number[];
}

export interface Attachment {
  partId: string;
  filename: string | null;
  type: string;
  /** What the first octets say it is; null where they say nothing. */
  sniffedType: string | null;
  /** Octets, decoded. */
  size: number;
  sha256: string;
  contentId: string | null;
  disposition: string | null;
}

export interface Link {
  href: string;
  text: string;
}

/** A message with what it contains. Its lists are whole, `attachments` and `defects` are lists instead of counts. */
export interface MessageDetail extends Omit<Summary, 'attachments' | 'defects'> {
  headers: Header[];
  text: string | null;
  html: string | null;
  parts: Part;
  attachments: Attachment[];
  links: Link[];
  /** One-time codes found in the text. */
  codes: string[];
  defects: string[];
  /** Of the guarded HTML page, with a token of 60 s where a login is asked for. */
  previewUrl: string;
}

export interface Facet {
  value: string;
  count: number;
}

/** The 50 largest of each. */
export interface Facets {
  /** How many kept refusals match, as the list has them with `refused=true`. */
  refusals: number;
  recipients: Facet[];
  domains: Facet[];
  senders: Facet[];
  users: Facet[];
  tags: Facet[];
  states: Facet[];
}

export interface Waited {
  items: MessageDetail[];
  /** All that match, more than `items` where more than `count` did. */
  total: number;
}

/** `details` of the error `not-arrived`. */
export interface NotArrived {
  total: number;
  nearest: { id: string; failed: string[] }[];
}

/** What of messages can be changed; the marks are those of account `*`. */
export interface MessageMarks {
  read?: boolean | undefined;
  starred?: boolean | undefined;
  pinned?: boolean | undefined;
  tags?: { add?: string[] | undefined; remove?: string[] | undefined } | undefined;
}

export interface Changed {
  changed: number;
}

export interface Deleted {
  deleted: number;
  /** Give it to `POST /undo`; null where nothing can be brought back. */
  undo: string | null;
}

/** A message to make and send. */
export interface NewMessage {
  from: string;
  to?: string | string[] | undefined;
  cc?: string | string[] | undefined;
  bcc?: string | string[] | undefined;
  subject?: string | undefined;
  text?: string | undefined;
  html?: string | undefined;
  /** `content` is base64. */
  attachments?: { filename: string; contentType?: string | undefined; content: string }[] | undefined;
  headers?: Record<string, string> | undefined;
}

/** A recipient that the submission server refused; `code` is null where it gave no reply. */
export interface RefusedReply {
  recipient: string;
  code: number | null;
  enhanced: string | null;
  text: string;
}

export interface Injected {
  id: string;
  /** The conversation that brought it; null for what was not sent through SMTP, or where it is no longer kept. */
  sessionId: string | null;
  /** Recipients that were refused while others were taken; only through SMTP. */
  refused: RefusedReply[];
}

/** `details` of the error `unprocessable` where the submission server refused a message. */
export interface SmtpRefusal {
  /** `mail rcpt data end-of-data`, also `ehlo starttls`; null where the conversation just ended. */
  stage: string | null;
  /** Null where there was no reply. */
  code: number | null;
  enhanced: string | null;
  text: string;
  /** Its transcript shows what went wrong. */
  sessionId: string | null;
  /** Where all recipients were refused, each of them. */
  refused: RefusedReply[];
}
