// An SMTP server on a free port that keeps in memory what it was given, for tests that talk to it.

import { createIds } from '../../server/base/ids.ts';
import { Refusal } from '../../server/base/errors.ts';
import type { RefusalCode } from '../../server/base/errors.ts';
import { systemClock } from '../../server/base/clock.ts';
import { pass } from '../../server/faults/decide.ts';
import type { Decide } from '../../server/faults/decide.ts';
import { createAdmission } from '../../server/net/admission.ts';
import { listen } from '../../server/net/listener.ts';
import type { Listener, ListenOptions } from '../../server/net/listener.ts';
import { createSessions } from '../../server/net/sessions.ts';
import type { Sessions } from '../../server/net/sessions.ts';
import { createTls } from '../../server/net/tls.ts';
import { createUsers } from '../../server/users.ts';
import type { RefusedAttempt, SmtpSettings, Submission } from '../../server/smtp/deps.ts';
import { createSmtp } from '../../server/smtp/serve.ts';

const SETTINGS: SmtpSettings = {
  name: 'mailrig.test',
  requireAuth: false,
  requireTls: false,
  accounts: 'any',
  senders: 'any',
  localDomains: [],
  lineEndings: 'keep',
  maxMessageSize: 1_000_000,
  maxRecipients: 100,
  maxCommandLine: 12_288,
  maxErrors: 20,
};

export interface TestOptions {
  readonly settings?: Partial<SmtpSettings>;
  readonly protocol?: 'smtp' | 'lmtp';
  readonly tls?: ListenOptions['tls'];
  readonly idleTimeout?: number;
  readonly maxConnections?: number;
  readonly maxConnectionsPerClient?: number;
  /** Octets of all messages being received. */
  readonly maxInflight?: number;
  readonly addresses?: readonly string[];
  readonly decide?: Decide;
  /** Called in place of keeping the message. */
  readonly submit?: (submission: Submission) => Promise<string>;
}

export interface TestServer extends AsyncDisposable {
  readonly port: number;
  readonly listener: Listener;
  readonly messages: Submission[];
  readonly refusals: RefusedAttempt[];
  readonly sessions: Sessions;
  readonly errors: unknown[];
  /** Octets reserved for messages being received. */
  readonly inflight: () => number;
  readonly ca: string;
}

/** One authority for all tests of a process: making one takes its time. */
const tls = createTls({ cert: null, key: null, names: [] });

/** A user; jo@shop.test is the other one, with the same password. */
export const USER = { user: 'jo', password: 'se cret' } as const;

export async function startSmtp(options: TestOptions = {}): Promise<TestServer> {
  const messages: Submission[] = [];
  const refusals: RefusedAttempt[] = [];
  const errors: unknown[] = [];
  const report = (error: unknown): void => void errors.push(error);
  const ids = createIds();
  const sessions = createSessions({
    clock: systemClock,
    ids,
    limits: { maxSessions: 100, maxTranscriptLines: 1_000, maxTranscriptSize: 32 * 1024 * 1024 },
    report,
  });
  const { maxInflight = Infinity } = options;
  let inflight = 0;

  const protocol = createSmtp({
    protocol: options.protocol ?? 'smtp',
    host: 'submission',
    settings: { ...SETTINGS, ...options.settings },
    clock: systemClock,
    users: createUsers(
      new Map([
        [USER.user, USER.password],
        ['jo@shop.test', USER.password],
      ]),
    ),
    inflight: {
      reserve(octets) {
        if (inflight + octets > maxInflight) return false;
        inflight += octets;
        return true;
      },
      release: (octets) => void (inflight -= octets),
    },
    decide: options.decide ?? pass,
    async submit(submission) {
      // A message to `refuse-<code>@` is refused from below.
      const [, code] = /^refuse-([a-z-]+)@/.exec(submission.envelope.recipients[0]?.address ?? '') ?? [];
      if (code !== undefined)
        throw code === 'bug' ? new Error('a bug with secrets') : new Refusal(code as RefusalCode, 'refused from below');
      if (options.submit !== undefined) return options.submit(submission);
      messages.push(submission);
      return Promise.resolve(`id-${messages.length}`);
    },
    refused: (attempt) => void refusals.push(attempt),
  });

  const listener = await listen({
    protocol,
    addresses: options.addresses ?? ['127.0.0.1'],
    port: 0,
    tls: options.tls ?? 'starttls',
    secureContext: tls.context,
    host: 'submission',
    idleTimeout: options.idleTimeout ?? 60_000,
    admission: createAdmission({
      maxConnections: options.maxConnections ?? 0,
      maxConnectionsPerClient: options.maxConnectionsPerClient ?? 0,
    }),
    sessions,
    report,
  });

  return {
    port: listener.port,
    listener,
    messages,
    refusals,
    sessions,
    errors,
    inflight: () => inflight,
    ca: (await tls.caPem()) ?? '',
    [Symbol.asyncDispose]: () => listener.close(0),
  };
}
