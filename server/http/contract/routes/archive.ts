// The routes by which messages leave in one file and come back, and by which a deletion is undone.

import { z } from '@hono/zod-openapi';
import { endpoint } from '../endpoint.ts';
import { isPlace, NO_PLACE, place, q } from '../lists.ts';
import { imported, restored, undoDeletion } from '../messages.ts';

const tag = 'messages';

const MOST_IDS = 500;

/** Ids as they stand in an address, between commas. */
const ids = z
  .string()
  .transform((text) => text.split(','))
  .refine((list) => list.every((id) => id !== ''), 'expected ids between commas')
  .refine((list) => list.length <= MOST_IDS, `expected at most ${MOST_IDS} ids`)
  .optional()
  .openapi({ type: 'string', description: `Those messages, at most ${MOST_IDS}, between commas; not together with \`q\`.` });

export const exportMessages = endpoint({
  method: 'get',
  path: '/messages/export',
  tag,
  summary: 'All messages, all that match, or those named, in one file',
  description:
    'Oldest first, each with exactly its bytes. `zip` has a file for each and an index of what those do not say: envelope, arrival, marks. ' +
    '`mbox` (mboxrd) says of these the sender and the time of arrival only.',
  query: z
    .strictObject({ q, ids, ...place, format: z.enum(['mbox', 'zip'], 'expected mbox or zip') })
    .refine((asked) => asked.q === undefined || asked.ids === undefined, { message: 'expected either ids or q', path: ['ids'] })
    .refine(isPlace, NO_PLACE),
  answer: {
    description: 'A stream. It breaks off where something goes wrong on the way.',
    types: ['application/mbox', 'application/zip'],
    headers: { 'Content-Disposition': 'With a name for the file' },
  },
  errors: [400, 404],
});

export const importMessages = endpoint({
  method: 'post',
  path: '/messages/import',
  tag,
  summary: 'Put messages in: one, an mbox file, or a zip of .eml files',
  description:
    'What cannot be kept is told with where it is, and the rest goes on. Envelope, time of arrival and marks are those of an index in the zip; ' +
    'without one the sender is that of the mbox file or of From, the recipients are those of To, Cc and Bcc, and the message arrives now.',
  query: z.strictObject({ format: z.enum(['eml', 'mbox', 'zip'], 'expected eml, mbox or zip') }),
  upload: ['message/rfc822', 'application/mbox', 'application/zip', 'application/octet-stream'],
  answer: imported,
  errors: [400, 413, 415, 422, 503],
});

export const undo = endpoint({
  method: 'post',
  path: '/undo',
  tag,
  summary: 'Bring back what a deletion took, within 10 minutes',
  body: undoDeletion,
  answer: restored,
  errors: [400, 404, 413, 415],
});
