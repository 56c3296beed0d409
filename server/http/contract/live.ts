// Live events and the frames that they travel in: the schemas.

import { z } from '@hono/zod-openapi';
import { delivery } from './deliveries.ts';
import { fault, faultHit } from './faults.ts';
import { receiver } from './receivers.ts';
import { clockState, host } from './sandbox.ts';
import type { Read } from './lists.ts';
import { refusalSummary, summary } from './messages.ts';
import { sessionLine, sessionSummary } from './sessions.ts';
import type { Frame, LiveEvent } from './types.ts';

const liveEvent = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('message.added'), summary }),
    z.object({ type: z.literal('message.changed'), summary }),
    z.object({ type: z.literal('message.indexed'), summary }),
    z.object({
      type: z.literal('messages.deleted'),
      ids: z.array(z.string()),
      reason: z.enum(['deleted', 'retention', 'expunged', 'reset']),
    }),
    z.object({ type: z.literal('refusal.added'), refusal: refusalSummary }),
    z.object({ type: z.literal('session.opened'), session: sessionSummary }),
    z.object({ type: z.literal('session.changed'), session: sessionSummary }),
    z.object({ type: z.literal('session.closed'), session: sessionSummary }),
    z.object({ type: z.literal('session.line'), sessionId: z.string(), line: sessionLine }),
    z
      .object({ type: z.literal('mailbox.changed'), account: z.string(), mailbox: z.string() })
      .openapi({ description: 'Entries came, went or changed their flags; told to those who follow the account.' }),
    z
      .object({ type: z.literal('mailboxes.changed'), account: z.string() })
      .openapi({ description: 'Mailboxes of the account were made, renamed, deleted or subscribed to.' }),
    z.object({ type: z.literal('storage.full'), limit: z.string() }),
    z.object({ type: z.literal('storage.room') }),
    z.object({ type: z.literal('fault.changed'), faults: z.array(fault) }),
    z
      .object({ type: z.literal('fault.hit'), hit: faultHit, hits: z.number() })
      .openapi({ description: 'Many in a row are one: the newest of them, and how often the fault has hit by then.' }),
    z.object({ type: z.literal('delivery.changed'), delivery }),
    z.object({ type: z.literal('host.changed'), host }),
    z.object({ type: z.literal('clock.changed'), clock: clockState }),
    z
      .object({ type: z.literal('receiver.changed'), domain: z.string(), receiver: receiver.nullable() })
      .openapi({ description: 'Made, changed, or gone: null.' }),
    z.object({ type: z.literal('reset') }),
  ])
  .openapi('Event') satisfies z.ZodType<Read<LiveEvent>>;

export const frame = z
  .union([
    z.object({ epoch: z.string(), seq: z.number(), events: z.array(liveEvent) }),
    z.object({ gap: z.literal(true), epoch: z.string(), seq: z.number(), total: z.number() }),
  ])
  .openapi('Frame') satisfies z.ZodType<Read<Frame>>;
