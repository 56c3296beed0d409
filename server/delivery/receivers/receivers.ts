// The receivers: domains that are not here, each with hosts that really listen; made, changed and taken away while all runs.

import { isDeepStrictEqual } from 'node:util';
import { Refusal } from '../../base/errors.ts';
import { createEvents } from '../../base/events.ts';
import type { Events } from '../../base/events.ts';
import type { Hosts } from '../../faults/hosts.ts';
import { fail } from '../../faults/read-rule.ts';
import { policyOf } from '../policy.ts';
import type { Receiver, ReceiverHost, WrittenHost, WrittenReceiver } from './receiver.ts';
import { fileByDomain, readDomain } from './domain.ts';
import type { ReceiverOf } from './domain.ts';
import { openPlace } from './ports.ts';
import type { HostListener, Opened, OpenHost, WantedPlace } from './ports.ts';
import { nameKey, readReceiver } from './words.ts';

/** What outlives a restart. */
export interface KeptReceiver {
  readonly domain: string;
  readonly written: WrittenReceiver;
  /** By name of the host. */
  readonly ports: Readonly<Record<string, number>>;
  /** By a file: it comes again with the file. */
  readonly given: boolean;
}

export interface Receivers {
  /** The domain of one that came, changed or went. */
  readonly events: Events<string>;
  /** In the order in which they were made. */
  list(): readonly Receiver[];
  /** By the domain as it was declared, in any of its forms. */
  get(domain: string): Receiver | undefined;
  /** Whose mail it is; undefined for what is here. */
  receiverOf: ReceiverOf<Receiver>;
  /** Whose host it is. */
  withHost(name: string): { readonly receiver: Receiver; readonly host: ReceiverHost } | undefined;
  /** All of it or nothing; twice is once. Throws Refusal `unprocessable` with the path, or `conflict` where a port is taken. */
  put(domain: string, value: unknown): Promise<Receiver>;
  /** Throws Refusal `not-found`. */
  remove(domain: string): Promise<void>;
  /** As they were kept: their hosts listen, and are up until somebody says otherwise. */
  restore(kept: readonly KeptReceiver[]): Promise<void>;
  /** One of a file: as `put`, on the ports that it had before; its hosts are up until somebody says otherwise. */
  give(domain: string, value: unknown): Promise<Receiver>;
  kept(): readonly KeptReceiver[];
  close(grace: number): Promise<void>;
}

export interface ReceiversParts {
  readonly hosts: Pick<Hosts, 'add' | 'remove' | 'set' | 'named'>;
  readonly open: OpenHost;
  /** Of ports that are chosen; 0 = anywhere. */
  readonly firstPort: number;
  readonly max: number;
  readonly report: (error: unknown) => void;
}

const ADDRESS = '127.0.0.1';
const PREFERENCE = 10;

const placeOf = ({ address, port }: Pick<ReceiverHost, 'address' | 'port'>): string => `${address} ${port}`;

/** A host in these words may stay where it is. */
const staysAt = ({ address = ADDRESS, port }: WrittenHost, old: ReceiverHost): boolean =>
  address === old.address && (port ?? old.port) === old.port;

