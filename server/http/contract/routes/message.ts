// The routes of one message: what it contains, its bytes, its preview, how it came and where it went.

import { z } from '@hono/zod-openapi';
import { deliveryList } from '../deliveries.ts';
import { endpoint } from '../endpoint.ts';
import type { BytesAnswer } from '../endpoint.ts';
import { isPlace, NO_PLACE, place } from '../lists.ts';
import { lines, messageDetail } from '../messages.ts';
import { sessionDetail } from '../sessions.ts';

const tag = 'message';
const idParam = z.string().min(1).openapi({ description: 'A message id, or `latest` for the newest (with `q`: the newest that matches).' });
const params = z.object({ id: idParam });
const latest = { q: z.string().max(10_000).optional().openapi({ description: 'With the id `latest` only.' }) };
const query = z.strictObject(latest);
const errors = [400, 404] as const;
const flag = z.enum(['0', '1'], 'expected 0 or 1');

const bytes = (description: string, types: readonly string[]): BytesAnswer => ({
  description: `${description}; never as HTML, in a sandbox without any rights`,
  types,
  also: { 206: 'The range asked for', 304: 'Unchanged since that ETag' },
  headers: { ETag: 'Of these bytes', 'Accept-Ranges': 'bytes' },
});

export const openMessage = endpoint({
  method: 'get',
  path: '/messages/{id}',
  tag,
  summary: 'One message with its header, text, parts, attachments, links and codes',
  params,
  query: z.strictObject({ ...latest, ...place }).refine(isPlace, NO_PLACE),
  answer: messageDetail,
  errors,
});

export const rawMessage = endpoint({
  method: 'get',
  path: '/messages/{id}/raw',
  tag,
  summary: 'The raw bytes, exactly as they came',
  params,
  query,
  answer: bytes('The raw message', ['text/plain']),
  errors: [...errors, 416],
});

export const messageLines = endpoint({
  method: 'get',
  path: '/messages/{id}/lines',
  tag,
  summary: 'Where the lines of the raw message begin, to show any part of it by a range of `/raw`',
  description:
    'Counted in rows: a line ends with LF, and a row is a line with its end. A line of more than `width` octets, its LF and a CR directly ' +
    'before that not counted, is cut into rows of exactly `width`; the last one has the rest and the end. No cut parts CR from LF.',
  params,
  query,
  answer: lines,
  errors,
});

export const messageHeaders = endpoint({
  method: 'get',
  path: '/messages/{id}/headers',
  tag,
  summary: 'The bytes of the header block',
  params,
  query,
  answer: bytes('The header block', ['text/plain']),
  errors: [...errors, 416],
});

export const messageText = endpoint({
  method: 'get',
  path: '/messages/{id}/text',
  tag,
  summary: 'The plain text, decoded to UTF-8',
  params,
  query,
  answer: bytes('The text', ['text/plain']),
  errors: [...errors, 416],
});

export const messageHtml = endpoint({
  method: 'get',
  path: '/messages/{id}/html',
  tag,
  summary: 'The source of the HTML, decoded to UTF-8',
  params,
  query,
  answer: bytes('The source of the HTML', ['text/plain']),
  errors: [...errors, 416],
});

export const messagePart = endpoint({
  method: 'get',
  path: '/messages/{id}/parts/{partId}',
  tag,
  summary: 'The decoded bytes of one part, as a download',
  params: z.object({ id: idParam, partId: z.string().regex(/^\d{1,6}(\.\d{1,6})*$/, 'expected the number of a part, such as 2.1') }),
  query,
  answer: bytes('The part', ['application/octet-stream']),
  errors: [...errors, 416],
});

export const messagePreview = endpoint({
  method: 'get',
  path: '/messages/{id}/preview',
  tag,
  summary: 'The message as a guarded page: no script, no frame, no form; nothing is loaded from elsewhere unless remote=1',
  params,
  query: z.strictObject({
    ...latest,
    remote: flag.optional().openapi({ description: 'Load what lies elsewhere.' }),
    images: flag.optional().openapi({ description: '0 shows what a mail is without its pictures.' }),
    style: flag.optional().openapi({ description: '0 leaves out `<style>`, as some mail readers do.' }),
    scheme: z
      .enum(['forced'], 'expected forced')
      .optional()
      .openapi({ description: '`forced` guesses at what readers that darken mail by themselves make of it.' }),
    token: z.string().optional().openapi({ description: 'From `previewUrl`, where a login is asked for.' }),
  }),
  answer: {
    description: 'The page',
    types: ['text/html'],
    headers: {
      'X-Mailrig-Removed': 'What was taken out, as `script=1, event=3`; empty when nothing was',
      'X-Mailrig-Remote': 'How many resources elsewhere the message names',
    },
  },
  errors,
});

export const messageTranscript = endpoint({
  method: 'get',
  path: '/messages/{id}/transcript',
  tag,
  summary: 'The conversation that brought it',
  params,
  query,
  answer: sessionDetail,
  errors,
});

export const messageDeliveries = endpoint({
  method: 'get',
  path: '/messages/{id}/deliveries',
  tag,
  summary: 'The deliveries to its recipients behind receivers',
  params,
  query,
  answer: deliveryList,
  errors,
});
