// Where one POP3 conversation stands: its state, and what a command sees of it.

import type { Connection } from '../net/connection.ts';
import type { Pop3Deps } from './deps.ts';
import type { Maildrop } from './maildrop.ts';
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
  /** What the greeting had for APOP, with its brackets; null where it had none. */
  readonly banner: string | null;
  state: State;
}

/** Null: the command has said all itself. */
type Answer = Reply | null | Promise<Reply | null>;

interface Rule<P extends Phase> {
  /** The answer in the other phase. */
  readonly otherwise: Readonly<Record<Exclude<Phase, P>, Reply>>;
  /** `argument` is all that stands after the verb and one space. */
  run(dialogue: Dialogue, argument: string, state: In<P>): Answer;
}

export interface Command {
  /** Runs in its phases, answers in the other. */
  readonly by: Readonly<Partial<Record<Phase, Reply>>>;
  run(dialogue: Dialogue, argument: string, state: State): Answer;
}

/** Makes a command that runs in the phases P; the compiler sees to it that the other one has an answer. */
export function command<P extends Phase>({ otherwise, run }: Rule<P>): Command {
  // `run` is only called in a phase that `otherwise` does not answer: one of P.
  return { by: otherwise, run };
}
