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
  /** The messages of a set (`$` is the saved result) in ascending order; null where a number is 0 or beyond the last (then BAD). */
  select(set: string, byUid: boolean, saved: readonly number[]): Numbered[] | null;
}
