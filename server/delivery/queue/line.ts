// The connections to one host: never too many, used again and again, and none to a host that has just been found to serve nobody.

import type { Clock } from '../../base/clock.ts';
import type { AttemptStage } from '../../mail/delivery.ts';
import type { Batch, Conversation, Outcome, Target } from '../client/outcome.ts';
import type { Carried } from '../accept.ts';

/** A connection that is dialled with the first batch. */
export interface HostClient {
  /** Never rejects: what fails is an outcome. */
  converse(batch: Batch): Promise<Conversation>;
  /** Never rejects. */
  close(): Promise<void>;
}

export interface ConnectOptions {
  /** Called with our side of the connection, `address:port`, before anything is said on it. */
  readonly connected: (client: string) => void;
  /** Called when the host has answered EHLO, over TLS where that is wanted. */
  readonly served: () => void;
  readonly signal: AbortSignal;
}

export type Connect = (target: Target, options: ConnectOptions) => HostClient;

/** What is carried, and how its bytes are got when its turn has come. */
export interface Freight {
  readonly carried: Carried;
  load(): Promise<Batch>;
}

export interface Talk extends Conversation {
  /** Of the host's own session; null where none is known. */
  readonly sessionId: string | null;
  readonly faultId: string | null;
}

/** A host's session, as far as its own side tells. */
export interface Heard {
  readonly id: string;
  /** The fault that stepped in since line `after`. */
  faultAfter(line: number): string | null;
  readonly lastLine: number;
}

export interface LineParts {
  readonly clock: Clock;
  readonly connect: Connect;
  readonly signal: AbortSignal;
  /** 0 = unlimited. */
  readonly maxConnections: number;
  /** For so long, in the sandbox's time, a host that served nobody is not dialled again, ms. */
  readonly rest: number;
  /** Makes known whose message comes from `client`; returns how to forget it. */
  readonly register: (client: string, carried: () => Carried | null) => () => void;
  readonly sessionOf: (client: string) => Heard | null;
}

export interface Line {
  /** Rejects only where the bytes cannot be had. */
  send(freight: Freight): Promise<Talk>;
  /** It may serve again. */
  forgive(): void;
}

interface Job {
  readonly freight: Freight;
  readonly resolve: (talk: Talk) => void;
  readonly reject: (error: unknown) => void;
}

const LEAVING: Outcome = {
  stage: 'connect',
  code: null,
  enhanced: '4.3.2',
  text: 'The sender is shutting down',
  outcome: 'transient',
  lost: true,
  unsure: false,
};

/**
 * Whoever fails us before MAIL fails everybody: nobody listens, 421 or any other refusal for now in the greeting or to EHLO, the connection lost
 * or silent there, TLS that the policy wants and that does not come about. So Postfix judges of a destination. What is said to MAIL and after it
 * is about one mail, 421 too.
 */
const BEFORE_MAIL: ReadonlySet<AttemptStage> = new Set<AttemptStage>(['connect', 'banner', 'ehlo', 'starttls', 'tls']);

const noService = ({ outcomes }: Conversation): Outcome | undefined => outcomes.find(({ stage, lost }) => lost && BEFORE_MAIL.has(stage));

export function createLine(target: Target, parts: LineParts): Line {
  const { clock, connect, signal, maxConnections, rest, register, sessionOf } = parts;
  const waiting: Job[] = [];
  let open = 0;
  /** Of those that are open, how many serve us. */
  let serving = 0;
  /** One is being dialled, and none stands: who else would dial hears of it first. */
  let dialling = false;
  let resting: { readonly until: number; readonly why: Outcome } | null = null;

  /** Answered without a connection. */
  function turnAway({ freight, resolve }: Job, why: Outcome): void {
    const outcome = { ...why, text: `${why.text} (found before, not dialled again)` };
    const outcomes = freight.carried.deliveries.map(() => outcome);
    resolve({ outcomes, client: null, durationMs: 0, open: false, sessionId: null, faultId: null });
  }

  function pump(): void {
    if (resting && clock.now() >= resting.until) resting = null;
    // A host that has had enough of our connections goes on with those that it took.
    const why = signal.aborted ? LEAVING : serving === 0 ? resting?.why : undefined;
    if (why) for (const job of waiting.splice(0)) turnAway(job, why);
    while (!resting && !dialling && waiting.length > 0 && (maxConnections === 0 || open < maxConnections)) {
      const job = waiting.shift();
      if (job) void work(job);
    }
  }

  /** One connection, as long as there is something to carry. */
  async function work(first: Job): Promise<void> {
    let current: Job | undefined = first;
    const ends: (() => void)[] = [];
    let heard: { readonly client: string; readonly session: Heard | null } | null = null;
    let serves = false;
    let leads = ++open === 1;
    dialling ||= leads;

    /** The others may dial too. */
    const follow = (): void => {
      if (leads) dialling = false;
      leads = false;
    };

    const client = connect(target, {
      signal,
      connected: (address) => void ends.push(register(address, () => current?.freight.carried ?? null)),
      served() {
        if (!serves) serving++;
        serves = true;
        resting = null;
        follow();
        pump();
      },
    });

    /** Both sides' words of one batch. */
    async function talk({ load }: Freight): Promise<Talk> {
      const batch = await load();
      const from = heard?.session?.lastLine ?? 0;
      const conversation = await client.converse(batch);
      if (conversation.client !== null && conversation.client !== heard?.client)
        heard = { client: conversation.client, session: sessionOf(conversation.client) };
      const session = conversation.client === null ? null : (heard?.session ?? null);
      return { ...conversation, sessionId: session?.id ?? null, faultId: session?.faultAfter(from) ?? null };
    }

    while (current) {
      let goesOn = true;
      try {
        const said = await talk(current.freight);
        const why = noService(said);
        if (why && !signal.aborted) resting = { until: clock.now() + rest, why };
        current.resolve(said);
        goesOn = said.open;
      } catch (error) {
        current.reject(error);
      }
      current = goesOn && !signal.aborted ? waiting.shift() : undefined;
    }
    for (const end of ends) end();
    open--;
    if (serves) serving--;
    follow();
    pump();
    await client.close();
  }

  return {
    send(freight) {
      return new Promise((resolve, reject) => {
        waiting.push({ freight, resolve, reject });
        pump();
      });
    },
    forgive() {
      resting = null;
      pump();
    },
  };
}
