// Where the conversation of a reading protocol stands, for the rules of faults. There is one for each session, good until the next question.

import type { Decide, Decision, FaultPoint, Stage } from '../faults/decide.ts';
import type { LiveSession } from './live-session.ts';

const NONE: readonly string[] = [];

export class ReaderPoint implements FaultPoint {
  readonly protocol: 'imap' | 'pop3';
  readonly host: string;
  readonly sessionId: string;
  readonly client: string;
  readonly helo = null;
  readonly sender = null;
  readonly recipient = null;
  readonly recipients = NONE;
  readonly valuesOf = (): readonly string[] => NONE;
  readonly size = null;
  readonly header = null;
  stage: Stage = 'connect';
  user: string | null = null;
  mailbox: string | null = null;
  readonly #session: LiveSession;

  constructor(protocol: 'imap' | 'pop3', session: LiveSession) {
    this.protocol = protocol;
    this.host = session.host;
    this.sessionId = session.id;
    this.client = session.client;
    this.#session = session;
  }

  /** `user` is who is about to log in, `mailbox` the one that a command names. */
  ask(decide: Decide, stage: Stage, user: string | null = null, mailbox: string | null = null): Decision | null {
    this.stage = stage;
    this.user = user ?? this.#session.user;
    this.mailbox = mailbox ?? this.#session.mailbox;
    return decide(this);
  }
}
