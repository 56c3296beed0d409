// Accounts, mailboxes and the entries in them.

export interface MailboxSummary {
  name: string;
  specialUse: string | null;
  subscribed: boolean;
  messages: number;
  unread: number;
  uidValidity: number;
  uidNext: number;
  highestModseq: number;
}

export interface AccountSummary {
  name: string;
  mailboxes: MailboxSummary[];
}

/** A message's place in one mailbox. */
export interface Entry {
  uid: number;
  flags: string[];
  messageId: string;
}

export interface EntriesChanged {
  changed: number;
  /** UIDs given to copies or appended messages, in the order asked. */
  uids: number[];
}
