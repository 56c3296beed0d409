// A rule as it stands in the list: its own words, what it counts, whom it holds; and what is kept of each time that it stepped in.

import type { Clock } from '../base/clock.ts';
import type { Compiled, Strike } from './compile.ts';
import type { Decision, FaultPoint } from './decide.ts';
import type { Fault, Hit } from './fault.ts';
import type { Gate } from './gate.ts';

export interface Standing {
  fault: Fault;
  compiled: Compiled;
  /** The oldest first. */
  hits: Hit[];
  /** Whoever is held waits before it. */
  readonly gate: Gate;
  /** Takes back what is scheduled for the end of its life. */
  unschedule: () => void;
}

/** Its end is scheduled too, but a timer may be late. */
export const isOver = ({ fault: { expiresAt } }: Standing, clock: Clock): boolean => expiresAt !== null && expiresAt <= clock.now();

/** What was done, for people. */
function outcomeOf({ ending, modifiers }: Strike): string {
  switch (ending.kind) {
    case 'reply':
      return ending.reply.lines.at(-1) ?? '';
    case 'accept':
      return `accept, then ${typeof ending.then === 'string' ? ending.then : (ending.then.lines.at(-1) ?? '')}`;
    case 'truncate':
      return `truncate, then ${ending.then}`;
    case 'corrupt':
      return ending.how;
    case 'pass':
      return Object.keys(modifiers).join(', ') || 'pass';
    default:
      return ending.kind;
  }
}

/** Keeps the hit, `limit` of them at most. */
export function recordHit(standing: Standing, point: FaultPoint, strike: Strike, at: number, limit: number): Hit {
  const { fault, hits } = standing;
  const { sessionId, stage, sender } = point;
  const hit: Hit = { at, faultId: fault.id, sessionId, stage, sender, recipient: strike.recipient, outcome: outcomeOf(strike) };
  standing.fault = { ...fault, hits: fault.hits + 1, lastHitAt: at };
  hits.push(hit);
  if (hits.length > limit) hits.shift();
  return hit;
}

export const decisionOf = ({ fault, gate }: Standing, { modifiers, ending }: Strike): Decision => ({
  faultId: fault.id,
  modifiers,
  ending,
  released: gate.opened,
});
