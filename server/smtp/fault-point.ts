// Asks, at every stage of the conversation, whether a fault steps in.

import type { Decision, FaultPoint, Stage } from '../faults/decide.ts';
import { headerFacts } from '../mail/facts.ts';
import { readHeader } from '../mail/header.ts';
import type { HeaderFacts } from '../mail/message.ts';
import type { LiveSession } from '../net/live-session.ts';

/** Where one conversation stands. There is one for each session, good until the next question, and it reads the header only if a rule looks at it. */
export class SmtpPoint implements FaultPoint {
  readonly protocol: FaultPoint['protocol'];
  readonly host: string;
  readonly sessionId: string;
  readonly client: string;
  stage: Stage = 'connect';
  sender: string | null = null;
  recipient: string | null = null;
  recipients: readonly string[] = [];
  readonly mailbox = null;
  raw: Buffer | null = null;
  readonly #session: LiveSession;

  constructor(session: LiveSession) {
    this.protocol = session.protocol;
    this.host = session.host;
    this.sessionId = session.id;
    this.client = session.client;
    this.#session = session;
  }

  get helo(): string | null {
    return this.#session.helo;
  }

  get size(): number | null {
    return this.raw === null ? null : this.raw.length;
  }

  get user(): string | null {
    return this.#session.user;
  }

  get fields(): FaultPoint['fields'] {
    return this.raw === null ? null : readHeader(this.raw).fields;
  }

  get header(): HeaderFacts | null {
    return this.raw === null ? null : headerFacts(this.raw).header;
  }
}

interface Asking {
  readonly point: SmtpPoint;
  readonly deps: { readonly decide: (point: FaultPoint) => Decision | null };
}

/** `sender` from MAIL on, `recipient` at RCPT, `raw` at the end of data. */
export function decideAt(
  { point, deps }: Asking,
  stage: Stage,
  sender: string | null = null,
  recipient: string | null = null,
  raw: Buffer | null = null,
): Decision | null {
  point.stage = stage;
  point.sender = sender;
  point.recipient = recipient;
  point.raw = raw;
  const decision = deps.decide(point);
  point.raw = null;
  return decision;
}
