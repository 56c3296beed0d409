// The only place that builds the parts and joins them: a whole Mailrig in this process.

import { createIds } from './base/ids.ts';
import { networkList } from './base/networks.ts';
import { systemClock } from './base/clock.ts';
import type { Log } from './base/log.ts';
import { createLog } from './base/log.ts';
import type { ConfigSources } from './config.ts';
import { describeSettings, optionsToConfig } from './config.ts';
import { createAcceptance } from './delivery/accept.ts';
import type { Receivers } from './delivery/receivers/receivers.ts';
import { waitingIn } from './delivery/receivers/waiting.ts';
import type { SmtpDeps } from './smtp/deps.ts';
import type { Receiver } from './delivery/receivers/receiver.ts';
import { createSubmit } from './delivery/submit.ts';
import type { HttpDeps } from './http/deps.ts';
import { storageOf } from './http/storage.ts';
import type { HttpServer } from './http/serve.ts';
import { serveHttp } from './http/serve.ts';
import { createImap } from './imap/serve.ts';
import { openMailServer } from './mail-server.ts';
import type { MailServer, OpenMailServer } from './mail-server.ts';
import { standOf } from './http/sandbox/clock.ts';
import { createAdmission } from './net/admission.ts';
import { listen } from './net/listener.ts';
import { createSessions } from './net/sessions.ts';
import { createTls } from './net/tls.ts';
import { openOutgoing } from './outgoing.ts';
import { createPop3 } from './pop3/serve.ts';
import { openReceiverHost } from './receiver-host.ts';
import { openSandbox } from './sandbox.ts';
import type { OpenHost } from './delivery/receivers/ports.ts';
import type { Config } from './settings.ts';
import { createInflight } from './smtp/inflight.ts';
import { createSmtp } from './smtp/serve.ts';
import { watchFullness } from './store/fullness.ts';
import { createRefusals } from './store/refusals.ts';
import { createIndexer } from './store/index/indexer.ts';
import { inMemory, openStore } from './store/store.ts';
import type { Store } from './store/store.ts';
import { startUpkeep } from './store/upkeep.ts';
import type { SmtpListener } from './values.ts';
import { createUsers, readUsers } from './users.ts';
import { version } from './version.ts';

export type MailrigOptions = Partial<Config>;

export interface Listening {
  readonly protocol: string;
  readonly address: string;
  readonly port: number;
  readonly tls: 'none' | 'starttls' | 'implicit';
}

export type MailrigPorts = Readonly<Record<'smtp' | 'smtps' | 'http' | 'imap' | 'imaps' | 'pop3' | 'pop3s' | 'lmtp', number | null>>;

const NO_PORTS: MailrigPorts = { smtp: null, smtps: null, http: null, imap: null, imaps: null, pop3: null, pop3s: null, lmtp: null };

export interface Mailrig {
  /** Resolves when everything listens. */
  start(): Promise<void>;
  /** Lets running transactions finish (`shutdownTimeout`), closes everything; nothing is left open. */
  stop(): Promise<void>;
  /** Known after `start`; null for what is not listened to. */
  readonly ports: MailrigPorts;
  /** `http://127.0.0.1:8025/`, with the base path. */
  readonly url: string;
  readonly listeners: readonly Listening[];
}

const KEPT_REFUSALS = 1000;
const MEMORY = 512 * 1024 * 1024;

/** The listed ports, or the usual two. */
const portsOf = (listed: readonly SmtpListener[] | null, starttls: number, implicit: number): readonly SmtpListener[] =>
  listed ?? [{ port: starttls }, { port: implicit, tls: 'implicit' }];

