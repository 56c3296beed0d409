// The store: state = fold of changes; bodies beside it; one way to change anything.

import type { Adapter } from 'lowdb';
import { Low, Memory } from 'lowdb';
import type { Clock } from '../base/clock.ts';
import type { Events } from '../base/events.ts';
import { createEvents } from '../base/events.ts';
import { Refusal } from '../base/errors.ts';
import type { MessageId } from '../mail/message.ts';
import type { StoreEvent } from './events.ts';
import { apply } from './apply.ts';
import { createMemoryBodies } from './bodies.ts';
import type { Bodies, BodyRef } from './bodies.ts';
import type { Change, Outcome } from './changes.ts';
import { memoryJournal } from './journal.ts';
import type { Journal } from './journal.ts';
import type { Kept, State } from './state.ts';
import { EVERYONE, emptyState } from './state.ts';

export interface Store {
  /** Read synchronously; written by commit() alone. */
  readonly state: State;
  readonly events: Events<StoreEvent>;
  /** The clock that arrival times come from. */
  readonly clock: Clock;
  readonly signatures: Bodies | null;
  /** Keeps raw bytes; they belong to nothing until a change names them. */
  put(raw: Buffer): Promise<BodyRef>;
  /** Journal, then apply, then events, then resolves. All the changes are made, or none. One outcome for each change. */
  commit(changes: readonly Change[]): Promise<readonly Outcome[]>;
  /** Throws `Refusal` not-found. */
  body(id: MessageId): Promise<Buffer>;
  bodyRange(id: MessageId, start: number, end: number): Promise<Buffer>;
}

export interface StoreParts {
  /** Where the state comes from: lowdb's `Memory`, or a folder. */
  readonly adapter: Adapter<State>;
  readonly journal: Journal;
  readonly bodies: Bodies;
  /** Where signatures of texts are kept; null where they are made anew at every start. */
  readonly signatures: Bodies | null;
  readonly clock: Clock;
  /** Real time at which this store is opened, ms. */
  readonly openedAt: number;
  readonly report: (error: unknown) => void;
}

/** The parts of a store that is gone with its process. */
export const inMemory = (): Pick<StoreParts, 'adapter' | 'journal' | 'bodies' | 'signatures'> => ({
  adapter: new Memory<State>(),
  journal: memoryJournal,
  bodies: createMemoryBodies(),
  signatures: null,
});

export async function openStore({ adapter, journal, bodies, signatures, clock, openedAt, report }: StoreParts): Promise<Store> {
  const db = new Low<State>(adapter, emptyState());
  await db.read();
  const events = createEvents<StoreEvent>(report);

  async function commit(changes: readonly Change[]): Promise<readonly Outcome[]> {
    const written = journal.append(changes);
    if (written) await written;
    const happened: StoreEvent[] = [];
    const outcomes = changes.map((change) => apply(db.data, change, (event) => happened.push(event)));
    const forgotten: Kept[] = [];
    const changed = new Set<Kept>();
    for (const event of happened) {
      if (event.type === 'message.changed') {
        // Once for all that a commit does to it: a thousand of its recipients may have been tried together.
        if (changed.has(event.kept)) continue;
        changed.add(event.kept);
      }
      if (event.type === 'messages.forgotten') forgotten.push(...event.messages);
      events.emit(event);
    }
    // Nobody waits for room to be made.
    if (forgotten.length > 0) {
      bodies.drop(forgotten.map(({ body }) => body)).catch(report);
      signatures?.drop(forgotten.flatMap(({ indexed }) => indexed?.signature ?? [])).catch(report);
    }
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
    signatures,
    put: (raw) => bodies.put(raw),
    commit,
    body: async (id) => bodies.get(refOf(id)),
    bodyRange: async (id, start, end) => bodies.get(refOf(id), start, end),
  };
}
