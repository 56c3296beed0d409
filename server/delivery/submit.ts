// The one way in for a message that was sent: finds where each recipient's copy goes and keeps everything in one commit.

import type { SandboxClock } from '../base/clock.ts';
import { Refusal } from '../base/errors.ts';
import { headerFacts } from '../mail/facts.ts';
import type { Message, MessageId } from '../mail/message.ts';
import type { Change } from '../store/changes.ts';
import { makeRoom, roomChanges } from '../store/retention.ts';
import type { RetentionLimits, Room } from '../store/retention.ts';
import type { Store } from '../store/store.ts';
import type { Submission } from '../smtp/deps.ts';
import type { Receiver } from './receivers/receiver.ts';
import { dispatch } from './recipients.ts';

export interface SubmitParts {
  readonly store: Store;
  readonly ids: () => string;
  readonly limits: RetentionLimits;
  /** Without it everything is here. */
  readonly outward?: Outward;
}

export interface Outward {
  /** The sandbox's: by it deliveries are due. */
  readonly clock: Pick<SandboxClock, 'now' | 'offset'>;
  /** Undefined for a domain that is here. */
  readonly receiverOf: (address: string) => Receiver | undefined;
}

const HERE: Outward = { clock: { now: () => 0, offset: 0 }, receiverOf: () => undefined };

/**
 * A message on its way in: `receivedAt` (ms since 1970) where it has arrived before, elsewhere, and is at its end; `takenBy` is the receiver's host that
 * took it.
 */
export type Arriving = Submission & { readonly receivedAt?: number; readonly takenBy?: string };

/** Answers the message's id once it is kept; throws Refusal `storage-full` where there is no room. */
export function createSubmit({ store, ids, limits, outward = HERE }: SubmitParts): (submission: Arriving) => Promise<MessageId> {
  const tellFull = (limit: 'maxMessages' | 'maxSize' | 'data'): void => store.events.emit({ type: 'storage.full', limit });

  function roomFor(size: number): Room {
    const { maxMessages, maxSize } = limits;
    const room = makeRoom(store.state, limits, size);
    if (room) return room;
    // The store is not full for that: nothing that goes would make room.
    if (maxSize > 0 && size > maxSize) throw new Refusal('storage-full', 'the message is larger than all may be together (maxSize)');
    const limit = maxMessages > 0 && store.state.arrivals.length >= maxMessages ? 'maxMessages' : 'maxSize';
    tellFull(limit);
    throw new Refusal('storage-full', `storage is full (${limit}), and every message in it is pinned or still to be delivered`);
  }

  /** What the store itself refuses is what the folder of `data` has no room for. */
  async function writing<T>(written: Promise<T>): Promise<T> {
    try {
      return await written;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'storage-full') tellFull('data');
      throw error;
    }
  }

  return async function submit({ envelope, refused, raw, origin, receivedAt, takenBy = null }) {
    roomFor(raw.length);
    const { header, defects } = headerFacts(raw);
    const body = await writing(store.put(raw));
    const room = roomFor(raw.length);
    const id = ids();
    const now = store.clock.now();
    const at = outward.clock.now();
    const { entries, deliveries } = dispatch({
      ...envelope,
      messageId: id,
      at,
      ids,
      receiverOf: (receivedAt === undefined ? outward : HERE).receiverOf,
      takenBy,
    });
    const message: Message = {
      id,
      receivedAt: receivedAt ?? now,
      ...(receivedAt === undefined && outward.clock.offset !== 0 && { clockOffset: at - now }),
      size: raw.length,
      envelope,
      refused,
      header,
      origin,
      defects,
    };
    const added: Change = { type: 'message.added', message, body, captured: true, entries, ...(deliveries.length > 0 && { deliveries }) };
    await writing(store.commit([...roomChanges(room), added]));
    return message.id;
  };
}
