// A whole HTTP side on a real store in memory, for tests that ask it without a socket.

import { systemClock } from '../../../server/base/clock.ts';
import { createSandboxClock } from '../../../server/base/sandbox-clock.ts';
import { createFaults } from '../../../server/faults/engine.ts';
import { createReceivers } from '../../../server/delivery/receivers/receivers.ts';
import { createHosts } from '../../../server/faults/hosts.ts';
import type { HostPlace } from '../../../server/faults/hosts.ts';
import { standOf } from '../../../server/http/sandbox/clock.ts';
import { createRig as createQueueRig } from '../delivery/queue/rig.ts';
import { createIds } from '../../../server/base/ids.ts';
import { silentLog } from '../../../server/base/log.ts';
import { createSubmit } from '../../../server/delivery/submit.ts';
import type { HttpDeps, HttpLimits, HttpSettings } from '../../../server/http/deps.ts';
import { createHttp } from '../../../server/http/http.ts';
import type { Http } from '../../../server/http/http.ts';
import type { Session, SessionEvent } from '../../../server/net/session.ts';
import { createEvents } from '../../../server/base/events.ts';
import { storageOf } from '../../../server/http/storage.ts';
import { watchFullness } from '../../../server/store/fullness.ts';
import { createRefusals } from '../../../server/store/refusals.ts';
import type { RetentionLimits } from '../../../server/store/retention.ts';
import { inMemory, openStore } from '../../../server/store/store.ts';

export const SETTINGS: HttpSettings = {
  name: 'mailrig.test',
  basePath: '/',
  allowedHosts: [],
  corsOrigin: [],
  trustedProxies: [],
  auth: null,
  token: null,
  maxMessageSize: 1_000_000,
  mimeDepth: 100,
  mimeParts: 1_000,
};

export const raise = (error: unknown): never => {
  throw error;
};

export const message = (fields: Record<string, string> = {}, body = 'Hello'): Buffer => {
  const all = {
    From: 'app@client.test',
    To: 'jo@shop.test',
    Subject: 'Welcome',
    Date: 'Mon, 02 Feb 2026 10:00:00 +0000',
    'Message-ID': '<1@client.test>',
    ...fields,
  };
  return Buffer.from(
    `${Object.entries(all)
      .map(([name, value]) => `${name}: ${value}\r\n`)
      .join('')}\r\n${body}\r\n`,
  );
};

export const session = (given: Partial<Session> & { id: string }): Session => ({
  protocol: 'smtp',
  host: 'submission',
  client: '127.0.0.1:51234',
  user: null,
  tls: null,
  helo: 'web-1',
  openedAt: Date.UTC(2026, 1, 2),
  closedAt: null,
  messageIds: [],
  messageCount: 0,
  command: 'EHLO',
  commands: 1,
  mailbox: null,
  failure: null,
  faultId: null,
  truncated: false,
  notes: [],
  lines: [{ number: 1, at: Date.UTC(2026, 1, 2), side: 'client', text: 'EHLO web-1', bytes: null, faultId: null }],
  ...given,
});

export interface Sent {
  readonly to?: readonly string[];
  readonly sender?: string;
  readonly raw?: Buffer;
  readonly user?: string;
  readonly sessionId?: string;
}

export interface Rig extends Http {
  readonly deps: HttpDeps;
  readonly known: Map<string, Session>;
  /** What hosts were told: `submission is down`. */
  readonly listening: readonly string[];
  say(event: SessionEvent): void;
  /** Resolves to the id of a message that came by SMTP. */
  send(sent?: Sent): Promise<string>;
  refuse(recipient: string, text: string): string;
  /** `init.json` becomes the body. */
  ask(path: string, init?: RequestInit & { json?: unknown }): Promise<Response>;
  json(path: string, init?: RequestInit & { json?: unknown }): Promise<Record<string, never>>;
}

export interface RigOptions {
  readonly settings?: Partial<HttpSettings>;
  readonly limits?: Partial<HttpLimits>;
  readonly retention?: Partial<RetentionLimits>;
  readonly deps?: Partial<HttpDeps>;
}

