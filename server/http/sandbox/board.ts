// The hosts as the page shows them: where each listens, its state, and what it has done.

import { createEvents } from '../../base/events.ts';
import type { Events } from '../../base/events.ts';
import { HostTally, NO_STEPS, STEP } from '../../faults/host-tally.ts';
import type { HostOutcome } from '../../faults/host-tally.ts';
import type { HostStanding } from '../../faults/hosts.ts';
import type { Attempt, Delivery } from '../../mail/delivery.ts';
import type { Session } from '../../net/session.ts';
import type { Host } from '../contract/types.ts';
import type { HttpDeps } from '../deps.ts';
import { isoTime } from '../messages/summary.ts';

export interface Board {
  /** The name of a host of which something has changed, as often as it does. */
  readonly events: Events<string>;
  list(): Host[];
  /** Null where there is none of this name, or none any more. */
  find(name: string): Host | null;
  /** Throws Refusal. */
  named(name: string): Host;
  close(): void;
}

/** Response codes by which a reader is told to come back later (RFC 5530, RFC 2449, RFC 3206). */
const LATER = /\[(?:UNAVAILABLE|INUSE|IN-USE|LIMIT|LOGIN-DELAY|SYS\/TEMP)\b/i;

/** What became of a conversation, where that is what counts: of readers their login, of all those who never got to say a word. */
export function outcomeOf({ protocol, user, failure, faultId, commands }: Session): HostOutcome | null {
  if (commands === 0 && (failure ?? faultId) !== null) return 'refused';
  if (protocol === 'smtp' || protocol === 'lmtp') return null;
  if (user !== null) return 'accepted';
  if (failure === null) return null;
  return LATER.test(failure) ? 'deferred' : 'rejected';
}

/** The attempts that a delivery has had since. */
function triedNow({ attempts, attemptCount }: Delivery, was: Delivery | null): readonly Attempt[] {
  const more = attemptCount - (was?.attemptCount ?? attemptCount);
  return more > 0 ? attempts.slice(-more) : [];
}

type BoardParts = Pick<HttpDeps, 'hosts' | 'receivers' | 'sessions' | 'refusals' | 'store' | 'listenerOf'> & {
  readonly report: (error: unknown) => void;
  readonly now: () => number;
};

export function createBoard({ hosts, receivers, sessions, refusals, store, listenerOf, report, now }: BoardParts): Board {
  const events = createEvents<string>(report);
  const tallies = new Map(hosts.list().map(({ name }) => [name, new HostTally()]));

  function count(host: string, change: (tally: HostTally) => void): void {
    const tally = tallies.get(host);
    if (tally === undefined) return;
    change(tally);
    events.emit(host);
  }
  const add = (host: string, outcome: HostOutcome): void => count(host, (tally) => tally.add(outcome, now()));

  function shown({ name, protocol, state, until, faultIds }: HostStanding): Host {
    const tally = tallies.get(name);
    const home = receivers.withHost(name);
    const listener = listenerOf(name);
    return {
      name,
      receiver: home?.receiver.domain ?? null,
      protocol,
      address: home?.host.address ?? listener?.addresses[0] ?? '',
      port: home?.host.port ?? listener?.port ?? null,
      state,
      until: until === null ? null : isoTime(until),
      faultIds: [...faultIds],
      connections: tally?.connections ?? 0,
      counts: tally?.counts ?? { accepted: 0, deferred: 0, rejected: 0, refused: 0 },
      history: (tally?.history(now()) ?? NO_STEPS).map(([...step]) => step),
    };
  }

  const stops = [
    hosts.events.on((name) => {
      if (!hosts.has(name)) tallies.delete(name);
      else if (!tallies.has(name)) tallies.set(name, new HostTally());
      events.emit(name);
    }),
    sessions.events.on((event) => {
      if (event.type === 'session.line') return;
      const { session } = event;
      const closed = event.type === 'session.closed';
      count(session.host, (tally) => (tally.connections += closed ? -1 : 1));
      const outcome = closed ? outcomeOf(session) : null;
      if (outcome !== null) add(session.host, outcome);
    }),
    store.events.on((event) => {
      if (event.type === 'message.added') {
        const { host, sessionId } = event.kept.message.origin;
        if (sessionId !== null) add(host, 'accepted');
      }
      if (event.type !== 'delivery.changed') return;
      for (const { host, stage, sessionId, outcome } of triedNow(event.delivery, event.was)) {
        // What a host takes from our own queue is no new message, and one that is down has no conversation to tell of.
        if (outcome === 'delivered') add(host, 'accepted');
        else if (stage === 'connect' && sessionId === null) add(host, 'refused');
      }
    }),
    refusals.events.on(({ sessionId, code, stage, recipient }) => {
      // That no recipient is left follows from their own refusals.
      if (stage === 'data' && recipient === null) return;
      const host = sessions.get(sessionId)?.host;
      if (host !== undefined) add(host, code < 500 ? 'deferred' : 'rejected');
    }),
  ];
  // Time goes by in a history also while nothing happens.
  const moving = new Set<string>();
  const steps = setInterval(() => {
    for (const [name, tally] of tallies) {
      const still = tally.history(now()) === null;
      if (!still || moving.has(name)) events.emit(name);
      if (still) moving.delete(name);
      else moving.add(name);
    }
  }, STEP);
  steps.unref();

  return {
    events,
    // Mailrig's own servers first.
    list: () =>
      hosts
        .list()
        .map(shown)
        .sort((a, b) => Number(a.receiver !== null) - Number(b.receiver !== null)),
    find: (name) => (hosts.has(name) ? shown(hosts.named(name)) : null),
    named: (name) => shown(hosts.named(name)),
    close() {
      clearInterval(steps);
      for (const stop of stops) stop();
    },
  };
}
