// Messages: the schemas of what is answered about them and of what is asked of them.

import { z } from '@hono/zod-openapi';
import { listOf, time } from './lists.ts';
import type {
  Address,
  Attachment,
  Changed,
  Deleted,
  Envelope,
  Facets,
  Imported,
  Injected,
  Lines,
  ListItem,
  ListOf,
  MessageDetail,
  MessageMarks,
  NewMessage,
  Part,
  Recipient,
  RefusalSummary,
  RefusedReply,
  Restored,
  Summary,
  Waited,
} from './types.ts';

const address = z.object({ name: z.string(), address: z.string() }).openapi('Address') satisfies z.ZodType<Address>;

const envelope = z
  .object({
    sender: z.string().openapi({ description: 'Empty for the null sender.' }),
    recipients: z.array(z.string()),
    recipientCount: z.number(),
    refused: z.array(
      z.object({
        recipient: z.string(),
        code: z.number(),
        enhanced: z.string().nullable(),
        text: z.string(),
        faultId: z.string().nullable(),
      }),
    ),
  })
  .openapi('Envelope') satisfies z.ZodType<Envelope>;

const readBy = z.enum(['imap', 'pop3', 'http']).nullable();

const recipient = z
  .object({
    recipient: z.string(),
    account: z.string(),
    state: z.enum(['queued', 'active', 'deferred', 'held', 'delivered', 'bounced', 'expired', 'dropped']),
    via: z.string().nullable(),
    attempts: z.number(),
    attemptsPlanned: z.number().nullable(),
    nextAttemptAt: time.nullable(),
    seen: readBy,
    removed: readBy,
    backup: z.boolean().optional().openapi({ description: 'Another host was to take it first.' }),
  })
  .openapi('Recipient') satisfies z.ZodType<Recipient>;

const summaryFields = {
  id: z.string(),
  kind: z.literal('message'),
  source: z.enum(['smtp', 'lmtp', 'http', 'append', 'report', 'import']),
  receivedAt: time,
  from: z.array(address),
  to: z.array(address),
  subject: z.string(),
  snippet: z.string().nullable(),
  size: z.number().openapi({ description: 'Octets.' }),
  envelope,
  read: z.boolean(),
  starred: z.boolean(),
  pinned: z.boolean(),
  tags: z.array(z.string()),
  user: z.string().nullable(),
  client: z.string().nullable(),
  host: z.string(),
  sessionId: z.string().nullable(),
  deliveries: z.array(recipient),
};

export const summary = z
  .object({ ...summaryFields, attachments: z.number().nullable(), defects: z.number() })
  .openapi('Summary') satisfies z.ZodType<Summary>;

export const refusalSummary = z
  .object({
    id: z.string(),
    kind: z.literal('refusal'),
    at: time,
    sessionId: z.string(),
    sender: z.string(),
    recipient: z.string().nullable(),
    stage: z.string(),
    code: z.number(),
    enhanced: z.string().nullable(),
    text: z.string(),
    faultId: z.string().nullable(),
  })
  .openapi('Refusal') satisfies z.ZodType<RefusalSummary>;

export const messageList = listOf(z.union([summary, refusalSummary])).openapi('MessageList') satisfies z.ZodType<ListOf<ListItem>>;

const partFields = {
  partId: z.string(),
  type: z.string(),
  charset: z.string().nullable(),
  encoding: z.string(),
  disposition: z.string().nullable(),
  filename: z.string().nullable(),
  contentId: z.string().nullable(),
  size: z.number(),
  start: z.number().openapi({ description: 'The octet of the raw message at which its header begins.' }),
  bodyStart: z.number().openapi({ description: 'After the empty line that ends the header.' }),
  bodyEnd: z.number().openapi({ description: 'Exclusive, without the line end before a boundary.' }),
  defects: z.array(z.string()),
};

const part: z.ZodType<Part> = z
  .object({ ...partFields, children: z.array(z.lazy(() => part)).openapi({ type: 'array', items: { $ref: '#/components/schemas/Part' } }) })
  .openapi('Part');

const attachment = z
  .object({
    partId: z.string(),
    filename: z.string().nullable(),
    type: z.string(),
    sniffedType: z.string().nullable(),
    size: z.number(),
    sha256: z.string(),
    contentId: z.string().nullable(),
    disposition: z.string().nullable(),
  })
  .openapi('Attachment') satisfies z.ZodType<Attachment>;

export const headerList = z.array(z.object({ name: z.string(), value: z.string(), raw: z.string() }).openapi('Header'));

