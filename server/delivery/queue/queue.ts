// The queue: carries each delivery to its receiver's hosts when it is due, and does with it what people say.

import { setMaxListeners } from 'node:events';
import type { SandboxClock } from '../../base/clock.ts';
import { Refusal } from '../../base/errors.ts';
import { createEvents } from '../../base/events.ts';
import type { Events, Unsubscribe } from '../../base/events.ts';
import type { Delivery } from '../../mail/delivery.ts';
import type { Message, MessageId } from '../../mail/message.ts';
import type { Store } from '../../store/store.ts';
import type { Acceptance } from '../accept.ts';
import type { Target } from '../client/outcome.ts';
import { policyOf } from '../policy.ts';
import type { TlsPolicy } from '../policy.ts';
import type { Receiver, ReceiverHost } from '../receivers/receiver.ts';
import { routeOf } from '../route.ts';
import { createAgenda } from './agenda.ts';
import { createCarrying } from './carrying.ts';
import { createLine } from './line.ts';
import type { ConnectOptions, Heard, HostClient, Line } from './line.ts';
import { EFFECTS, reasonAgainst } from './orders.ts';
import type { Order } from './orders.ts';
import { overUnheard, tryRound } from './round.ts';
import type { Tried } from './round.ts';

export interface QueueSettings {
  /** What decides among hosts of one preference. */
  readonly seed: number;
  /** 0 = unlimited. */
  readonly maxHostConnections: number;
  /** For so long a host that could not be reached is not dialled again, ms of the sandbox's clock. */
  readonly hostRest: number;
  /** Octets of the messages that are carried at one time; 0 = unlimited. */
  readonly maxInflight: number;
  /** How long a stop waits for conversations under way, real ms. */
  readonly shutdownTimeout: number;
}

/** Of the store, what the queue needs. */
export interface QueueStore extends Pick<Store, 'body' | 'commit'> {
  readonly deliveries: ReadonlyMap<string, Delivery>;
  /** Of these, those that are not over. */
  readonly open: ReadonlyMap<string, Delivery>;
  messageOf(id: MessageId): Message | undefined;
  /** Told of deliveries that came, changed, or went. */
  watch(listener: (ids: readonly string[]) => void): Unsubscribe;
}

export interface QueueParts {
  readonly store: QueueStore;
  readonly clock: SandboxClock;
  /** The receiver that was declared in these words. */
  readonly receiver: (domain: string) => Receiver | undefined;
  /** `from` is the backup that hands on; null for the host that sends the sandbox's own mail. */
  readonly connect: (target: Target, options: ConnectOptions & { readonly from: string | null }) => HostClient;
  readonly register: Acceptance['register'];
  readonly sessionOf: (host: string, client: string) => Heard | null;
  readonly settings: QueueSettings;
  readonly report: (error: unknown) => void;
}

export interface Queue extends Pick<QueueStore, 'deliveries' | 'open' | 'watch'> {
  /** Throws Refusal `not-found`, or `conflict` where it is in no state for that. */
  order(order: Order, id: string): Promise<void>;
  /** Those that were in a state for that. */
  orderAll(order: Order, ids: Iterable<string>): Promise<readonly string[]>;
  /** A delivery that has come to a bad end, `bounced` or `expired`, once that is kept: what its sender is told begins here. */
  readonly gaveUp: Events<Delivery>;
  /** A host may be alive again; without a name, any of them. */
  forgive(host?: string): void;
  /** What is under way ends, or is tried again after the next start. */
  stop(): Promise<void>;
}

interface Open {
  readonly target: ReceiverHost & { readonly tls: TlsPolicy };
  readonly line: Line;
}

/** Those of one message and one receiver that came the same way go together. */
function grouped(all: readonly Delivery[]): Delivery[][] {
  const groups = new Map<string, Delivery[]>();
  for (const delivery of all) {
    const key = groupOf(delivery);
    const group = groups.get(key);
    if (group) group.push(delivery);
    else groups.set(key, [delivery]);
  }
  return [...groups.values()];
}

