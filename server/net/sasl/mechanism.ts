// What a SASL mechanism is: a function that asks, waits for the answers, and says who has logged in.

import { timingSafeEqual } from 'node:crypto';

/** Who may log in. */
export interface Users {
  /** Whether only those of a list may; otherwise any name and password will do. */
  readonly listed: boolean;
  /** The name as it was given; null for a wrong name or password. */
  login(user: string, password: string): string | null;
  /** The password of a user, for mechanisms that never send it: null = any proof will do, undefined = there is no such user. */
  secretOf(user: string): string | null | undefined;
}

/** `unauthorized`: somebody has proved who they are, and wants to be somebody else. */
export type AuthFailure = 'unknown-mechanism' | 'cancelled' | 'bad-base64' | 'rejected' | 'unauthorized';

/** Ends an exchange for a reason of its own. */
export class Abandoned extends Error {
  readonly failure: AuthFailure;

  constructor(failure: AuthFailure) {
    super(failure);
    this.failure = failure;
  }
}

/** Sends a challenge and gives the decoded answer; the first one may have come with the command. */
export type Answer = (challenge: string) => Promise<Buffer>;

/** Resolves to the name of who has logged in, null where the login is wrong. */
export type Mechanism = (answer: Answer, users: Users) => Promise<string | null>;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Null where the octets are no UTF-8. */
export function textOf(octets: Buffer): string | null {
  try {
    return utf8.decode(octets);
  } catch {
    return null;
  }
}

/** Takes the same time wherever they differ. */
export const same = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);
