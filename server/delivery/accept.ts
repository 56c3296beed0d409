// What a receiver's host does with a message that it has taken: one of our own queue is the same message again, any other is a new one.

import type { Clock } from '../base/clock.ts';
import type { Delivery } from '../mail/delivery.ts';
import type { MessageId } from '../mail/message.ts';
import { singleOf } from '../mail/trace.ts';
import type { Submission } from '../smtp/deps.ts';
import type { Change } from '../store/changes.ts';
import type { Store } from '../store/store.ts';
import type { Receiver } from './receivers/receiver.ts';
import { dispatch } from './recipients.ts';
import type { Arriving } from './submit.ts';

/** What one of our own connections is carrying: deliveries that have come the same way. */
export interface Carried {
  readonly messageId: MessageId;
  readonly deliveries: readonly Delivery[];
}

export interface Acceptance {
  /** A connection of ours to a host, known by our side of it; returns how to forget it. */
  register(host: string, client: string, carried: () => Carried | null): () => void;
  /** What the host is given as its `submit`. */
  submitAt(host: string): (submission: Submission) => Promise<MessageId>;
}

export interface AcceptanceParts {
  readonly store: Store;
  /** The sandbox's. */
  readonly clock: Clock;
  readonly ids: () => string;
  readonly receiverOf: (address: string) => Receiver | undefined;
  readonly submit: (submission: Arriving) => Promise<MessageId>;
}

export function createAcceptance({ store, clock, ids, receiverOf, submit }: AcceptanceParts): Acceptance {
  const ours = new Map<string, () => Carried | null>();
  /** The system gives connections to different hosts the same port at the same time. */
  const keyOf = (host: string, client: string): string => `${host} ${client}`;

  async function acceptAgain(carried: Carried, host: string, { envelope, origin }: Submission): Promise<MessageId> {
    const { messageId } = carried;
    const { sender, recipients } = envelope;
    const at = clock.now();
    const hops = [...(carried.deliveries[0]?.hops ?? []), { origin, id: messageId, recipient: singleOf(recipients), at }];
    const { entries, deliveries } = dispatch({ messageId, sender, recipients, at, ids, receiverOf, takenBy: host, hops });
    const changes: Change[] = [];
    if (entries.length > 0) changes.push({ type: 'message.accepted', id: messageId, hops, entries });
    if (deliveries.length > 0) changes.push({ type: 'deliveries.queued', deliveries });
    await store.commit(changes);
    return messageId;
  }

  return {
    register(host, client, carried) {
      const key = keyOf(host, client);
      ours.set(key, carried);
      return () => {
        // Its port may be another's by now.
        if (ours.get(key) === carried) ours.delete(key);
      };
    },
    submitAt: (host) => (submission) => {
      const { client } = submission.origin;
      const carried = client === null ? null : (ours.get(keyOf(host, client))?.() ?? null);
      return carried ? acceptAgain(carried, host, submission) : submit({ ...submission, takenBy: host });
    },
  };
}
