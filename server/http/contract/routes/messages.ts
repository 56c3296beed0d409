// The routes of many messages: list, search, wait, change, delete, inject.

import { z } from '@hono/zod-openapi';
import { endpoint } from '../endpoint.ts';
import { duration, flag, isPlace, NO_PLACE, paging, place, q, wholeNumber } from '../lists.ts';
import { changed, deleted, deleteMessages, facets, injected, markMessages, messageList, newMessage, waited } from '../messages.ts';

const tag = 'messages';
const placed = z.strictObject(place).refine(isPlace, NO_PLACE);

export const listMessages = endpoint({
  method: 'get',
  path: '/messages',
  tag,
  summary: 'List messages, newest first',
  query: z.strictObject({
    q,
    ...place,
    ...paging,
    offset: wholeNumber(0, Number.MAX_SAFE_INTEGER).optional(),
    sort: z.enum(['-received', 'received', 'size', '-size', 'from', 'to', 'subject']).optional(),
    total: flag.optional().openapi({ description: 'Count all matches, even where every message must be read for it.' }),
    refused: flag.optional().openapi({
      description:
        'Also list attempts that were refused before their data ended, found and sorted as messages are: by sender and recipient, with ' +
        'the reply as the subject, without text and with the size 0. Not in the list of an account.',
    }),
  }),
  answer: messageList,
  errors: [400, 404],
});

export const messageFacets = endpoint({
  method: 'get',
  path: '/messages/facets',
  tag,
  summary: 'Count messages by recipient, domain, sender, user, tag and state, and refusals',
  query: z.strictObject({ q, ...place }).refine(isPlace, NO_PLACE),
  answer: facets,
  errors: [400, 404],
});

export const waitForMessages = endpoint({
  method: 'get',
  path: '/messages/wait',
  tag,
  summary: 'Wait until messages match',
  description:
    'Answers as soon as `count` messages match; those already there count unless `since` excludes them. 404 `not-arrived` when they do not come in time. ' +
    'With `none=true` 200 when nothing matched for the whole time, 409 with the message otherwise.',
  query: z.strictObject({
    q,
    count: wholeNumber(1, 500).optional(),
    timeout: duration.optional(),
    since: z.string().min(1).optional().openapi({ description: 'A message id or an ISO time: only what came after it counts.' }),
    none: flag.optional(),
  }),
  answer: waited,
  errors: [400, 404, 409, 503],
});

export const changeMessages = endpoint({
  method: 'patch',
  path: '/messages',
  tag,
  summary: 'Mark, pin or tag messages',
  query: placed,
  body: markMessages,
  answer: changed,
  errors: [400, 404, 413, 415],
});

export const removeMessages = endpoint({
  method: 'delete',
  path: '/messages',
  tag,
  description: '`undo` brings them back for 10 minutes (`POST /undo`); null with `purge`, and for entries of an account.',
  summary: 'Delete messages: those named, those that a query finds, or all; pinned ones stay unless named',
  query: placed,
  body: deleteMessages,
  answer: deleted,
  errors: [400, 404, 413, 415],
});

const repeated = z.union([z.string(), z.array(z.string())]).transform((value) => (Array.isArray(value) ? value : [value]));

export const injectMessage = endpoint({
  method: 'post',
  path: '/messages',
  tag,
  summary: 'Put a message in: a whole one as it is, or one to be made',
  description:
    'Sender and recipients are those of the query, else those of the header. `via=smtp` sends it through the submission server; where that ' +
    'refuses it, the details of the 422 are `{ stage, code, enhanced, text, sessionId, refused }`. A reply to a message says so in `headers`: ' +
    '`In-Reply-To` and `References`.',
  query: z.strictObject({
    sender: z.string().optional(),
    rcpt: repeated.optional().openapi({ type: 'array', items: { type: 'string' } }),
    via: z.enum(['smtp']).optional(),
  }),
  body: newMessage,
  rfc822: true,
  answer: injected,
  status: 201,
  errors: [400, 413, 415, 422, 503, 507],
});
