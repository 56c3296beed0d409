// What the changes of deliveries do to the state.

import type { Delivery, DeliveryState } from '../mail/delivery.ts';
import { isOpen } from '../mail/delivery.ts';
import type { MessageId } from '../mail/message.ts';
import type { Change } from './changes.ts';
import { addDeliveries, forgetDeliveries, markTaken, replaceDelivery, withAttempts, withoutTaken } from './deliveries.ts';
import { NOTHING, ONE } from './events.ts';
import type { Appliers, Tell } from './events.ts';
import { addEntry, mailboxFor } from './mailbox.ts';
import type { State } from './state.ts';

type DeliveryChange = Extract<Change, { type: `deliver${string}` | 'message.accepted' }>['type'];

/** Tells of each message once. */
function tellOfMessages(state: State, ids: Iterable<MessageId>, tell: Tell): void {
  for (const id of new Set(ids)) {
    const kept = state.messages.get(id);
    if (kept) tell({ type: 'message.changed', kept });
  }
}

/** What a try makes of a delivery that a person may have held or dropped while it was on: what a host has taken or refused for good counts. */
function afterTry(was: DeliveryState, tried: DeliveryState): DeliveryState {
  if (tried === 'delivered') return tried;
  if (!isOpen({ state: was })) return was;
  return was === 'held' && isOpen({ state: tried }) ? was : tried;
}

/** What is delivered stays so, and what is over can only be queued again: by then it may no longer be what somebody saw. */
const maySet = (was: DeliveryState, next: DeliveryState): boolean => isOpen({ state: was }) || (was !== 'delivered' && next === 'queued');

export const deliveryAppliers: Appliers<DeliveryChange> = {
  'deliveries.queued'(state, { deliveries }, tell) {
    const byMessage = new Map<MessageId, Delivery[]>();
    for (const delivery of deliveries) {
      const group = byMessage.get(delivery.messageId);
      if (group) group.push(delivery);
      else byMessage.set(delivery.messageId, [delivery]);
    }
    let changed = 0;
    for (const [id, group] of byMessage) {
      const kept = state.messages.get(id);
      if (!kept) continue;
      // A backup's: it has what was being carried to it.
      for (const { recipient, hops = [] } of group) markTaken(state, kept, new Set([recipient.address]), hops);
      changed += addDeliveries(state, kept, group, tell);
    }
    if (changed > 0) tellOfMessages(state, byMessage.keys(), tell);
    return { changed };
  },

  'delivery.tried'(state, { id, attempts, state: tried, nextAttemptAt, via }, tell) {
    const was = state.deliveries.get(id);
    if (!was) return NOTHING;
    const becomes = afterTry(was.state, tried);
    const next: Delivery = {
      ...withoutTaken(was),
      ...withAttempts(was, attempts),
      state: becomes,
      nextAttemptAt: becomes === tried ? nextAttemptAt : null,
      // A try that goes on at another host is not over.
      rounds: tried === 'active' ? was.rounds : Math.max(was.rounds, attempts.at(-1)?.round ?? 0),
      via: via ?? was.via,
    };
    replaceDelivery(state, was, next, tell);
    tellOfMessages(state, [was.messageId], tell);
    return ONE;
  },

  'deliveries.set'(state, { ids, state: next, nextAttemptAt }, tell) {
    const set: Delivery[] = [];
    for (const id of ids) {
      const was = state.deliveries.get(id);
      if (!was || !maySet(was.state, next) || (was.state === next && was.nextAttemptAt === nextAttemptAt)) continue;
      replaceDelivery(state, was, { ...withoutTaken(was), state: next, nextAttemptAt }, tell);
      set.push(was);
    }
    tellOfMessages(
      state,
      set.map(({ messageId }) => messageId),
      tell,
    );
    return { changed: set.length };
  },

  'delivery.warned'(state, { id, at }, tell) {
    const was = state.deliveries.get(id);
    if (!was) return NOTHING;
    replaceDelivery(state, was, { ...was, warnedAt: at }, tell);
    return ONE;
  },

  'deliveries.forgotten'(state, { ids }, tell) {
    const over = [...new Set(ids)].flatMap((id) => state.deliveries.get(id) ?? []).filter((delivery) => !isOpen(delivery));
    forgetDeliveries(state, over, tell);
    return { changed: over.length };
  },

  'message.accepted'(state, { id, hops, entries }, tell) {
    const kept = state.messages.get(id);
    if (!kept) return NOTHING;
    const at = hops.at(-1)?.at ?? kept.message.receivedAt;
    markTaken(state, kept, new Set(entries.flatMap(({ deliveredTo }) => deliveredTo)), hops);
    const uids: number[] = [];
    for (const { account, mailbox: name, deliveredTo, flags, internalDate = at } of entries) {
      const mailbox = mailboxFor(state, account, name);
      uids.push(addEntry(state, mailbox, kept, { ...(flags && { flags }), internalDate, savedAt: at, deliveredTo, hops }).uid);
      for (const recipient of kept.recipients) {
        if (recipient.account !== account || !deliveredTo.includes(recipient.recipient)) continue;
        // A copy that nobody has read, whatever became of one before it.
        Object.assign(recipient, { pending: false, seen: null, removed: null });
      }
      tell({ type: 'mailbox.changed', mailbox });
    }
    tell({ type: 'message.changed', kept });
    return { changed: 1, uids };
  },
};
