// The part of the API for receivers, what is on its way to them, and the clock that it waits by.

import type { ClockAdvance, Delivery, ListOf, Queue, Receiver, ReceiverRule } from '../../server/http/contract/types.ts';
import { API, ask, read, write } from './client.ts';

/** The whole address of a part of the API, for a shell. */
export const addressOf = (path: string): string => new URL(path, API).href;

const one = (id: string): string => `deliveries/${encodeURIComponent(id)}`;

export function listDeliveries({ q, limit, cursor }: { q: string; limit: number; cursor?: string }, signal: AbortSignal): Promise<Queue> {
  const query = new URLSearchParams({ ...(q !== '' && { q }), limit: String(limit), ...(cursor !== undefined && { cursor }) });
  return read(`deliveries?${query.toString()}`, { signal });
}
export const orderDelivery = (id: string, order: string): Promise<Delivery> => read(`${one(id)}/${order}`, { method: 'POST' });
export const listDeliveriesOf = async (message: string, signal: AbortSignal): Promise<readonly Delivery[]> =>
  (await read<ListOf<Delivery>>(`messages/${encodeURIComponent(message)}/deliveries`, { signal })).items;

export const receiverPath = (domain: string): string => `receivers/${encodeURIComponent(domain)}`;
export const listReceivers = async (): Promise<readonly Receiver[]> => (await read<ListOf<Receiver>>('receivers')).items;
export const putReceiver = (domain: string, rule: ReceiverRule): Promise<Receiver> => write('PUT', receiverPath(domain), rule);
/** `force`: what is on its way to it is dropped. */
export const removeReceiver = (domain: string, force = false): Promise<unknown> =>
  ask(`${receiverPath(domain)}${force ? '?force=true' : ''}`, { method: 'DELETE' });

export type Advance = { readonly by: string } | { readonly to: string } | { readonly until: 'idle' };
export const advanceClock = (how: Advance, signal?: AbortSignal): Promise<ClockAdvance> =>
  read('clock/advance', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(how),
    ...(signal && { signal }),
  });
export const freezeClock = (): Promise<unknown> => write('POST', 'clock/freeze', {});
export const resumeClock = (): Promise<unknown> => write('POST', 'clock/resume', {});