/** A server with a whole configuration: what the command line runs. */
export function createServer(config: Config, sources: ConfigSources, log: Log): Mailrig {
  let ids = createIds();
  const report = (error: unknown): void => log.error('unexpected error', { error });
  const tls = createTls({
    cert: config.tlsCert,
    key: config.tlsKey,
    names: [config.name, ...config.tlsName],
    ...(config.data !== null && { kept: { folder: config.data, log } }),
  });
  const listeners: Listening[] = [];
  let ports = NO_PORTS;
  let url = '';
  // What has been opened, in order; stopping closes it in the opposite order.
  let open: (() => Promise<unknown>)[] = [];

  const portOf = (protocol: string, ...kinds: Listening['tls'][]): number | null =>
    listeners.find((listener) => listener.protocol === protocol && kinds.includes(listener.tls))?.port ?? null;

  // Memory is the dearer of the two: without a folder there is always a limit on it.
  const limits = { ...config, maxAge: config.maxAge ?? 0, maxSize: config.maxSize ?? (config.data === null ? MEMORY : 0) };

  async function keep(): Promise<Store> {
    if (config.data === null) {
      const store = await openStore({ ...inMemory(), clock: systemClock, openedAt: Date.now(), report });
      open.push(startUpkeep({ store, limits, rewrite: () => Promise.resolve(), report }));
      return store;
    }
    const { openDisk } = await import('./store/disk/open.ts');
    const disk = await openDisk({ folder: config.data, durability: config.durability, log });
    open.push(() => disk.close());
    const store = await openStore({ ...disk, adapter: disk, clock: systemClock, openedAt: Date.now(), report });
    open.push(startUpkeep({ store, limits, rewrite: (commit) => disk.rewrite(commit), report }));
    return store;
  }

  async function start(): Promise<void> {
    const store = await keep();
    await tls.check();
    ids = createIds(Date.now, store.state.newestId);
    const fullness = watchFullness(store);
    const indexer = createIndexer({ store, report });
    open.push(() => indexer.stop());
    const sessions = createSessions({ clock: systemClock, ids, limits: config, report });
    const refusals = createRefusals(KEPT_REFUSALS, report);
    const sandbox = await openSandbox({ config, ids, report });
    const { clock, faults } = sandbox;
    open.push(() => sandbox.close());
    // Known when their hosts can be opened, which take what they get to `submit`.
    const known: { receivers?: Receivers } = {};
    const receiverOf = (address: string): Receiver | undefined => known.receivers?.receiverOf(address);
    const submit = createSubmit({ store, ids, limits, outward: { clock, receiverOf } });
    const acceptance = createAcceptance({ store, clock, ids, receiverOf, submit });
    sessions.events.on((event) => {
      if (event.type === 'session.closed') faults.ended(event.session.id);
    });

    const proxyFrom = networkList(config.proxyFrom);
    const admission = createAdmission(config);
    // Our own queue is the one client of receivers' hosts.
    const hostAdmission = createAdmission({ ...config, maxConnectionsPerClient: 0 });
    const inflight = createInflight(config.maxInflight);
    // What our own queue carries is never more: it is not refused for what others are sending at the same time.
    const hostInflight = createInflight(config.maxInflight);
    const list = config.users === null ? null : await readUsers(config.users);
    const senders = createUsers(list);
    // What is read in account `*` is what the web page shows: it asks for the same password.
    const readers = createUsers(list, config.auth === null ? null : config.auth.slice(config.auth.indexOf(':') + 1));
    const smtp =
      (protocol: 'smtp' | 'lmtp', host: string, taking: Pick<SmtpDeps, 'submit' | 'inflight'> = { submit, inflight }) =>
      (settings: Config) =>
        createSmtp({
          protocol,
          host,
          settings,
          clock: systemClock,
          users: senders,
          ...taking,
          decide: faults.decide,
          passedOn: (recipient) => receiverOf(recipient) !== undefined,
          refused: (attempt) => refusals.add({ id: ids(), ...attempt }),
        });
    const { idleTimeout, lmtpPort } = config;
    const smtpPorts = portsOf(config.smtp, config.smtpPort, config.smtpsPort);
    const served: readonly MailServer[] = [
      { host: 'submission', protocol: 'smtp', ports: smtpPorts, idleTimeout, protocolFor: smtp('smtp', 'submission') },
      {
        host: 'lmtp',
        protocol: 'smtp',
        ports: lmtpPort === null ? [] : [{ port: lmtpPort }],
        idleTimeout,
        protocolFor: smtp('lmtp', 'lmtp'),
      },
      {
        host: 'imap',
        protocol: 'imap',
        ports: portsOf(config.imap, config.imapPort, config.imapsPort),
        idleTimeout: config.imapIdleTimeout,
        protocolFor: (settings) =>
          createImap({
            host: 'imap',
            settings: { ...settings, maxCommandLine: config.maxImapLine },
            version,
            store,
            limits,
            inflight,
            users: readers,
            ids,
            decide: faults.decide,
          }),
      },
      {
        host: 'pop3',
        protocol: 'pop3',
        ports: portsOf(config.pop3, config.pop3Port, config.pop3sPort),
        idleTimeout: config.pop3IdleTimeout,
        protocolFor: (settings) => createPop3({ settings, store, users: readers, decide: faults.decide }),
      },
    ];
    const common = { admission, sessions, report, proxyFrom, secureContext: tls.context };
    const openHost: OpenHost = (place, quiet) => {
      const secureContext = tls.contextsOf(place.name, place.address);
      const parts = { ...common, admission: hostAdmission, proxyFrom: () => false, idleTimeout, tls: 'starttls', secureContext } as const;
      return openReceiverHost(place, quiet, {
        config,
        protocolFor: (name, settings) => smtp('smtp', name, { submit: acceptance.submitAt(name), inflight: hostInflight })(settings),
        listen: ({ host }, protocol, addresses, port) => listen({ ...parts, host, protocol, addresses, port }),
      });
    };
    // What is sent as soon as anybody listens finds its receiver.
    const joined = await sandbox.receive(openHost);
    known.receivers = joined.receivers;
    const servers: OpenMailServer[] = [];
    for (const server of served.filter((one) => one.ports.length > 0)) {
      const opened = await openMailServer(server, config, ({ host, idleTimeout: idle }, protocol, setting) => {
        const { port, host: addresses = config.host, tls: kind = 'starttls' } = setting;
        return listen({ ...common, host, idleTimeout: idle, protocol, addresses, port, tls: kind });
      });
      open.push(() => opened.close(config.shutdownTimeout));
      servers.push(opened);
      for (const { setting, protocol, listener } of opened.listeners) {
        const { port, addresses } = listener;
        for (const address of addresses) listeners.push({ protocol, address, port, tls: setting.tls ?? 'starttls' });
        for (const address of listener.missing) log.debug(`no ${address} on this machine`);
      }
    }
    await sandbox.join(servers, joined);
    const queue = openOutgoing({
      store,
      clock,
      faults,
      sessions,
      acceptance,
      ...joined,
      caPem: () => tls.caPem(),
      settings: config,
      report,
    });
    open.push(() => queue.stop());

    const deps: HttpDeps = {
      store,
      sessions,
      refusals,
      faults,
      ...joined,
      waiting: waitingIn(queue),
      clock,
      queue,
      seed: config.seed,
      listenerOf: (host) => servers.find(({ name }) => name === host)?.listeners[0]?.listener ?? null,
      settings: config,
      log,
      ids,
      submit,
      sendViaSmtp: async (message) => {
        const { sendTo } = await import('./delivery/send.ts');
        const port = portOf('smtp', 'starttls', 'none') ?? 0;
        const sessionOf = (client: string): string | null =>
          sessions.list().find((session) => session.host === 'submission' && session.client === client)?.id ?? null;
        return sendTo({ address: loopbackOf(listeners, port), port, settings: config, sessionOf }, message);
      },
      info: () => ({
        name: 'mailrig',
        version,
        ports: { ...ports, dns: null },
        listeners: [...listeners],
        settings: describeSettings({ config, sources }),
        index: { pending: indexer.pending },
        storage: storageOf(store.state, fullness),
        faults: faults.list().filter(({ enabled, source }) => enabled && source !== 'magic').length,
        clock: standOf(clock),
      }),
      caPem: () => tls.caPem(),
    };
    const http: HttpServer = await serveHttp(deps, { addresses: config.host, port: config.httpPort });
    open.push(() => http.close());
    for (const address of http.addresses) listeners.push({ protocol: 'http', address, port: http.port, tls: 'none' });
    const pair = <N extends string>(name: N) =>
      ({ [name]: portOf(name, 'starttls', 'none'), [`${name}s`]: portOf(name, 'implicit') }) as Record<N | `${N}s`, number | null>;
    ports = { ...pair('smtp'), ...pair('imap'), ...pair('pop3'), lmtp: portOf('lmtp', 'starttls', 'none'), http: http.port };
    url = `http://${hostOf(http.addresses[0] ?? '')}:${http.port}${config.basePath.replace(/\/?$/, '/')}`;
  }

  async function stop(): Promise<void> {
    const closing = open.reverse();
    open = [];
    for (const close of closing) await close();
    listeners.length = 0;
  }

  return {
    start,
    stop,
    get ports() {
      return ports;
    },
    get url() {
      return url;
    },
    get listeners() {
      return listeners;
    },
  };
}

/** An address as it stands in a URL; a server that listens everywhere is reached by the loopback. */
function hostOf(address: string): string {
  if (address === '0.0.0.0' || address === '') return '127.0.0.1';
  if (address === '::') return '[::1]';
  return address.includes(':') ? `[${address}]` : address;
}

function loopbackOf(listeners: readonly Listening[], port: number): string {
  return hostOf(listeners.find((listener) => listener.port === port)?.address ?? '').replace(/^\[|\]$/g, '');
}

/**
 * A Mailrig for this process: every port is free to choose unless given, neither environment nor files are read.
 * Throws ConfigError for a wrong option. `await start()`, then `await stop()`.
 */
export function createMailrig(options: MailrigOptions = {}): Mailrig {
  const { config, sources } = optionsToConfig(options);
  let log: Log | undefined;
  let server: Mailrig | undefined;
  return {
    async start() {
      log ??= await createLog(config.logLevel);
      server ??= createServer(config, sources, log);
      await server.start();
    },
    stop: async () => server?.stop(),
    get ports() {
      return server?.ports ?? NO_PORTS;
    },
    get url() {
      return server?.url ?? '';
    },
    get listeners() {
      return server?.listeners ?? [];
    },
  };
}