export function createReceivers({ hosts, open, firstPort, max, report }: ReceiversParts): Receivers {
  const events = createEvents<string>(report);
  const standing = new Map<string, Receiver>();
  const listeners = new Map<string, HostListener>();
  const given = new Set<string>();
  /** Of hosts that a file may give again. */
  const remembered = new Map<string, number>();
  let receiverOf: ReceiverOf<Receiver> = () => undefined;
  let homes = new Map<string, { readonly receiver: Receiver; readonly host: ReceiverHost }>();
  let turn: Promise<unknown> = Promise.resolve();

  /** One change after the other. */
  function inTurn<T>(change: () => Promise<T>): Promise<T> {
    const changed = turn.then(change);
    turn = changed.catch(() => undefined);
    return changed;
  }

  function index(domain: string, receiver: Receiver | null): void {
    if (receiver) standing.set(domain, receiver);
    else standing.delete(domain);
    const all = [...standing.values()];
    receiverOf = fileByDomain(all);
    homes = new Map(all.flatMap((one) => one.hosts.map((host) => [nameKey(host.name), { receiver: one, host }])));
  }

  /** What no shape can tell: names and ports are one host's only. */
  function checkHosts(domain: string, { hosts: written }: WrittenReceiver, staying: readonly ReceiverHost[]): void {
    const others = [...homes.values()].filter(({ receiver }) => receiver.domain !== domain).map(({ host }) => host);
    const taken = new Map([...others, ...staying].map((host) => [placeOf(host), host.name]));
    for (const [i, { name, address = ADDRESS, port }] of written.entries()) {
      const home = homes.get(nameKey(name));
      if (home && home.receiver.domain !== domain) fail(`hosts[${i}].name`, `${name} is a host of ${home.receiver.domain}`);
      if (port === undefined) continue;
      const owner = taken.get(placeOf({ address, port }));
      if (owner !== undefined && owner !== name) fail(`hosts[${i}].port`, `port ${port} on ${address} is that of ${owner}`);
      taken.set(placeOf({ address, port }), name);
    }
  }

  function wantedOf(written: readonly WrittenHost[], old: readonly ReceiverHost[]): WantedPlace[] {
    return written.flatMap(({ name, address = ADDRESS, port }, i) => {
      const before = old.find((host) => host.name === name);
      if (before && staysAt({ name, address, ...(port !== undefined && { port }) }, before)) return [];
      return [{ name, address, port, wish: before?.port ?? remembered.get(nameKey(name)), path: `hosts[${i}]` }];
    });
  }

  /** Those that listen where another has listened come after it. */
  async function openAll(
    wanted: readonly WantedPlace[],
    leaving: readonly ReceiverHost[],
    written: readonly WrittenHost[],
  ): Promise<Opened[]> {
    const freed = new Set(leaving.map(placeOf));
    const opened: Opened[] = [];
    const others = [...homes.values()].filter(({ host }) => !leaving.includes(host)).map(({ host }) => host.port);
    const used = new Set([...others, ...written.map(({ port }) => port)]);
    const openOne = async (place: WantedPlace): Promise<void> => {
      const one = await openPlace(place, firstPort, (port) => used.has(port), open);
      used.add(one.port);
      opened.push(one);
    };
    const isLate = ({ address, port, wish }: WantedPlace): boolean => freed.has(placeOf({ address, port: port ?? wish ?? 0 }));
    let silenced: readonly ReceiverHost[] = [];
    try {
      for (const place of wanted.filter((one) => !isLate(one))) await openOne(place);
      silenced = leaving.filter(({ name }) => hosts.named(name).state !== 'down');
      await Promise.all(silenced.map(async ({ name }) => listeners.get(name)?.listening(false)));
      for (const place of wanted.filter(isLate)) await openOne(place);
      return opened;
    } catch (error) {
      await Promise.all(opened.map(({ listener }) => listener.close(0)));
      await Promise.all(silenced.map(async ({ name }) => listeners.get(name)?.listening(true).catch(report)));
      throw error;
    }
  }

  async function leave({ name }: ReceiverHost): Promise<void> {
    await hosts.remove(name);
    await listeners.get(name)?.close(0);
    listeners.delete(name);
  }

  async function change(domain: string, written: WrittenReceiver, states: boolean): Promise<Receiver> {
    const policy = policyOf(written.policy);
    const before = standing.get(domain);
    if (before && isDeepStrictEqual(before.written, written)) return before;
    if (!before && standing.size >= max) throw new Refusal('unprocessable', `more than ${max} receivers; max-receivers is the limit`);
    const old = before?.hosts ?? [];
    const leaving = old.filter((host) => !written.hosts.some((next) => next.name === host.name && staysAt(next, host)));
    const staying = old.filter((host) => !leaving.includes(host));
    checkHosts(domain, written, staying);
    const stays = new Set(staying.map(({ name }) => name));
    const opened = await openAll(wantedOf(written.hosts, old), leaving, written.hosts);
    const places = new Map([...staying, ...opened].map((place) => [place.name, place]));
    const made = written.hosts.flatMap(({ name, preference = PREFERENCE, backup = null }): ReceiverHost[] => {
      const place = places.get(name);
      return place ? [{ name, preference, backup, address: place.address, port: place.port }] : [];
    });
    const receiver: Receiver = { domain, hosts: made, policy, dns: written.dns ?? 'ok', written };
    // Whoever is told of a host finds its receiver.
    index(domain, receiver);
    for (const host of leaving) await leave(host);
    for (const { name, listener } of opened) {
      listeners.set(name, listener);
      hosts.add({ name, protocol: 'smtp', listening: (on) => listener.listening(on) });
    }
    try {
      const told = new Map(before?.written.hosts.filter(({ name }) => stays.has(name)).map((host) => [host.name, host.state]));
      for (const { name, state } of states ? written.hosts : []) {
        if (state !== undefined && state !== told.get(name)) await hosts.set(name, state);
      }
    } finally {
      events.emit(domain);
    }
    return receiver;
  }

  return {
    events,
    list: () => [...standing.values()],
    get(domain) {
      const known = standing.get(domain);
      if (known) return known;
      try {
        return standing.get(readDomain(domain));
      } catch {
        return undefined;
      }
    },
    receiverOf: (address) => receiverOf(address),
    withHost: (name) => homes.get(nameKey(name)),
    put: (domain, value) =>
      inTurn(async () => {
        const folded = readDomain(domain);
        const receiver = await change(folded, readReceiver(value), true);
        // From now on it is kept for its own sake.
        if (given.delete(folded)) events.emit(folded);
        return receiver;
      }),
    remove: (domain) =>
      inTurn(async () => {
        const receiver = standing.get(domain) ?? standing.get(readDomain(domain));
        if (!receiver) throw new Refusal('not-found', `there is no receiver ${domain}`);
        given.delete(receiver.domain);
        index(receiver.domain, null);
        for (const host of receiver.hosts) await leave(host);
        events.emit(receiver.domain);
      }),
    restore: (kept) =>
      inTurn(async () => {
        for (const { domain, written, ports, given: again } of kept) {
          for (const [name, port] of Object.entries(ports)) remembered.set(nameKey(name), port);
          if (!again) await change(readDomain(domain), readReceiver(written), false);
        }
      }),
    give: (domain, value) =>
      inTurn(async () => {
        const folded = readDomain(domain);
        const receiver = await change(folded, readReceiver(value), false);
        given.add(folded);
        return receiver;
      }),
    kept: () =>
      [...standing.values()].map(({ domain, written, hosts: listening }) => ({
        domain,
        written,
        ports: Object.fromEntries(listening.map(({ name, port }) => [name, port])),
        given: given.has(domain),
      })),
    close: (grace) =>
      inTurn(async () => {
        await Promise.all([...listeners.values()].map((listener) => listener.close(grace)));
        listeners.clear();
      }),
  };
}
