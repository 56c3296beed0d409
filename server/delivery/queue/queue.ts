// The queue: carries each delivery to its receiver's hosts when it is due, and does with it what people say.

import type { SandboxClock } from '../../base/clock.ts';
import { createEvents } from '../../base/events.ts';
import type { Events } from '../../base/events.ts';
import type { Delivery } from '../../mail/delivery.ts';
import type { Store } from '../../store/store.ts';
import type { Acceptance } from '../accept.ts';
import { policyOf } from '../policy.ts';
import type { Receiver, ReceiverHost } from '../receiver.ts';
import { routeOf } from '../route.ts';
import { createAgenda } from './agenda.ts';
import { createLine } from './line.ts';
import type { Connect, Freight, Heard, Line, Talk } from './line.ts';
import { createOrders } from './orders.ts';
import type { Orders } from './orders.ts';
import { tryRound } from './round.ts';
import type { Tried } from './round.ts';

export interface QueueSettings {
  /** What decides among hosts of one preference. */
  readonly seed: number;
  /** 0 = unlimited. */
  readonly maxHostConnections: number;
  /** For so long a host that could not be reached is not dialled again, ms of the sandbox's clock. */
  readonly hostRest: number;
  /** How long a stop waits for conversations under way, real ms. */
  readonly shutdownTimeout: number;
}

export interface QueueParts {
  readonly store: Store;
  readonly clock: SandboxClock;
  /** The receiver that was declared in these words. */
  readonly receiver: (domain: string) => Receiver | undefined;
  readonly connect: Connect;
  readonly register: Acceptance['register'];
  readonly sessionOf: (client: string) => Heard | null;
  readonly settings: QueueSettings;
  readonly report: (error: unknown) => void;
}

export interface Queue extends Orders {
  /** A delivery that has come to a bad end, `bounced` or `expired`, once that is kept: what its sender is told begins here. */
  readonly gaveUp: Events<Delivery>;
  /** A host may be alive again; without a name, any of them. */
  forgive(host?: string): void;
  /** What is under way ends, or is tried again after the next start. */
  stop(): Promise<void>;
}

interface Open {
  readonly target: ReceiverHost & { readonly tls: Receiver['policy']['tls'] };
  readonly line: Line;
}

/** Those of one message and one receiver go together. */
const groupOf = ({ messageId, receiver, sender, relayedBy }: Delivery): string => JSON.stringify([messageId, receiver, sender, relayedBy]);

const SECOND = 1000;

export function createQueue(parts: QueueParts): Queue {
  const { store, clock, settings, report } = parts;
  const gaveUp = createEvents<Delivery>(report);
  const ending = new AbortController();
  const lines = new Map<string, Open>();
  /** Ids of those that are being tried, or changed by a person: nobody else touches them. */
  const taken = new Set<string>();
  const trying = new Set<Promise<void>>();
  let due: { readonly id: string; readonly resolve: (outcome: string) => void }[] = [];
  let stopped = false;

  const deliveries = (): ReadonlyMap<string, Delivery> => store.state.deliveries;
  const stateOf = (id: string): string => deliveries().get(id)?.state ?? 'gone';

  /** All of one moment are called before the first of them is looked at. */
  const agenda = createAgenda(
    clock,
    (id) =>
      new Promise((resolve) => {
        if (due.push({ id, resolve }) === 1) queueMicrotask(takeUp);
      }),
  );

  function lineTo(host: ReceiverHost, { policy: { tls } }: Receiver): Line {
    const known = lines.get(host.name);
    if (known && known.target.address === host.address && known.target.port === host.port && known.target.tls === tls) return known.line;
    const { name, address, port } = host;
    const line = createLine(
      { name, address, port, tls },
      {
        ...parts,
        signal: ending.signal,
        maxConnections: settings.maxHostConnections,
        deadFor: settings.hostRest,
      },
    );
    lines.set(name, { target: { ...host, tls }, line });
    return line;
  }

  /** Kept first, then told. */
  async function decided(tried: readonly Tried[]): Promise<void> {
    await store.commit(tried);
    for (const { id, state } of tried) {
      const delivery = deliveries().get(id);
      if (delivery && (state === 'bounced' || state === 'expired')) gaveUp.emit(delivery);
    }
  }

  async function tryGroup(group: readonly Delivery[], now: number): Promise<void> {
    const [first] = group;
    const kept = first && store.state.messages.get(first.messageId);
    if (!first || !kept) return;
    const receiver = parts.receiver(first.receiver);
    const { messageId, relayedBy, rounds, nextAttemptAt } = first;
    const key = `${messageId} ${first.recipient.address}`;
    const late = now - (nextAttemptAt ?? now);
    await tryRound({
      deliveries: group,
      message: kept.message,
      raw: () => store.body(messageId),
      route: routeOf(receiver, { seed: settings.seed, key, round: rounds, relayedBy }),
      policy: receiver?.policy ?? policyOf(),
      // Timers are late by a little: the schedule is not.
      startedAt: late > 0 && late < SECOND && nextAttemptAt !== null ? nextAttemptAt : now,
      now: () => clock.now(),
      send: (host: ReceiverHost, freight: Freight): Promise<Talk> => lineTo(host, receiver as Receiver).send(freight),
      decided,
      ended: () => ending.signal.aborted,
    });
  }

  /** Marks them as being tried, then tries them, each group on its own. */
  async function tryAll(all: readonly Delivery[]): Promise<void> {
    const now = clock.now();
    const groups = Map.groupBy(all, groupOf);
    await store.commit([{ type: 'deliveries.set', ids: all.map(({ id }) => id), state: 'active', nextAttemptAt: null }]);
    await Promise.all(Array.from(groups.values(), (group) => tryGroup(group, now).catch(report)));
  }

  function takeUp(): void {
    const now = clock.now();
    const called = due;
    due = [];
    const mine = called.flatMap(({ id }) => {
      const delivery = deliveries().get(id);
      const isDue = delivery && (delivery.state === 'queued' || delivery.state === 'deferred') && (delivery.nextAttemptAt ?? Infinity) <= now;
      return isDue && !taken.has(id) && !stopped ? delivery : [];
    });
    for (const { id } of mine) taken.add(id);
    const tried = tryAll(mine)
      .catch(report)
      .finally(() => {
        trying.delete(tried);
        for (const { id, resolve } of called) resolve(stateOf(id));
      });
    trying.add(tried);
  }

  return {
    gaveUp,
  } as unknown as Queue;
}
