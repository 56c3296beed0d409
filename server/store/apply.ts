// Makes one change: deterministic, no clock, no chance, no I/O.

import type { Change, Outcome } from './changes.ts';
import { deliveryAppliers } from './delivery-changes.ts';
import type { Appliers, Tell } from './events.ts';
import { mailboxAppliers } from './mailbox-changes.ts';
import { messageAppliers } from './message-changes.ts';
import type { State } from './state.ts';

const appliers: Appliers = { ...mailboxAppliers, ...messageAppliers, ...deliveryAppliers };

/** The same changes in the same order give the same state, on every machine. */
export function apply(state: State, change: Change, tell: Tell): Outcome {
  const applier = appliers[change.type] as (state: State, change: Change, tell: Tell) => Outcome;
  return applier(state, change, tell);
}
