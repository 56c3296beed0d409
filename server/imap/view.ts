// What one client has been told of its selected mailbox: message numbers are its UIDs in order.

import type { Entry, Mailbox } from '../store/state.ts';

/** A message as this client numbers it. */
export interface Numbered {
  readonly number: number;
  readonly uid: number;
  /** Undefined once it is removed elsewhere and the client has not been told yet. */
  readonly entry: Entry | undefined;
}

export interface View {
  readonly mailbox: Mailbox;
  readonly readOnly: boolean;
  /** Messages that the client knows of. */
  readonly length: number;
  uidAt(number: number): number;
  /** 0 where the client does not know it. */
  numberOf(uid: number): number;
  /** Whether this session was the first to be told of it (RFC 3501 §2.3.2). */
  isRecent(uid: number): boolean;
  /** The client has been told the flags that the entry has now. */
  told(entry: Entry): void;
  /** A flag in the spelling that the mailbox knows it by: keywords are the same in any case (RFC 9051 §2.3.2). */
  spelling(flag: string): string;
  /** The messages of a set (`$` is the saved result) in ascending order; null where a number is 0 or beyond the last (then BAD). */
  select(set: string, byUid: boolean, saved: readonly number[]): Numbered[] | null;
}
