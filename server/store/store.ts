// The store: state = fold of changes; bodies beside it; one way to change anything.

import { Low, Memory } from 'lowdb';
import type { Clock } from '../base/clock.ts';
import type { Events } from '../base/events.ts';
import { createEvents } from '../base/events.ts';
import { Refusal } from '../base/errors.ts';
import type { MessageId } from '../mail/message.ts';
import type { StoreEvent } from './apply.ts';
import { apply } from './apply.ts';
import type { Bodies, BodyRef } from './bodies.ts';
import type { Change, Outcome } from './changes.ts';
import type { Journal } from './journal.ts';
import type { State } from './state.ts';
import { EVERYONE, emptyState } from './state.ts';

export interface Store {
  /** Read synchronously; written by commit() alone. */
  readonly state: State;
  readonly events: Events<StoreEvent>;
  /** The clock that arrival times come from. */
  readonly clock: Clock;
  /** Keeps raw bytes; they belong to nothing until a change names them. */
  put(raw: Buffer): Promise<BodyRef>;
  /** Journal, then apply, then events, then resolves. All the changes are made, or none. One outcome for each change. */
  commit(changes: readonly Change[]): Promise<readonly Outcome[]>;
  /** Throws `Refusal` not-found. */
  body(id: MessageId): Promise<Buffer>;
  bodyRange(id: MessageId, start: number, end: number): Promise<Buffer>;
}

export interface StoreParts {
  readonly journal: Journal;
  readonly bodies: Bodies;
  readonly clock: Clock;
  /** Real time at which this store is opened, ms. */
  readonly openedAt: number;
  readonly report: (error: unknown) => void;
}

export async function openStore({ journal, bodies, clock, openedAt, report }: StoreParts): Promise<Store> {
  const db = new Low<State>(new Memory<State>(), emptyState());
  const events = createEvents<StoreEvent>(report);
  await journal.replay((change) => void apply(db.data, change, () => undefined));

  async function commit(changes: readonly Change[]): Promise<readonly Outcome[]> {
    const written = journal.append(changes);
    if (written) await written;
    const happened: StoreEvent[] = [];
    const outcomes = changes.map((change) => apply(db.data, change, (event) => happened.push(event)));
    const dropped: BodyRef[] = [];
    for (const event of happened) {
      if (event.type === 'messages.deleted') for (const kept of event.messages) dropped.push(kept.body);
      events.emit(event);
    }
    if (dropped.length > 0) await bodies.drop(dropped);
    return outcomes;
  }

  function refOf(id: MessageId): BodyRef {
    const kept = db.data.messages.get(id);
    if (!kept) throw new Refusal('not-found', `no message ${id}`);
    return kept.body;
  }

  await commit([
    { type: 'store.opened', at: openedAt },
    { type: 'account.opened', account: EVERYONE },
  ]);
  return {
    state: db.data,
    events,
    clock,
    put: (raw) => bodies.put(raw),
    commit,
    body: async (id) => bodies.get(refOf(id)),
    bodyRange: async (id, start, end) => bodies.get(refOf(id), start, end),
  };
}