export const messageDetail = z
  .object({
    ...summaryFields,
    headers: headerList,
    text: z.string().nullable(),
    html: z.string().nullable(),
    parts: part,
    attachments: z.array(attachment),
    links: z.array(z.object({ href: z.string(), text: z.string() })),
    codes: z.array(z.string()),
    defects: z.array(z.string()),
    previewUrl: z.string(),
  })
  .openapi('Message') satisfies z.ZodType<MessageDetail>;

export const lines = z
  .object({
    total: z.number().openapi({ description: 'How many rows.' }),
    every: z.number(),
    width: z.number(),
    offsets: z.array(z.number()).openapi({ description: 'The octet at which row 0, `every`, 2 × `every`… begins.' }),
  })
  .openapi('Lines') satisfies z.ZodType<Lines>;

const facetList = z.array(z.object({ value: z.string(), count: z.number() }));

export const facets = z
  .object({
    recipients: facetList,
    domains: facetList,
    senders: facetList,
    users: facetList,
    tags: facetList,
    states: facetList,
    refusals: z.number().openapi({ description: 'How many kept refusals match, as the list has them with `refused=true`.' }),
  })
  .openapi('Facets') satisfies z.ZodType<Facets>;

export const waited = z.object({ items: z.array(messageDetail), total: z.number() }).openapi('Waited') satisfies z.ZodType<Waited>;
export const changed = z.object({ changed: z.number() }).openapi('Changed') satisfies z.ZodType<Changed>;
export const deleted = z.object({ deleted: z.number(), undo: z.string().nullable() }).openapi('Deleted') satisfies z.ZodType<Deleted>;
export const restored = z.object({ restored: z.number() }).openapi('Restored') satisfies z.ZodType<Restored>;
export const imported = z
  .object({ imported: z.number(), failed: z.array(z.object({ at: z.string(), reason: z.string() }).openapi('ImportFailure')) })
  .openapi('Imported') satisfies z.ZodType<Imported>;

const refusedReply = z
  .object({ recipient: z.string(), code: z.number().nullable(), enhanced: z.string().nullable(), text: z.string() })
  .openapi('RefusedReply') satisfies z.ZodType<RefusedReply>;

export const injected = z
  .object({
    id: z.string(),
    sessionId: z.string().nullable().openapi({ description: 'The conversation that brought it, with `via=smtp`.' }),
    refused: z.array(refusedReply).openapi({ description: 'With `via=smtp`, recipients that were refused while others were taken.' }),
  })
  .openapi('Injected') satisfies z.ZodType<Injected>;

const tag = z.string().min(1).max(100);

export const marks = z
  .strictObject({
    read: z.boolean().optional(),
    starred: z.boolean().optional(),
    pinned: z.boolean().optional(),
    tags: z.strictObject({ add: z.array(tag).optional(), remove: z.array(tag).optional() }).optional(),
  })
  .openapi('Marks') satisfies z.ZodType<MessageMarks>;

/** Which messages: some, or all that a query finds. */
const chosen = { ids: z.array(z.string()).max(10_000).optional(), q: z.string().optional() };

const oneChoice = ({ ids, q }: { ids?: string[] | undefined; q?: string | undefined }): boolean =>
  (ids === undefined) !== (q === undefined);
const notBoth = ({ ids, q }: { ids?: string[] | undefined; q?: string | undefined }): boolean => ids === undefined || q === undefined;

export const markMessages = z
  .strictObject({ ...chosen, set: marks })
  .refine(oneChoice, 'expected either ids or q')
  .openapi('MarkMessages');

export const deleteMessages = z
  .strictObject({ ...chosen, purge: z.boolean().optional() })
  .refine(notBoth, 'expected either ids or q')
  .openapi('DeleteMessages');

export const undoDeletion = z.strictObject({ undo: z.string().min(1) }).openapi('Undo');

const mailAddress = z.string().min(1);
const mailAddresses = z.union([mailAddress, z.array(mailAddress)]);
// A line end in a header would let a caller write a header of another name.
const headerText = z.string().regex(/^[^\r\n]*$/, 'expected one line');

export const newMessage = z
  .strictObject({
    from: mailAddress,
    to: mailAddresses.optional(),
    cc: mailAddresses.optional(),
    bcc: mailAddresses.optional(),
    subject: headerText.optional(),
    text: z.string().optional(),
    html: z.string().optional(),
    attachments: z
      .array(
        z.strictObject({
          filename: headerText,
          contentType: headerText.optional(),
          content: z.string().openapi({ description: 'Base64.' }),
        }),
      )
      .optional(),
    headers: z.record(z.string().regex(/^[!-9;-~]+$/, 'expected the name of a header field'), headerText).optional(),
  })
  .openapi('NewMessage') satisfies z.ZodType<NewMessage>;
