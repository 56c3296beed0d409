// The errors that are part of the conversation: refusals and parse errors. Everything else thrown is a bug.

/** Why something that was asked for is not done. Each protocol has a table from these to its own replies. */
export type RefusalCode =
  | 'malformed' // the request itself is wrong
  | 'not-found' // no such message, account, mailbox, session…
  | 'gone' // it was there and is deleted
  | 'conflict' // it cannot be done in the present state
  | 'too-large' // over a size limit
  | 'unprocessable' // understood, but it can never work
  | 'storage-full' // no room, and nothing may be dropped to make some
  | 'busy' // a limit on concurrent work is reached; later it may work
  | 'unavailable' // shutting down
  | 'auth-required'
  | 'auth-failed'
  | 'forbidden';

/** Thrown by any layer to refuse a request; `message` may be shown to the client, `details` too (HTTP does). */
export class Refusal extends Error {
  readonly code: RefusalCode;
  readonly details: Readonly<Record<string, unknown>> | undefined;

  constructor(code: RefusalCode, message: string, details?: Readonly<Record<string, unknown>>) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}

/** Text that does not follow its grammar; `column` counts from 1. */
export class ParseError extends Error {
  readonly column: number;

  constructor(message: string, column: number) {
    super(message);
    this.name = 'ParseError';
    this.column = column;
  }
}

/** Something that the operator pointed at cannot be used as it is; the message says what is wrong, where, and what to do. */
export class Unusable extends Error {
  override readonly name: string = 'Unusable';
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
