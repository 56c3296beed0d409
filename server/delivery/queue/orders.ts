// What people may do with a delivery: which states each order is for, and what it makes of them.

import type { Delivery, DeliveryState } from '../../mail/delivery.ts';

export const ORDERS = ['retry', 'hold', 'release', 'bounce', 'drop'] as const;
export type Order = (typeof ORDERS)[number];

export interface Effect {
  readonly from: readonly DeliveryState[];
  readonly to: DeliveryState;
  /** Due at once. */
  readonly now: boolean;
}

/** Nothing is for `active`: what is said to a host cannot be taken back. */
export const EFFECTS: Readonly<Record<Order, Effect>> = {
  retry: { from: ['queued', 'deferred', 'held'], to: 'queued', now: true },
  hold: { from: ['queued', 'deferred'], to: 'held', now: false },
  release: { from: ['held'], to: 'queued', now: true },
  bounce: { from: ['queued', 'deferred', 'held'], to: 'bounced', now: false },
  drop: { from: ['queued', 'deferred', 'held'], to: 'dropped', now: false },
};

/** Why an order cannot be carried out; null where it can. */
export function reasonAgainst(order: Order, { state }: Pick<Delivery, 'state'>, busy: boolean): string | null {
  if (busy || state === 'active') return 'it is being tried at this moment';
  return EFFECTS[order].from.includes(state) ? null : `it is ${state}: ${order} is for ${EFFECTS[order].from.join(', ')}`;
}
