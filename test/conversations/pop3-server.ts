// A POP3 server on a free port over a store in memory, for tests that talk to it.

import { systemClock } from '../../server/base/clock.ts';
import { createIds } from '../../server/base/ids.ts';
import type { Rule } from '../../server/faults/fault.ts';
import type { Faults } from '../../server/faults/faults.ts';
import { createAdmission } from '../../server/net/admission.ts';
import type { Listener, ListenOptions } from '../../server/net/listener.ts';
import { listen } from '../../server/net/listener.ts';
import type { Sessions } from '../../server/net/sessions.ts';
import { createSessions } from '../../server/net/sessions.ts';
import { createTls } from '../../server/net/tls.ts';
import type { Pop3Settings } from '../../server/pop3/deps.ts';
import { createPop3 } from '../../server/pop3/serve.ts';
import type { Store } from '../../server/store/store.ts';
import { createUsers } from '../../server/users.ts';
import { faultsWith } from './faults.ts';
import { openSample } from '../server/store/sample.ts';
import type { Sample } from '../server/store/sample.ts';

const SETTINGS: Pop3Settings = {
  name: 'mailrig.test',
  requireTls: false,
  popLock: true,
  traceHeaders: true,
  maxCommandLine: 12_288,
  maxErrors: 20,
};

/** The user in whose maildrop tests look, and the password of everybody in the list. */
export const USER = { user: 'jo@shop.test', password: 'se cret' } as const;

export interface Pop3Options {
  readonly settings?: Partial<Pop3Settings>;
  readonly tls?: ListenOptions['tls'];
  readonly idleTimeout?: number;
  /** Only jo@shop.test and `*` may log in, with their password; else anybody may. */
  readonly listed?: boolean;
  /** Without a protocol: this one's. */
  readonly faults?: readonly Rule[];
  /** Stands in for the store as the server sees it. */
  readonly through?: (store: Store) => Store;
}

export interface Pop3Server extends AsyncDisposable {
  readonly port: number;
  readonly listener: Listener;
  readonly sample: Sample;
  readonly sessions: Sessions;
  readonly errors: unknown[];
  readonly faults: Faults;
  readonly ca: string;
}

/** One authority for all tests of a process: making one takes its time. */
const tls = createTls({ cert: null, key: null, names: [] });

export async function startPop3(options: Pop3Options = {}): Promise<Pop3Server> {
  const sample = await openSample();
  const errors: unknown[] = [];
  const report = (error: unknown): void => void errors.push(error);
  const sessions = createSessions({
    clock: systemClock,
    ids: createIds(),
    limits: { maxSessions: 100, maxTranscriptLines: 1_000, maxTranscriptSize: 32 * 1024 * 1024 },
    report,
  });
  const faults = faultsWith((options.faults ?? []).map((rule) => ({ ...rule, on: { protocol: 'pop3', ...rule.on } })));
  const list = new Map([
    [USER.user, USER.password],
    ['*', USER.password],
  ]);
  const protocol = createPop3({
    settings: { ...SETTINGS, ...options.settings },
    store: options.through?.(sample.store) ?? sample.store,
    users: createUsers(options.listed === true ? list : null),
    decide: faults.decide,
  });
  const listener = await listen({
    protocol,
    addresses: ['127.0.0.1'],
    port: 0,
    tls: options.tls ?? 'starttls',
    secureContext: tls.context,
    host: 'pop3',
    idleTimeout: options.idleTimeout ?? 60_000,
    admission: createAdmission({ maxConnections: 0, maxConnectionsPerClient: 0 }),
    sessions,
    report,
  });
  return {
    port: listener.port,
    listener,
    sample,
    sessions,
    errors,
    faults,
    ca: (await tls.caPem()) ?? '',
    [Symbol.asyncDispose]: () => listener.close(0),
  };
}
