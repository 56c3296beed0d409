// Keeping deliveries: with their message, by id, and the open ones apart. Called by apply() alone, but for what reads.

import { accountOf } from '../mail/address.ts';
import type { Attempt, Delivery, DeliveryState } from '../mail/delivery.ts';
import { isOpen, KEPT_ATTEMPTS, unheard } from '../mail/delivery.ts';
import type { Hop } from '../mail/trace.ts';
import type { Tell } from './events.ts';
import type { Kept, RecipientState, State } from './state.ts';

/** By id, and among the open ones where it is not over. */
export function indexDelivery(state: State, delivery: Delivery): void {
  state.deliveries.set(delivery.id, delivery);
  if (isOpen(delivery)) state.openDeliveries.set(delivery.id, delivery);
  else state.openDeliveries.delete(delivery.id);
}

function unindex(state: State, { id }: Delivery): void {
  state.deliveries.delete(id);
  state.openDeliveries.delete(id);
}

/** Recipients in the order in which the client named them; those of nobody's envelope last. */
function inEnvelopeOrder({ message }: Kept, recipients: readonly RecipientState[]): RecipientState[] {
  const places = new Map(message.envelope.recipients.map(({ address }, place) => [address, place]));
  const placeOf = ({ recipient }: RecipientState): number => places.get(recipient) ?? Infinity;
  return [...recipients].sort((a, b) => (placeOf(a) < placeOf(b) ? -1 : placeOf(a) > placeOf(b) ? 1 : 0));
}

/** Queues deliveries of a message; an id that is known is left out. Answers how many were new. */
export function addDeliveries(state: State, kept: Kept, deliveries: readonly Delivery[], tell: Tell): number {
  const fresh = [...new Map(deliveries.map((delivery) => [delivery.id, delivery])).values()].filter(({ id }) => !state.deliveries.has(id));
  if (fresh.length === 0) return 0;
  state.saving?.before(kept);
  const known = new Set(kept.recipients.map(({ recipient }) => recipient));
  const more: RecipientState[] = [];
  for (const { id, recipient } of fresh) {
    if (id > state.newestId) state.newestId = id;
    const { address } = recipient;
    if (known.has(address)) continue;
    known.add(address);
    more.push({ recipient: address, account: accountOf(address), seen: null, removed: null, pending: true });
  }
  if (more.length > 0) kept.recipients = inEnvelopeOrder(kept, kept.recipients.concat(more));
  kept.deliveries = kept.deliveries.concat(fresh);
  for (const delivery of fresh) {
    indexDelivery(state, delivery);
    tell({ type: 'delivery.changed', delivery, was: null });
  }
  return fresh.length;
}

/** Puts delivery `next` in the place of the one that has its id. */
export function replaceDelivery(state: State, was: Delivery, next: Delivery, tell: Tell): void {
  const kept = state.messages.get(was.messageId);
  // In place: a thousand of them may be tried at once.
  if (kept) (kept.deliveries as Delivery[])[kept.deliveries.indexOf(was)] = next;
  indexDelivery(state, next);
  tell({ type: 'delivery.changed', delivery: next, was });
}

/** A host has taken what was being carried to it, for these recipients: it is there, whether that is heard or not. */
export function markTaken(state: State, kept: Kept, recipients: ReadonlySet<string>, hops: readonly Hop[]): void {
  const taken = hops.at(-1);
  if (!taken) return;
  for (const [i, was] of kept.deliveries.entries()) {
    if (was.state !== 'active' || !recipients.has(was.recipient.address) || (was.hops?.length ?? 0) !== hops.length - 1) continue;
    const next = { ...was, taken };
    (kept.deliveries as Delivery[])[i] = next;
    indexDelivery(state, next);
  }
}

/** A delivery whose try is over. */
export function withoutTaken({ taken: _taken, ...delivery }: Delivery): Delivery {
  return delivery;
}

/** After so many more attempts. */
export const withAttempts = (
  { attempts, attemptCount }: Delivery,
  more: readonly Attempt[],
): Pick<Delivery, 'attempts' | 'attemptCount'> => ({
  attempts: attempts.concat(more).slice(-KEPT_ATTEMPTS),
  attemptCount: attemptCount + more.length,
});

