// What the scenarios are told with: a Mailrig of one's own, its HTTP API, and the sending half of an application.

import { setTimeout as sleep } from 'node:timers/promises';
import { createTransport } from 'nodemailer';
import type { MailrigOptions, MailrigPorts } from '../../../server/app.ts';
import { createMailrig } from '../../../server/app.ts';
import type { Delivery } from '../../../server/http/contract/types/delivery.ts';
import type { ClockAdvance, FaultHit, ListOf, SessionDetail, SessionSummary, Summary } from '../../../server/http/contract/types.ts';

export interface Rig extends AsyncDisposable {
  readonly ports: MailrigPorts;
  /** Of the page and of the API. */
  readonly url: string;
  /** Any route of the API: what it answers, or an error where it refuses. */
  api<T>(method: string, path: string, body?: unknown): Promise<T>;
  /** Moves the clock of the sandbox on: greylisting, rates and lives of faults go by it. */
  advance(by: string): Promise<void>;
  /** Moves the clock to whatever is due next, again and again, until nothing is: the queue is empty then, or holds what a person must decide. */
  untilIdle(): Promise<ClockAdvance>;
  /** To this recipient, the first one first: a backup that relays makes one of its own. */
  deliveries(recipient: string): Promise<Delivery[]>;
  /** The only one to this recipient. */
  delivery(recipient: string): Promise<Delivery>;
  /** What has been stored and matches, the oldest first. */
  messages(q?: string): Promise<Summary[]>;
  /** What was said in each conversation, the first one first: `C: RCPT TO:<jo@shop.test>`, `S: 250 2.1.5 Ok`. */
  transcripts(q?: string): Promise<string[][]>;
  /** Every command that begins with `verb`, in any case: when it was said, in ms, and the code of the answer; null where there was none. */
  answersTo(verb: string): Promise<{ readonly at: number; readonly code: number | null }[]>;
  /** Each time that a fault stepped in, the first one first. */
  hits(faultId: string): Promise<FaultHit[]>;
}

const SIDES = { client: 'C: ', server: 'S: ', rig: '* ' } as const;

/** `await using rig = await startRig()` stops it at the end of the test; elsewhere that is `await rig.stop()`. */
export async function startRig(options: MailrigOptions = {}): Promise<Rig> {
  const mailrig = createMailrig({ logLevel: 'silent', ...options });
  await mailrig.start();

  async function api<T>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await fetch(new URL(`/v1${path}`, mailrig.url), {
      method,
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return (await answer.json()) as T;
  }

  async function sessions(q: string): Promise<SessionDetail[]> {
    const { items } = await api<ListOf<SessionSummary>>('GET', `/sessions?limit=500&q=${encodeURIComponent(q)}`);
    return Promise.all(items.reverse().map(({ id }) => api<SessionDetail>('GET', `/sessions/${id}`)));
  }

  const deliveries = async (recipient: string): Promise<Delivery[]> =>
    (await api<ListOf<Delivery>>('GET', `/deliveries?q=${encodeURIComponent(`rcpt:${recipient}`)}`)).items.reverse();

  return {
    ports: mailrig.ports,
    url: mailrig.url,
    api,
    advance: async (by) => void (await api('POST', '/clock/advance', { by })),
    untilIdle: () => api<ClockAdvance>('POST', '/clock/advance', { until: 'idle' }),
    deliveries,
    delivery: async (recipient) => {
      const items = await deliveries(recipient);
      const [only, ...others] = items;
      if (only === undefined || others.length > 0) throw new Error(`${items.length} deliveries to ${recipient}`);
      return only;
    },
    messages: async (q = '') => (await api<ListOf<Summary>>('GET', `/messages?limit=500&sort=received&q=${encodeURIComponent(q)}`)).items,
    transcripts: async (q = '') =>
      (await sessions(q)).map(({ lines }) =>
        lines.map(({ side, text, bytes }) => SIDES[side] + (bytes === null ? text : `(${bytes} octets)`)),
      ),
    answersTo: async (verb) =>
      (await sessions('')).flatMap(({ lines }) =>
        lines.flatMap(({ side, text, at }, i) => {
          if (side !== 'client' || !text.toLowerCase().startsWith(verb.toLowerCase())) return [];
          const answer = lines.slice(i).find((line) => line.side === 'server');
          return [{ at: Date.parse(at), code: answer === undefined ? null : Number(answer.text.slice(0, 3)) }];
        }),
      ),
    hits: async (faultId) => (await api<ListOf<FaultHit>>('GET', `/faults/${encodeURIComponent(faultId)}/hits`)).items.reverse(),
    [Symbol.asyncDispose]: () => mailrig.stop(),
  };
}

/** An attempt in short: `1 mx1.shop.test connect transient -`, with the number of the try and the code. */
export const told = ({ attempts }: Delivery): string[] =>
  attempts.map(({ round, host, stage, outcome, code }) => `${round} ${host} ${stage} ${outcome} ${code ?? '-'}`);

/** What goes wrong in sending, as nodemailer reports it. */
export interface SmtpError extends Error {
  readonly code?: string;
  /** Of the server; missing where it said nothing. */
  readonly responseCode?: number;
  readonly response?: string;
}

/** 5yz is final; 4yz, a connection that broke and a server that is silent are not (RFC 5321 §4.2.1, §3.8). */
export const isPermanent = ({ responseCode = 0 }: SmtpError): boolean => responseCode >= 500;

/** Again after each pause, in ms, as long as there are any and the error is not permanent. `wait` is where a test has its own clock. */
export async function withRetries<T>(
  work: () => Promise<T>,
  pauses: readonly number[],
  wait: (ms: number) => Promise<unknown> = (ms) => sleep(ms),
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const [pause, ...rest] = pauses;
    if (pause === undefined || isPermanent(error as SmtpError)) throw error;
    await wait(pause);
    return withRetries(work, rest, wait);
  }
}

export interface Mail {
  readonly to: string;
  readonly from?: string;
  readonly subject?: string;
  readonly text?: string;
  /** Without one nodemailer makes a new one for each attempt. */
  readonly messageId?: string;
  readonly headers?: Record<string, string>;
}

/** How the application connects; without TLS unless told otherwise. */
export interface Connecting {
  readonly auth?: { readonly user: string; readonly pass: string };
  readonly requireTLS?: boolean;
  readonly ignoreTLS?: boolean;
  readonly opportunisticTLS?: boolean;
  readonly tls?: { readonly ca?: string; readonly servername?: string };
  /** How long the server may be silent, in ms. */
  readonly patience?: number;
}

/** One attempt, on a connection of its own. Throws SmtpError. */
export async function sendOnce(rig: Rig, mail: Mail, { patience = 5000, ...connecting }: Connecting = {}): Promise<void> {
  const transport = createTransport({
    host: '127.0.0.1',
    port: rig.ports.smtp ?? 0,
    ignoreTLS: true,
    ...connecting,
    connectionTimeout: patience,
    greetingTimeout: patience,
    socketTimeout: patience,
  });
  await transport.sendMail({ from: 'app@client.test', subject: 'Hello', text: 'Hello!', ...mail });
}
