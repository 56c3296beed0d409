// The connections to one host: never too many, used again and again, and none to a host that has just been found dead.

import type { Clock } from '../../base/clock.ts';
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
  /** For so long, in the sandbox's time, a host that could not be reached is not dialled again, ms. */
  readonly deadFor: number;
  /** Makes known whose message comes from `client`; returns how to forget it. */
  readonly register: (client: string, carried: () => Carried | null) => () => void;
  readonly sessionOf: (client: string) => Heard | null;
}

export interface Line {
  /** Rejects only where the bytes cannot be had. */
  send(freight: Freight): Promise<Talk>;
  /** It may be alive again. */
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

const isDead = ({ outcomes }: Conversation): Outcome | undefined => outcomes.find(({ stage, lost }) => stage === 'connect' && lost);

export function createLine(target: Target, parts: LineParts): Line {
  const { clock, connect, signal, maxConnections, deadFor, register, sessionOf } = parts;
  const waiting: Job[] = [];
  let open = 0;
  /** One is being dialled, and none stands: who else would dial hears of it first. */
  let dialling = false;
  let dead: { readonly until: number; readonly why: Outcome } | null = null;

  /** Answered without a connection. */
  function turnAway({ freight, resolve }: Job, why: Outcome): void {
    const outcome = { ...why, text: `${why.text} (found before, not dialled again)` };
    const outcomes = freight.carried.deliveries.map(() => outcome);
    resolve({ outcomes, client: null, durationMs: 0, open: false, sessionId: null, faultId: null });
  }

  function pump(): void {
    if (dead && clock.now() >= dead.until) dead = null;
    const why = signal.aborted ? LEAVING : dead?.why;
    if (why) for (const job of waiting.splice(0)) turnAway(job, why);
    while (!dialling && waiting.length > 0 && (maxConnections === 0 || open < maxConnections)) {
      const job = waiting.shift();
      if (job) void work(job);
    }
  }

  /** One connection, as long as there is something to carry. */
  async function work(first: Job): Promise<void> {
    let current: Job | undefined = first;
    const ends: (() => void)[] = [];
    let heard: { readonly client: string; readonly session: Heard | null } | null = null;
    const reached = (): void => {
      if (!dialling) return;
      dialling = false;
      pump();
    };
    open++;
    dialling = open === 1;
    const client = connect(target, {
      signal,
      connected(address) {
        ends.push(register(address, () => current?.freight.carried ?? null));
        dead = null;
        reached();
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
        const why = isDead(said);
        if (why && !signal.aborted) dead = { until: clock.now() + deadFor, why };
        current.resolve(said);
        goesOn = said.open;
      } catch (error) {
        current.reject(error);
      }
      current = goesOn && !signal.aborted ? waiting.shift() : undefined;
    }
    for (const end of ends) end();
    open--;
    if (open === 0) dialling = false;
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
      dead = null;
    },
  };
}
