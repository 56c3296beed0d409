// Sessions: the schemas of conversations and their transcripts.

import { z } from '@hono/zod-openapi';
import { listOf, time } from './lists.ts';
import type { ListOf, SessionDetail, SessionLine, SessionSummary } from './types.ts';

export const sessionLine = z
  .object({
    number: z.number(),
    at: time,
    side: z.enum(['client', 'server', 'rig']),
    text: z.string(),
    bytes: z.number().nullable(),
    faultId: z.string().nullable(),
  })
  .openapi('SessionLine') satisfies z.ZodType<SessionLine>;

const sessionFields = {
  id: z.string(),
  protocol: z.enum(['smtp', 'lmtp', 'imap', 'pop3']),
  host: z.string(),
  client: z.string(),
  user: z.string().nullable(),
  tls: z.string().nullable(),
  helo: z.string().nullable(),
  openedAt: time,
  closedAt: time.nullable(),
  messageIds: z.array(z.string()),
  messageCount: z.number(),
  command: z.string().nullable(),
  commands: z.number(),
  mailbox: z.string().nullable(),
  failure: z.string().nullable(),
  faultId: z.string().nullable(),
  truncated: z.boolean(),
  notes: z.array(z.object({ line: z.number(), text: z.string() })),
};

export const sessionSummary = z.object(sessionFields).openapi('SessionSummary') satisfies z.ZodType<SessionSummary>;

export const sessionDetail = z
  .object({ ...sessionFields, lines: z.array(sessionLine) })
  .openapi('Session') satisfies z.ZodType<SessionDetail>;

export const sessionList = listOf(sessionSummary).openapi('SessionList') satisfies z.ZodType<ListOf<SessionSummary>>;
