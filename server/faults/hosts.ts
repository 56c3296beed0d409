// The hosts and the state of each: rules in the list for most of them, and for `down` nobody listens.

import type { SandboxClock } from '../base/clock.ts';
import { Refusal } from '../base/errors.ts';
import { createEvents } from '../base/events.ts';
import type { Events } from '../base/events.ts';
import { nearest } from '../base/nearest.ts';
import type { Faults } from './faults.ts';
import { checkState, rulesOf } from './host-rules.ts';
import type { HostState } from './presets.ts';
import type { FaultProtocol } from './stages.ts';

/** A server as its state needs to know it. */
export interface HostPlace {
  readonly name: string;
  readonly protocol: FaultProtocol;
  /** Stops listening and ends its sessions, or listens again; throws Refusal `conflict` where it cannot. */
  readonly listening: (on: boolean) => Promise<void>;
}

export interface HostStanding {
  readonly name: string;
  readonly protocol: FaultProtocol;
  readonly state: HostState;
  /** On the clock: then it is up again. */
  readonly until: number | null;
  /** The rules that its state stands for. */
  readonly faultIds: readonly string[];
}

/** What outlives a restart. */
export type KeptHost = Pick<HostStanding, 'name' | 'state' | 'until' | 'faultIds'>;

export interface Hosts {
  /** The name of one whose standing has changed, that came or went. */
  readonly events: Events<string>;
  list(): readonly HostStanding[];
  has(name: string): boolean;
  /** Throws Refusal `not-found`. */
  named(name: string): HostStanding;
  /** For `lasting` ms of the clock, then up. Throws Refusal `not-found`, `unprocessable`, or `conflict` where it cannot listen. */
  set(name: string, state: string, lasting?: number | null): Promise<HostStanding>;
  /** It listens, and is up; or it does not yet, and is down. */
  add(place: HostPlace, state?: 'up' | 'down'): void;
  /** Its rules go with it; whoever gave it lets it listen no longer. */
  remove(name: string): Promise<void>;
  /** All up. Who cannot listen again is tried on. */
  reset(): Promise<void>;
  /** Where it was put back, a state lasts no longer from now on than it was to last. */
  clockMoved(): void;
  /** As they stood; the rules have been put back already. */
  restore(kept: readonly KeptHost[]): Promise<void>;
  stop(): void;
}

export interface HostsParts {
  readonly places: readonly HostPlace[];
  readonly faults: Faults;
  readonly clock: SandboxClock;
  readonly report: (error: unknown) => void;
  /** Between two tries to listen again, real ms. */
  readonly retryEvery?: number;
}

interface Standing extends HostStanding {
  state: HostState;
  until: number | null;
  /** For how long it was put into its state, ms. */
  lasting: number;
  faultIds: readonly string[];
  readonly place: HostPlace;
  unschedule: () => void;
  retry: NodeJS.Timeout | undefined;
  /** One change after the other. */
  busy: Promise<unknown>;
}

const RETRY = 1000;

const standingAt = (place: HostPlace, state: 'up' | 'down' = 'up'): Standing => ({
  name: place.name,
  protocol: place.protocol,
  state,
  until: null,
  lasting: 0,
  faultIds: [],
  place,
  unschedule: () => undefined,
  retry: undefined,
  busy: Promise.resolve(),
});

const shown = ({ name, protocol, state, until, faultIds }: Standing): HostStanding => ({ name, protocol, state, until, faultIds });

