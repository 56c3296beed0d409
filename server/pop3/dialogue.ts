// Where one POP3 conversation stands: its state, and what a command sees of it.

import type { Offer } from '../net/offered.ts';
import type { ReaderPoint } from '../net/reader-point.ts';
import type { Connection } from '../net/connection.ts';
import type { Pop3Deps } from './deps.ts';
import type { Maildrop } from './maildrop.ts';
import { syntax } from './replies.ts';
import type { Reply } from './replies.ts';

/** `greeted` is RFC 1939's AUTHORIZATION, `open` its TRANSACTION; UPDATE is what QUIT does. */
export type State =
  | {
      readonly phase: 'greeted';
      /** As USER gave it. */
      readonly user: string | null;
      /** After the UTF8 command (RFC 6856 §2). */
      readonly utf8: boolean;
    }
  | { readonly phase: 'open'; readonly maildrop: Maildrop };

export type Phase = State['phase'];
export type In<P extends Phase> = Extract<State, { phase: P }>;

export interface Dialogue {
  readonly connection: Connection;
  readonly deps: Pop3Deps;
  readonly point: ReaderPoint;
  /** What the greeting had for APOP, with its brackets; null where it had none. */
  banner: string | null;
  state: State;
  /** What a fault has made of the capabilities. */
  offer: Offer;
  /** A fault has ended it. */
  over: boolean;
}

/** Null: the command has said all itself. */
type Answer = Reply | null | Promise<Reply | null>;

/** `argument` is all that stands after the verb and one space. */
interface Steps<S extends State> {
  /** Why it cannot be carried out; throws ParseError. */
  check?(dialogue: Dialogue, argument: string, state: S): Reply | null;
  /** Asks the client for the rest of what it wants: what stands for the argument then, or the answer where that is all. */
  hear?(dialogue: Dialogue, argument: string, state: S): Promise<Heard>;
  /** Who is to be logged in with it. */
  userIn?(argument: string, state: S): string | null;
  /** What a failure leaves behind, where it is one by a fault. */
  failed?(dialogue: Dialogue, state: S): void;
  /** The session ends with it, whatever is answered. */
  readonly last?: true;
  run(dialogue: Dialogue, argument: string, state: S): Answer;
}

export type Heard = { readonly argument: string } | { readonly answer: Reply | null };

interface Rule<P extends Phase> extends Steps<In<P>> {
  /** The answer in the other phase. */
  readonly otherwise: Readonly<Record<Exclude<Phase, P>, Reply>>;
}

export interface Command extends Steps<State> {
  /** Runs in its phases, answers in the other. */
  readonly by: Readonly<Partial<Record<Phase, Reply>>>;
}

/** Makes a command that runs in the phases P; the compiler sees to it that the other one has an answer. */
export function command<P extends Phase>({ otherwise, ...steps }: Rule<P>): Command {
  // They are only called in a phase that `otherwise` does not answer: one of P.
  return { by: otherwise, ...(steps as unknown as Steps<State>) };
}

/** Most commands take none. */
export const without =
  (verb: string) =>
  (_: Dialogue, argument: string): Reply | null =>
    argument === '' ? null : syntax(verb);
