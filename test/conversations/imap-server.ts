// An IMAP server on a free port over a store in memory, for tests that talk to it.

import { createIds } from '../../server/base/ids.ts';
import type { Rule } from '../../server/faults/fault.ts';
import type { Faults } from '../../server/faults/faults.ts';
import type { ImapSettings } from '../../server/imap/deps.ts';
import { createImap } from '../../server/imap/serve.ts';
import { createAdmission } from '../../server/net/admission.ts';
import { listen } from '../../server/net/listener.ts';
import type { ListenOptions } from '../../server/net/listener.ts';
import { createSessions } from '../../server/net/sessions.ts';
import type { Sessions } from '../../server/net/sessions.ts';
import { createTls } from '../../server/net/tls.ts';
import type { RetentionLimits } from '../../server/store/retention.ts';
import { faultsWith } from './faults.ts';
import { openSample } from '../server/store/sample.ts';
import type { Sample } from '../server/store/sample.ts';

const SETTINGS: ImapSettings = {
  name: 'mailrig.test',
  requireTls: false,
  traceHeaders: true,
  maxMessageSize: 1_000_000,
  maxCommandLine: 65_536,
  maxLiteral: 100_000,
  maxErrors: 50,
};

export interface ImapOptions {
  readonly settings?: Partial<ImapSettings>;
  readonly tls?: ListenOptions['tls'];
  readonly idleTimeout?: number;
  readonly limits?: Partial<RetentionLimits>;
  /** Octets of all messages being received. */
  readonly maxInflight?: number;
  /** Null: any name and password will do. */
  readonly users?: Readonly<Record<string, string>> | null;
  /** Without a protocol: this one's. */
  readonly faults?: readonly Rule[];
  /** Instead of a new one. */
  readonly sample?: Sample;
}

export interface ImapServer extends AsyncDisposable {
  readonly port: number;
  readonly sample: Sample;
  readonly sessions: Sessions;
  readonly errors: unknown[];
  readonly faults: Faults;
  readonly inflight: () => number;
  readonly ca: string;
  stop(): Promise<void>;
}

/** One authority for all tests of a process: making one takes its time. */
const tls = createTls({ cert: null, key: null, names: [] });

export async function startImap(options: ImapOptions = {}): Promise<ImapServer> {
  const { users = null, maxInflight = Infinity } = options;
  const errors: unknown[] = [];
  const report = (error: unknown): void => void errors.push(error);
  const sample = options.sample ?? (await openSample());
  const { store, clock } = sample;
  const ids = createIds(() => clock.time);
  const sessions = createSessions({
    clock,
    ids,
    limits: { maxSessions: 100, maxTranscriptLines: 1_000, maxTranscriptSize: 32 * 1024 * 1024 },
    report,
  });
  const faults = faultsWith((options.faults ?? []).map((rule) => ({ ...rule, on: { protocol: 'imap', ...rule.on } })));
  let inflight = 0;
  const protocol = createImap({
    host: 'imap',
    version: '1.2.3',
    settings: { ...SETTINGS, ...options.settings },
    store,
    limits: { maxMessages: 0, maxSize: 0, maxAge: 0, ...options.limits },
    inflight: {
      reserve(octets) {
        if (inflight + octets > maxInflight) return false;
        inflight += octets;
        return true;
      },
      release: (octets) => void (inflight -= octets),
    },
    users: {
      listed: users !== null,
      login: (user, password) => (users === null || users[user] === password ? user : null),
      secretOf: (user) => (users === null ? null : users[user]),
    },
    // Ids of the sample come from a generator of its own.
    ids: () => `z${ids()}`,
    decide: faults.decide,
  });
  const listener = await listen({
    protocol,
    addresses: ['127.0.0.1'],
    port: 0,
    tls: options.tls ?? 'starttls',
    secureContext: tls.context,
    host: 'imap',
    idleTimeout: options.idleTimeout ?? 60_000,
    admission: createAdmission({ maxConnections: 0, maxConnectionsPerClient: 0 }),
    sessions,
    report,
  });
  return {
    port: listener.port,
    sample,
    sessions,
    errors,
    faults,
    inflight: () => inflight,
    ca: (await tls.caPem()) ?? '',
    stop: () => listener.close(60_000),
    [Symbol.asyncDispose]: () => listener.close(0),
  };
}
