// The routes of the queue.

import { z } from '@hono/zod-openapi';
import { delivery, queue, flush, flushed } from '../deliveries.ts';
import { endpoint } from '../endpoint.ts';
import { paging } from '../lists.ts';

const tag = 'deliveries';
const params = z.object({ id: z.string().min(1) });

export const listDeliveries = endpoint({
  method: 'get',
  path: '/deliveries',
  tag,
  summary: 'List deliveries, newest first: one for each recipient behind a receiver',
  query: z.strictObject({
    q: z.string().max(10_000).optional().openapi({
      description: 'A query: state: rcpt: sender: domain: host: via: receiver: message: fault: is:open|over, words (AND, OR, NOT).',
    }),
    ...paging,
  }),
  answer: queue,
  errors: [400],
});

export const readDelivery = endpoint({
  method: 'get',
  path: '/deliveries/{id}',
  tag,
  summary: 'One delivery with its attempts',
  params,
  answer: delivery,
  errors: [404],
});

const order = <const P extends string>(path: P, summary: string) =>
  endpoint({ method: 'post', path, tag, summary, params, answer: delivery, errors: [404, 409] });

export const retryDelivery = order('/deliveries/{id}/retry', 'Try it now');
export const holdDelivery = order('/deliveries/{id}/hold', 'Let it wait until it is released');
export const releaseDelivery = order('/deliveries/{id}/release', 'Let it go on, at once');
export const bounceDelivery = order('/deliveries/{id}/bounce', 'Give it up');
export const dropDelivery = order('/deliveries/{id}/drop', 'Take it away; its sender is told nothing');

export const flushDeliveries = endpoint({
  method: 'post',
  path: '/deliveries/flush',
  tag,
  summary: 'Try all that wait now, or those of a list or a query; what is held stays',
  body: flush,
  answer: flushed,
  errors: [400, 413, 415],
});