const groupOf = ({ messageId, receiver, sender, relayedBy, hops }: Delivery): string =>
  JSON.stringify([messageId, receiver, sender, relayedBy, hops]);

const SECOND = 1000;
/** Until what could not be kept is tried again, ms. */
const REST = 60 * SECOND;

export function createQueue(parts: QueueParts): Queue {
  const { store, clock, settings, report } = parts;
  const gaveUp = createEvents<Delivery>(report);
  const ending = new AbortController();
  // Every connection listens to it.
  setMaxListeners(0, ending.signal);
  const carrying = createCarrying(settings.maxInflight);
  const lines = new Map<string, Open>();
  /** Ids of those that are being tried, or changed by a person: nobody else touches them. */
  const taken = new Set<string>();
  const underWay = new Set<Promise<void>>();
  let due: { readonly id: string; readonly resolve: (outcome: string) => void }[] = [];
  let stopped = false;

  const { deliveries } = store;
  const stateOf = (id: string): string => deliveries.get(id)?.state ?? 'gone';

  /** All of one moment are called before the first of them is looked at. */
  const agenda = createAgenda(
    clock,
    (id) =>
      new Promise((resolve) => {
        if (due.push({ id, resolve }) === 1) queueMicrotask(() => follow(takeUp()));
      }),
  );

  function lineTo(host: ReceiverHost, tls: TlsPolicy, from: string | null): Line {
    const key = `${from ?? ''} ${host.name}`;
    const known = lines.get(key);
    if (known?.target.address === host.address && known.target.port === host.port && known.target.tls === tls) return known.line;
    const { name, address, port } = host;
    const line = createLine(
      { name, address, port, tls },
      {
        ...parts,
        register: (client, carried) => parts.register(name, client, carried),
        sessionOf: (client) => parts.sessionOf(name, client),
        connect: (target, options) => parts.connect(target, { ...options, from }),
        signal: ending.signal,
        maxConnections: settings.maxHostConnections,
        rest: settings.hostRest,
      },
    );
    lines.set(key, { target: { ...host, tls }, line });
    return line;
  }

  /** Kept first, then told. */
  async function decided(tried: readonly Tried[]): Promise<void> {
    await store.commit(tried);
    for (const { id, state } of tried) {
      if (state === 'bounced' || state === 'expired') tellGivenUp(id);
    }
  }

  function tellGivenUp(id: string): void {
    const delivery = deliveries.get(id);
    if (delivery) gaveUp.emit(delivery);
  }

  async function tryGroup(group: readonly Delivery[], now: number): Promise<void> {
    const [first] = group;
    const message = first && store.messageOf(first.messageId);
    if (!first || !message) return;
    const receiver = parts.receiver(first.receiver);
    const { messageId, relayedBy, rounds, nextAttemptAt } = first;
    const key = `${messageId} ${first.recipient.address}`;
    const late = now - (nextAttemptAt ?? now);
    await tryRound({
      deliveries: group,
      message,
      raw: () => store.body(messageId),
      route: routeOf(receiver, { seed: settings.seed, key, round: rounds, relayedBy }),
      policy: receiver?.policy ?? policyOf(),
      // Timers are late by a little: the schedule is not.
      startedAt: late > 0 && late < SECOND && nextAttemptAt !== null ? nextAttemptAt : now,
      now: () => clock.now(),
      send: (host, freight) => lineTo(host, receiver?.policy.tls ?? 'opportunistic', relayedBy).send(freight),
      carrying,
      decided,
      ended: () => ending.signal.aborted,
    });
  }

  /** Nobody else touches them until it is over; then each is put down for whatever is next. */
  async function keeping(ids: readonly string[], work: Promise<void>): Promise<void> {
    try {
      await work;
    } catch (error) {
      report(error);
    }
    for (const id of ids) {
      taken.delete(id);
      const delivery = deliveries.get(id);
      if (delivery === undefined || stopped) agenda.remove(id);
      // What could not be kept, for want of room, is tried again in a while.
      else if (delivery.state === 'active' || (delivery.nextAttemptAt ?? Infinity) <= clock.now()) putAside(delivery);
      else agenda.put(delivery);
    }
  }

  function putAside({ id }: Delivery): void {
    agenda.put({ id, state: 'deferred', nextAttemptAt: clock.now() + REST });
  }

  const isDue = ({ id, state, nextAttemptAt }: Delivery): boolean =>
    !stopped && !taken.has(id) && (state === 'active' || state === 'queued' || state === 'deferred') && (nextAttemptAt ?? 0) <= clock.now();

  async function takeUp(): Promise<void> {
    const called = due;
    due = [];
    const here = called.flatMap(({ id }) => deliveries.get(id) ?? []).filter(isDue);
    const mine = here.filter(({ taken: host }) => !host);
    const groups = grouped(mine);
    const now = clock.now();
    for (const { id } of here) taken.add(id);
    // Hosts have these: nobody could keep that then.
    const had = here.flatMap((delivery) => (delivery.taken ? [overUnheard(delivery, delivery.taken)] : []));
    const begun =
      mine.length === 0
        ? Promise.resolve([])
        : store.commit([{ type: 'deliveries.set', ids: mine.map(({ id }) => id), state: 'active', nextAttemptAt: null }]);
    const outcomes = new Map(called.map(({ id, resolve }) => [id, resolve]));
    const all = groups.map((group) => ({ group, work: begun.then(() => tryGroup(group, now)) }));
    if (had.length > 0) all.push({ group: here.filter(({ taken: host }) => host), work: decided(had) });
    await Promise.all(
      all.map(async ({ group, work }) => {
        const ids = group.map(({ id }) => id);
        await keeping(ids, work);
        for (const id of ids) outcomes.get(id)?.(stateOf(id));
      }),
    );
    for (const { id, resolve } of called) resolve(stateOf(id));
  }

  function follow(work: Promise<void>): void {
    const followed = work.catch(report).finally(() => underWay.delete(followed));
    underWay.add(followed);
  }

  /** Takes them at once, so that none is begun while the change is kept. */
  async function carryOut(order: Order, ids: readonly string[]): Promise<void> {
    const { to, now } = EFFECTS[order];
    for (const id of ids) {
      taken.add(id);
      agenda.remove(id);
    }
    if (now) forgive();
    try {
      await store.commit([{ type: 'deliveries.set', ids, state: to, nextAttemptAt: now ? clock.now() : null }]);
    } finally {
      for (const id of ids) {
        taken.delete(id);
        put(id);
      }
    }
    if (to === 'bounced') for (const id of ids) tellGivenUp(id);
  }

  function forgive(host?: string): void {
    for (const { target, line } of lines.values()) if (host === undefined || host === target.name) line.forgive();
  }

  function put(id: string): void {
    const delivery = deliveries.get(id);
    if (delivery === undefined) agenda.remove(id);
    else if (!taken.has(id)) agenda.put(delivery);
  }

  const unwatch = store.watch((ids) => ids.forEach(put));
  for (const delivery of store.open.values()) agenda.put(delivery);

  return {
    deliveries,
    get open() {
      return store.open;
    },
    watch: (listener) => store.watch(listener),
    gaveUp,
    forgive,
    async order(order, id) {
      const delivery = deliveries.get(id);
      if (delivery === undefined) throw new Refusal('not-found', `no delivery ${id}`);
      const reason = reasonAgainst(order, delivery, taken.has(id));
      if (reason !== null) throw new Refusal('conflict', `delivery ${id}: ${reason}`);
      await carryOut(order, [id]);
    },
    async orderAll(order, ids) {
      const fit = [...new Set(ids)].filter((id) => {
        const delivery = deliveries.get(id);
        return delivery && reasonAgainst(order, delivery, taken.has(id)) === null;
      });
      if (fit.length > 0) await carryOut(order, fit);
      return fit;
    },
    async stop() {
      stopped = true;
      unwatch();
      agenda.clear();
      const grace = setTimeout(() => ending.abort(), settings.shutdownTimeout);
      await Promise.all(underWay);
      clearTimeout(grace);
      ending.abort();
    },
  };
}
