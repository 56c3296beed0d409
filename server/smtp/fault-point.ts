// Asks, at every stage of the conversation, whether a fault steps in.

import type { Decide, Decision, FaultPoint, Stage } from '../faults/decide.ts';
import { headerFacts } from '../mail/facts.ts';
import { headerBlock, valuesIn } from '../mail/header.ts';
import type { ValuesOf } from '../mail/header.ts';
import type { HeaderFacts } from '../mail/message.ts';
import type { LiveSession } from '../net/live-session.ts';
import type { EnvelopeDraft } from './parameters.ts';

const NONE: readonly string[] = [];

const NOBODY: EnvelopeDraft['recipients'] = [];

/** Where one conversation stands. There is one for each session, good until the next question, and it reads the header only if a rule looks at it. */
export class SmtpPoint implements FaultPoint {
  readonly protocol: FaultPoint['protocol'];
  readonly host: string;
  readonly sessionId: string;
  readonly client: string;
  stage: Stage = 'connect';
  sender: string | null = null;
  recipient: string | null = null;
  /** Those that were taken. */
  taken: EnvelopeDraft['recipients'] = NOBODY;
  /** Who is about to log in. */
  login: string | null = null;
  readonly mailbox = null;
  readonly #session: LiveSession;
  #raw: Buffer | null = null;
  /** Of the header, in lower case. */
  #text: string | null = null;
  #valuesOf: ValuesOf | null = null;
  #header: HeaderFacts | null = null;

  constructor(session: LiveSession) {
    this.protocol = session.protocol;
    this.host = session.host;
    this.sessionId = session.id;
    this.client = session.client;
    this.#session = session;
  }

  get raw(): Buffer | null {
    return this.#raw;
  }

  set raw(raw: Buffer | null) {
    this.#raw = raw;
    this.#text = null;
    this.#valuesOf = null;
    this.#header = null;
  }

  get helo(): string | null {
    return this.#session.helo;
  }

  get size(): number | null {
    return this.raw === null ? null : this.raw.length;
  }

  get recipients(): readonly string[] {
    return this.taken.map(({ address }) => address);
  }

  get user(): string | null {
    return this.login ?? this.#session.user;
  }

  /** Most headers do not have the field: one look into the text spares reading them. */
  readonly valuesOf: ValuesOf = (name) => {
    const raw = this.#raw;
    if (raw === null) return NONE;
    if (this.#valuesOf === null) {
      const block = headerBlock(raw);
      this.#text ??= block.toString('latin1').toLowerCase();
      if (!this.#text.includes(name)) return NONE;
      this.#valuesOf = valuesIn(block);
    }
    return this.#valuesOf(name);
  };

  get header(): HeaderFacts | null {
    return (this.#header ??= this.#raw && headerFacts(this.#raw).header);
  }
}

interface Asking {
  readonly point: SmtpPoint;
  readonly deps: { readonly decide: Decide };
}

function ask({ point, deps }: Asking, stage: Stage): Decision | null {
  point.stage = stage;
  return deps.decide(point);
}

/** Before a transaction, or outside of it. */
export function decideAt(asking: Asking, stage: Stage): Decision | null {
  const { point } = asking;
  point.sender = null;
  point.recipient = null;
  point.taken = NOBODY;
  return ask(asking, stage);
}

/** At AUTH: who is about to log in, null where the credentials are wrong. */
export function decideAtLogin(asking: Asking, user: string | null): Decision | null {
  const { point } = asking;
  point.login = user;
  const decision = decideAt(asking, 'auth');
  point.login = null;
  return decision;
}

/** At MAIL and RCPT. */
export function decideOn(asking: Asking, stage: 'mail' | 'rcpt', sender: string, recipient: string | null = null): Decision | null {
  const { point } = asking;
  point.sender = sender;
  point.recipient = recipient;
  point.taken = NOBODY;
  return ask(asking, stage);
}

/** From DATA on; `raw` is known at its end. */
export function decideIn(asking: Asking, stage: Stage, { sender, recipients }: EnvelopeDraft, raw: Buffer | null = null): Decision | null {
  const { point } = asking;
  point.sender = sender;
  point.recipient = null;
  point.taken = recipients;
  point.raw = raw;
  const decision = ask(asking, stage);
  point.raw = null;
  return decision;
}