export async function createRig({ settings, limits, retention, deps: more }: RigOptions = {}): Promise<Rig> {
  const ids = createIds();
  const store = await openStore({
    ...inMemory(),
    clock: systemClock,
    openedAt: Date.now(),
    report: raise,
  });
  const submit = createSubmit({ store, ids, limits: { maxMessages: 1_000, maxSize: 50_000_000, maxAge: 0, ...retention } });
  const fullness = watchFullness(store);
  const clock = createSandboxClock({ system: systemClock, report: raise });
  const faults = createFaults({ clock, seed: 1, ids, report: raise });
  const listening: string[] = [];
  const places = (['submission', 'imap', 'pop3'] as const).map((name): HostPlace => ({
    name,
    protocol: name === 'submission' ? 'smtp' : name,
    listening: (on) => Promise.resolve(void listening.push(`${name} ${on ? 'listens' : 'is down'}`)),
  }));
  const hosts = createHosts({ places, faults, clock, report: raise });
  const receivers = createReceivers({
    hosts,
    open: ({ name }) =>
      Promise.resolve({
        listening: (on) => Promise.resolve(void listening.push(`${name} ${on ? 'listens' : 'is down'}`)),
        close: () => Promise.resolve(void listening.push(`${name} is closed`)),
      }),
    firstPort: 20_000,
    max: 100,
    report: raise,
  });
  const events = createEvents<SessionEvent>(raise);
  const known = new Map<string, Session>();
  const deps: HttpDeps = {
    store,
    sessions: {
      events,
      get: (id) => known.get(id) ?? null,
      list: () => [...known.values()].reverse(),
      close: (id) => known.get(id)?.closedAt === null,
      clear: () => known.clear(),
    },
    refusals: createRefusals(100, raise),
    faults,
    hosts,
    receivers,
    clock,
    queue: createQueueRig({ receivers: [], hosts: {} }).queue,
    seed: 1,
    listenerOf: () => ({ addresses: ['127.0.0.1'], port: 1025 }),
    settings: { ...SETTINGS, ...settings },
    log: { ...silentLog, error: (text, details) => raise(details?.['error'] ?? new Error(text)) },
    ids,
    submit,
    info: () => ({
      name: 'mailrig',
      version: '1.2.3',
      ports: { smtp: 1025, smtps: 1465, http: 8025, imap: null, imaps: null, pop3: null, pop3s: null, lmtp: null, dns: null },
      listeners: [{ protocol: 'smtp', address: '127.0.0.1', port: 1025, tls: 'starttls' }],
      settings: { maxMessages: { value: 10_000, source: 'default' } },
      index: { pending: 0 },
      storage: storageOf(store.state, fullness),
      faults: 0,
      clock: standOf(clock),
    }),
    caPem: () => Promise.resolve('-----BEGIN CERTIFICATE-----\n'),
    ...(limits && { limits }),
    ...more,
  };
  const http = createHttp(deps);

  const ask: Rig['ask'] = (path, { json, ...init } = {}) =>
    Promise.resolve(
      http.app.request(
        path,
        json === undefined
          ? init
          : { ...init, body: JSON.stringify(json), headers: { 'content-type': 'application/json', ...init.headers } },
      ),
    );
  return {
    app: http.app,
    limits: http.limits,
    errorAnswer: http.errorAnswer,
    stop: http.stop,
    get waiting() {
      return http.waiting;
    },
    deps,
    known,
    listening,
    say: (event) => events.emit(event),
    send: ({ to = ['jo@shop.test'], sender = 'app@client.test', raw = message(), user, sessionId } = {}) =>
      submit({
        envelope: { sender, recipients: to.map((address) => ({ address })) },
        refused: [],
        raw,
        origin: {
          source: 'smtp',
          sessionId: sessionId ?? null,
          client: '127.0.0.1:51234',
          user: user ?? null,
          host: 'submission',
          helo: 'web-1',
          protocol: 'ESMTP',
          by: 'mailrig.test',
        },
      }),
    refuse(recipient, text) {
      const id = ids();
      deps.refusals.add({
        id,
        at: Date.now(),
        sessionId: 's1',
        sender: 'app@client.test',
        recipient,
        stage: 'rcpt',
        code: 552,
        enhanced: '5.2.2',
        text,
        faultId: null,
      });
      return id;
    },
    ask,
    json: async (path, init) => (await ask(path, init)).json() as Promise<Record<string, never>>,
  };
}
