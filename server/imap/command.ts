// What a command is: how its argument is read, when it may be given, what it does.

import type { Cursor } from './syntax/cursor.ts';
import type { ImapSession, Phase } from './session.ts';

/** The tagged reply: `text` for people, `code` as it stands in brackets (RFC 9051 §7.1). */
export interface Completion {
  readonly status: 'OK' | 'NO' | 'BAD';
  readonly code?: string;
  readonly text: string;
  /** Whose words they are, where they are a fault's. */
  readonly faultId?: string;
  /** How the session ends after it. */
  readonly parting?: 'close' | 'reset';
}

export const ok = (text: string, code?: string): Completion => ({ status: 'OK', text, ...(code === undefined ? {} : { code }) });
export const no = (text: string, code?: string): Completion => ({ status: 'NO', text, ...(code === undefined ? {} : { code }) });
export const bad = (text: string): Completion => ({ status: 'BAD', text });

/** What a command was given as: `UID FETCH` is FETCH with `byUid`. */
export interface Given {
  readonly tag: string;
  readonly byUid: boolean;
}

export interface Command<A = unknown> {
  /** In which phases it may be given. */
  readonly phases: readonly Phase[];
  /** Also as `UID …`. */
  readonly uid?: true;
  /** Other clients' expunges are not told with it: it speaks in message numbers (RFC 9051 §7.5.1). */
  readonly numbersStay?: true;
  /** Its literals are messages, with the limit of messages. */
  readonly messages?: true;
  /** Why it is refused as things stand, before a literal of it is asked for. */
  refusal?(session: ImapSession): Completion | null;
  /** It goes on until the client ends it. */
  readonly lasts?: true;
  /** From after the verb to the end; throws ParseError. The space before the first argument is still there. */
  parse(cursor: Cursor, session: ImapSession): A;
  /** Asks the client for the rest of what it wants; a completion where that is none. */
  hear?(session: ImapSession, argument: A): Promise<A | Completion>;
  /** Who is to be logged in with it. */
  userIn?(argument: A): string | null;
  /** The mailbox that it names. */
  mailboxIn?(argument: A): string;
  /** What a failure leaves behind, where it is one by a fault. */
  failed?(session: ImapSession): void;
  /** Null where the command has said all itself. */
  run(session: ImapSession, argument: A, given: Given): Completion | null | Promise<Completion | null>;
}

/** Keeps the type of the argument between `parse` and `run`. */
export const command = <A>(definition: Command<A>): Command => definition;