/** Nobody is trying it any more: it is due again, unless a host has it. */
function afterConversation(was: Delivery): Delivery {
  if (!was.taken) return { ...was, state: 'queued', nextAttemptAt: was.nextAttemptAt ?? was.attempts.at(-1)?.at ?? was.queuedAt };
  const attempt = unheard(was, was.taken);
  return {
    ...withoutTaken(was),
    ...withAttempts(was, [attempt]),
    state: 'delivered',
    nextAttemptAt: null,
    rounds: attempt.round,
    via: attempt.host,
  };
}

/** Deliveries go with their messages: they stay with those in the trash, where nobody finds them. */
export function dropDeliveries(state: State, messages: readonly Kept[], tell: Tell): void {
  const gone: Delivery[] = [];
  for (const kept of messages) {
    for (const delivery of kept.deliveries) {
      unindex(state, delivery);
      gone.push(delivery);
    }
  }
  if (gone.length > 0) tell({ type: 'deliveries.forgotten', deliveries: gone });
}

/**
 * Deliveries come back with their message. The open ones wait for a person: they may be long overdue, and whoever undoes a deletion wants to see the
 * message again, not to send what the deletion has stopped.
 */
export function bringBackDeliveries(state: State, kept: Kept, tell: Tell): void {
  if (kept.deliveries.length === 0) return;
  kept.deliveries = kept.deliveries
    .map((delivery) => (delivery.taken ? afterConversation(delivery) : delivery))
    .map((delivery) => (isOpen(delivery) ? { ...delivery, state: 'held', nextAttemptAt: null } : delivery));
  for (const delivery of kept.deliveries) {
    indexDelivery(state, delivery);
    tell({ type: 'delivery.changed', delivery, was: null });
  }
}

/** Whatever was being tried when the process ended is due, since its last attempt or since it was queued; or delivered, where a host has it. */
export function endConversations(state: State, tell: Tell): void {
  for (const was of [...state.openDeliveries.values()]) {
    if (was.state === 'active') replaceDelivery(state, was, afterConversation(was), tell);
  }
}

/** Forgets deliveries that are over; how they ended stays with the recipient. */
export function forgetDeliveries(state: State, deliveries: readonly Delivery[], tell: Tell): void {
  const byMessage = new Map<string, Set<Delivery>>();
  for (const delivery of deliveries) {
    unindex(state, delivery);
    const group = byMessage.get(delivery.messageId);
    if (group) group.add(delivery);
    else byMessage.set(delivery.messageId, new Set([delivery]));
  }
  for (const [id, group] of byMessage) {
    const kept = state.messages.get(id);
    if (!kept) continue;
    state.saving?.before(kept);
    kept.deliveries = kept.deliveries.filter((delivery) => !group.has(delivery));
    const ends = new Map([...group].map((delivery) => [delivery.recipient.address, delivery.state]));
    for (const recipient of kept.recipients) {
      const ended = ends.get(recipient.recipient);
      if (ended) recipient.ended = ended;
    }
  }
  if (deliveries.length > 0) tell({ type: 'deliveries.forgotten', deliveries });
}

/** The newest delivery of one of its recipients; undefined where there is none, as for a local one. */
export const deliveryOf = ({ deliveries }: Kept, address: string): Delivery | undefined =>
  deliveries.findLast(({ recipient }) => recipient.address === address);

/** What became of one of its recipients: a local one is delivered on arrival. */
export const stateOf = (kept: Kept, { recipient, ended }: RecipientState): DeliveryState =>
  deliveryOf(kept, recipient)?.state ?? ended ?? 'delivered';

const DELIVERED: ReadonlySet<DeliveryState> = new Set(['delivered']);
const NO_STATES: ReadonlySet<DeliveryState> = new Set();

/** All that became of its recipients, in one pass over them. */
export function statesOf({ recipients, deliveries }: Kept): ReadonlySet<DeliveryState> {
  if (recipients.length === 0) return NO_STATES;
  if (deliveries.length === 0 && !recipients.some(({ ended }) => ended)) return DELIVERED;
  const states = new Map(deliveries.map(({ recipient, state }) => [recipient.address, state]));
  return new Set(recipients.map(({ recipient, ended }) => states.get(recipient) ?? ended ?? 'delivered'));
}
