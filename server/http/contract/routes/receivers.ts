// The routes of receivers.

import { z } from '@hono/zod-openapi';
import { endpoint } from '../endpoint.ts';
import { flag } from '../lists.ts';
import { receiver, receiverBody, receiverList } from '../receivers.ts';

const tag = 'receivers';
const params = z.object({ domain: z.string().min(1).openapi({ description: 'As it was declared: `shop.test`, `*.corp.test`, `*`.' }) });

export const listReceivers = endpoint({
  method: 'get',
  path: '/receivers',
  tag,
  summary: 'List the domains that are not here, with the hosts that take their mail',
  answer: receiverList,
  errors: [],
});

export const openReceiver = endpoint({
  method: 'get',
  path: '/receivers/{domain}',
  tag,
  summary: 'A receiver',
  params,
  answer: receiver,
  errors: [404],
});

export const putReceiver = endpoint({
  method: 'put',
  path: '/receivers/{domain}',
  tag,
  summary: 'Make a receiver or change it: its hosts listen when this is answered',
  description: 'Hosts whose words have not changed are left alone: doing it twice is doing it once.',
  params,
  body: receiverBody,
  answer: receiver,
  errors: [400, 409, 413, 415, 422],
});

export const deleteReceiver = endpoint({
  method: 'delete',
  path: '/receivers/{domain}',
  tag,
  summary: 'Take a receiver away: its hosts listen no longer, its domain is here again',
  params,
  query: z.strictObject({ force: flag.optional().openapi({ description: 'Also while deliveries are open: they are dropped.' }) }),
  answer: z.object({ deleted: z.number() }).openapi('ReceiverDeleted'),
  errors: [400, 404, 409],
});
