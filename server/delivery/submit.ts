// The one way in for a message that was sent: finds where each recipient's copy goes and keeps everything in one commit.

import { Refusal } from '../base/errors.ts';
import { accountOf } from '../mail/address.ts';
import { headerFacts } from '../mail/facts.ts';
import type { Message, MessageId } from '../mail/message.ts';
import type { Change, NewEntry } from '../store/changes.ts';
import { makeRoom, roomChanges } from '../store/retention.ts';
import type { RetentionLimits, Room } from '../store/retention.ts';
import type { Store } from '../store/store.ts';
import type { Submission } from '../smtp/deps.ts';

export interface SubmitParts {
  readonly store: Store;
  readonly ids: () => string;
  readonly limits: RetentionLimits;
}

/** A message on its way in: `receivedAt` (ms since 1970) where it has arrived before, elsewhere. */
export type Arriving = Submission & { readonly receivedAt?: number };

/** Two addresses of one account make one entry, with a Delivered-To line for each. */
function localEntries(recipients: readonly { readonly address: string }[]): NewEntry[] {
  const byAccount = new Map<string, string[]>();
  for (const { address } of recipients) {
    const account = accountOf(address);
    const addresses = byAccount.get(account);
    if (!addresses) byAccount.set(account, [address]);
    else if (!addresses.includes(address)) addresses.push(address);
  }
  return Array.from(byAccount, ([account, deliveredTo]) => ({ account, mailbox: 'INBOX', deliveredTo }));
}

/** Answers the message's id once it is kept; throws Refusal `storage-full` where there is no room. */
export function createSubmit({ store, ids, limits }: SubmitParts): (submission: Arriving) => Promise<MessageId> {
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

  return async function submit({ envelope, refused, raw, origin, receivedAt }) {
    roomFor(raw.length);
    const { header, defects } = headerFacts(raw);
    const body = await writing(store.put(raw));
    const room = roomFor(raw.length);
    const message: Message = {
      id: ids(),
      receivedAt: receivedAt ?? store.clock.now(),
      size: raw.length,
      envelope,
      refused,
      header,
      origin,
      defects,
    };
    const added: Change = { type: 'message.added', message, body, captured: true, entries: localEntries(envelope.recipients) };
    await writing(store.commit([...roomChanges(room), added]));
    return message.id;
  };
}
