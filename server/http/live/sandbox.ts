// Tells live readers of faults, hosts and the clock: at once, and then not each of many in a row.

import type { Unsubscribe } from '../../base/events.ts';
import type { HttpDeps, HttpLimits } from '../deps.ts';
import type { Board } from '../sandbox/board.ts';
import { clockOf } from '../sandbox/clock.ts';
import { coalesced } from './followed.ts';
import type { Happening } from './ring.ts';

export interface SandboxParts extends Pick<HttpDeps, 'faults' | 'clock'> {
  readonly board: Board;
  readonly limits: Pick<HttpLimits, 'sandboxEvery' | 'pending'>;
}

export function followSandbox({ faults, clock, board, limits }: SandboxParts, tell: (happening: Happening) => void): Unsubscribe {
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
    telling((name: string) => ({ type: 'host.changed', host: board.named(name) })),
  );
  const clockMoved = coalesced(
    every,
    telling((type: 'clock.changed') => ({ type, clock: clockOf(clock, limits.pending) })),
  );

  const stops = [
    faults.events.on((event) => (event.type === 'fault.changed' ? listChanged(event.type) : hit(event.fault.id))),
    board.events.on(hostChanged),
    clock.moved.on(() => clockMoved('clock.changed')),
  ];
  return () => {
    over = true;
    for (const stop of stops) stop();
  };
}