export function createHosts({ places, faults, clock, report, retryEvery = RETRY }: HostsParts): Hosts {
  const events = createEvents<string>(report);
  const standings = new Map(places.map((place) => [place.name, standingAt(place)]));
  let stopped = false;

  function sure(name: string): Standing {
    const standing = standings.get(name);
    if (standing) return standing;
    const meant = nearest(name, [...standings.keys()]);
    throw new Refusal('not-found', `there is no host ${name}${meant === null ? '' : `, ${meant} may be meant`}`);
  }

  function settle(standing: Standing, state: HostState, until: number | null): void {
    standing.unschedule();
    clearTimeout(standing.retry);
    standing.state = state;
    standing.until = until;
    standing.lasting = until === null ? 0 : until - clock.now();
    standing.unschedule =
      until === null ? () => undefined : clock.schedule({ at: until, kind: 'host', id: standing.name }, () => upAgain(standing));
    events.emit(standing.name);
  }

  /** Its time is over. */
  async function upAgain(standing: Standing): Promise<string> {
    try {
      await change(standing, 'up', null);
      return 'up';
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      tryOn(standing);
      return 'down';
    }
  }

  function tryOn(standing: Standing): void {
    clearTimeout(standing.retry);
    if (stopped || standings.get(standing.name) !== standing) return;
    standing.retry = setTimeout(() => void upAgain(standing).catch(report), retryEvery);
    standing.retry.unref();
  }

  async function apply(standing: Standing, state: HostState, until: number | null): Promise<void> {
    const { place, name, protocol } = standing;
    if (standing.state === 'down' && state !== 'down') await place.listening(true);
    const old = standing.faultIds;
    standing.faultIds = [];
    for (const id of old) faults.remove(id);
    if (state === 'down' && standing.state !== 'down') await place.listening(false);
    standing.faultIds = rulesOf(state, protocol, name).map((rule) => faults.add(rule, 'preset').id);
    settle(standing, state, until);
  }

  function change(standing: Standing, state: HostState, until: number | null): Promise<void> {
    const changed = standing.busy.then(() => apply(standing, state, until));
    standing.busy = changed.catch(() => undefined);
    return changed;
  }

  // Whoever takes away the rules of a state ends it.
  const unsubscribe = faults.events.on(({ type }) => {
    if (type !== 'fault.changed') return;
    for (const standing of standings.values()) {
      if (standing.faultIds.length === 0) continue;
      const left = standing.faultIds.filter((id) => faults.get(id) !== undefined);
      if (left.length === standing.faultIds.length) continue;
      standing.faultIds = left;
      if (left.length === 0) settle(standing, 'up', null);
      else events.emit(standing.name);
    }
  });

  return {
    events,
    list: () => [...standings.values()].map(shown),
    has: (name) => standings.has(name),
    named: (name) => shown(sure(name)),
    async set(name, written, lasting = null) {
      const standing = sure(name);
      const state = checkState(written, standing.protocol);
      await change(standing, state, lasting === null || state === 'up' ? null : clock.now() + lasting);
      return shown(standing);
    },
    add(place, state) {
      standings.set(place.name, standingAt(place, state));
      events.emit(place.name);
    },
    async remove(name) {
      const standing = sure(name);
      await standing.busy;
      standing.unschedule();
      clearTimeout(standing.retry);
      standings.delete(name);
      const { faultIds } = standing;
      standing.faultIds = [];
      for (const id of faultIds) faults.remove(id);
      events.emit(name);
    },
    async reset() {
      await Promise.all([...standings.values()].filter(({ state }) => state !== 'up').map(upAgain));
    },
    clockMoved() {
      const now = clock.now();
      for (const standing of standings.values()) {
        const { state, until, lasting } = standing;
        if (until !== null && until > now + lasting) settle(standing, state, now + lasting);
      }
    },
    async restore(kept) {
      for (const { name, state, until, faultIds } of kept) {
        const standing = standings.get(name);
        if (standing === undefined) {
          // It is no host any more.
          for (const id of faultIds) faults.remove(id);
          continue;
        }
        standing.faultIds = faultIds.filter((id) => faults.get(id) !== undefined);
        if (state === 'down') await standing.place.listening(false);
        if (state === 'down' || standing.faultIds.length > 0) settle(standing, state, until);
      }
    },
    stop() {
      stopped = true;
      unsubscribe();
      for (const standing of standings.values()) {
        standing.unschedule();
        clearTimeout(standing.retry);
      }
    },
  };
}
