// Tells live readers of faults, receivers, hosts and the clock: at once, and then not each of many in a row.

import type { Unsubscribe } from '../../base/events.ts';
import type { HttpDeps, HttpLimits } from '../deps.ts';
import type { Board } from '../sandbox/board.ts';
import { clockOf } from '../sandbox/clock.ts';
import { receiverOf } from '../sandbox/receivers.ts';
import { coalesced } from './followed.ts';
import type { Happening } from './ring.ts';

export interface SandboxParts extends Pick<HttpDeps, 'faults' | 'clock' | 'receivers' | 'hosts' | 'waiting'> {
  readonly board: Board;
  readonly limits: Pick<HttpLimits, 'sandboxEvery' | 'pending'>;
}

export function followSandbox(parts: SandboxParts, tell: (happening: Happening) => void): Unsubscribe {
  const { faults, clock, receivers, board, limits } = parts;
  const every = limits.sandboxEvery;
  let over = false;
  const telling =
    <T>(make: (what: T) => Happening | null) =>
    (what: T): void => {
      const happening = over ? null : make(what);
      if (happening !== null) tell(happening);
    };

  const listChanged = coalesced(
    every,
    telling((type: 'fault.changed') => ({ type, faults: faults.list() })),
  );
  const hit = coalesced(
    every,
    telling((id: string) => {
      const fault = faults.get(id);
      const [newest] = fault === undefined ? [] : faults.hits(id);
      return fault === undefined || newest === undefined ? null : { type: 'fault.hit', hit: newest, hits: fault.hits };
    }),
  );
  const hostChanged = coalesced(
    every,
    telling((name: string) => {
      const host = board.find(name);
      return host && { type: 'host.changed', host };
    }),
  );
  const receiverChanged = coalesced(
    every,
    telling((domain: string) => {
      const receiver = receivers.get(domain);
      return { type: 'receiver.changed', domain, receiver: receiver ? receiverOf(receiver, parts) : null };
    }),
  );
  /** What was told of as due. */
  let due = '';
  const clockChanged = coalesced(
    every,
    telling((why: 'moved' | 'planned') => {
      const now = clockOf(clock, limits.pending);
      const before = due;
      due = JSON.stringify(now.pending);
      // What is due later than all that is told of changes nothing.
      return why === 'planned' && due === before ? null : { type: 'clock.changed', clock: now };
    }),
  );

  const stops = [
    faults.events.on((event) => (event.type === 'fault.changed' ? listChanged(event.type) : hit(event.fault.id))),
    board.events.on(hostChanged),
    receivers.events.on(receiverChanged),
    clock.moved.on(() => clockChanged('moved')),
    clock.planned.on(() => clockChanged('planned')),
  ];
  return () => {
    over = true;
    for (const stop of stops) stop();
  };
}
