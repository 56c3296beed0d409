// Where one SMTP conversation stands: its state, and what a command sees of it.

import type { Connection } from '../net/connection.ts';
import type { RefusedRecipient } from '../mail/message.ts';
import type { Offer } from '../net/offered.ts';
import type { Body } from './body.ts';
import type { SmtpDeps } from './deps.ts';
import type { SmtpPoint } from './fault-point.ts';
import type { EnvelopeDraft } from './parameters.ts';
import type { Reply } from './replies.ts';

/** The client as it introduced itself, and as whom it logged in. */
export interface Peer {
  readonly helo: string;
  /** By EHLO. */
  readonly extended: boolean;
  user: string | null;
}

interface Transaction {
  readonly peer: Peer;
  readonly envelope: EnvelopeDraft;
  readonly refused: RefusedRecipient[];
}

export type State =
  | { readonly phase: 'connected' }
  | { readonly phase: 'ready'; readonly peer: Peer }
  | ({ readonly phase: 'mail' } & Transaction)
  | ({ readonly phase: 'chunks'; readonly body: Body } & Transaction);

export type Phase = State['phase'];
export type In<P extends Phase> = Extract<State, { phase: P }>;

export interface Dialogue {
  readonly connection: Connection;
  readonly deps: SmtpDeps;
  readonly point: SmtpPoint;
  state: State;
  /** What the last EHLO has left of the extensions. */
  offer: Offer;
  /** The greeting has turned the client away: it may only say QUIT (RFC 5321 §3.1). */
  barred: boolean;
  /** There is nothing more to say. */
  over: boolean;
}

/** Null: the command has said all itself. */
type Answer = Reply | null | Promise<Reply | null>;

interface Rule<P extends Phase> {
  /** What must have happened where the settings ask for it. */
  readonly needs: 'nothing' | 'tls' | 'login';
  /** The answer in every other phase. */
  readonly otherwise: Readonly<Record<Exclude<Phase, P>, Reply>>;
  run(dialogue: Dialogue, argument: string, state: In<P>): Answer;
}

export interface Command {
  readonly needs: Rule<Phase>['needs'];
  /** Runs in its phases, answers in all others. */
  readonly by: Readonly<Partial<Record<Phase, Reply>>>;
  run(dialogue: Dialogue, argument: string, state: State): Answer;
}

/** Makes a command that runs in the phases P; the compiler sees to it that every other phase has an answer. */
export function command<P extends Phase>({ needs, otherwise, run }: Rule<P>): Command {
  // `run` is only called in a phase that `otherwise` does not answer: one of P.
  return { needs, by: otherwise, run };
}

/** Back to the state after EHLO: the transaction is forgotten (RFC 5321 §4.1.1.5). */
export function reset(dialogue: Dialogue): void {
  const { state } = dialogue;
  if (state.phase === 'connected') return;
  if (state.phase === 'chunks') state.body.release();
  dialogue.state = { phase: 'ready', peer: state.peer };
}
