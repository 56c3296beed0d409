// Which rules are asked at which stage, in their order: made anew when the list changes, so that a question finds them at once.

import { cellAt } from './cells.ts';
import type { Standing } from './standing.ts';
import { STAGES } from './stages.ts';
import type { FaultProtocol, Stage } from './stages.ts';

export type Places = Readonly<Record<FaultProtocol, ReadonlyMap<Stage, readonly Standing[]>>>;

/** A rule for `any` stands at every stage at which something is answered. */
const isFor = (stage: Stage, at: Stage, protocol: FaultProtocol): boolean =>
  stage === at || (stage === 'any' && (cellAt(protocol, at)?.endings.includes('reply') ?? false));

function placesOf(protocol: FaultProtocol, standings: readonly Standing[]): ReadonlyMap<Stage, readonly Standing[]> {
  const own = standings.filter(({ compiled }) => compiled.protocol === protocol);
  const entries =
    own.length === 0 ? [] : STAGES[protocol].map((at) => [at, own.filter(({ fault }) => isFor(fault.on.stage, at, protocol))] as const);
  return new Map(entries.filter(([, list]) => list.length > 0));
}

/** Rules that are paused, or made of an address, are not among them. */
export function places(standings: readonly Standing[]): Places | null {
  const asked = standings.filter(({ fault }) => fault.enabled && fault.source !== 'magic');
  if (asked.length === 0) return null;
  return { smtp: placesOf('smtp', asked), imap: placesOf('imap', asked), pop3: placesOf('pop3', asked) };
}
