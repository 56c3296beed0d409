// Deliveries as they are told over HTTP, one and in pages.

import { Refusal } from '../../base/errors.ts';
import type { Attempt, Delivery } from '../../mail/delivery.ts';
import type { Paging } from '../accounts.ts';
import type { Attempt as ToldAttempt, Delivery as Told, ListOf, QueueCounts } from '../contract/types.ts';
import { isoTime } from '../messages/summary.ts';

const isoOrNull = (at: number | null): string | null => (at === null ? null : isoTime(at));

const attemptOf = (attempt: Attempt): ToldAttempt => ({
  ...attempt,
  at: isoTime(attempt.at),
  // To a microsecond.
  durationMs: Math.round(attempt.durationMs * 1000) / 1000,
  unsure: attempt.unsure ?? false,
});

export const deliveryOf = (delivery: Delivery): Told => ({
  id: delivery.id,
  messageId: delivery.messageId,
  sender: delivery.sender,
  recipient: delivery.recipient.address,
  receiver: delivery.receiver,
  state: delivery.state,
  queuedAt: isoTime(delivery.queuedAt),
  nextAttemptAt: isoOrNull(delivery.nextAttemptAt),
  expiresAt: isoTime(delivery.expiresAt),
  attemptsPlanned: delivery.attemptsPlanned,
  rounds: delivery.rounds,
  via: delivery.via,
  relayedBy: delivery.relayedBy,
  attempts: delivery.attempts.map(attemptOf),
});

/** `found` newest first. */
export function deliveryPage(found: readonly Delivery[], { limit, cursor }: Paging): ListOf<Told> {
  const rest = cursor === undefined ? found : found.filter(({ id }) => id < cursor);
  const shown = rest.slice(0, limit);
  return { items: shown.map(deliveryOf), next: rest.length > limit ? (shown.at(-1)?.id ?? null) : null, total: found.length };
}

/** How many there are in each state. */
export function countsOf(deliveries: Iterable<Pick<Delivery, 'state'>>): QueueCounts {
  const counts = { queued: 0, active: 0, deferred: 0, held: 0, delivered: 0, bounced: 0, expired: 0, dropped: 0 };
  for (const { state } of deliveries) counts[state]++;
  return counts;
}

/** What waits is due on the sandbox's clock: put back, it would wait for years. */
export function refuseWhileOpen({ open }: { readonly open: ReadonlyMap<string, Delivery> }): void {
  const { size } = open;
  if (size > 0) throw new Refusal('conflict', `${size} deliveries are open, and their times are those of this clock`, { open: size });
}
