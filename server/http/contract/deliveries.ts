// The queue: the schemas of deliveries, of their attempts, and of what is done with them.

import { z } from '@hono/zod-openapi';
import { listOf, time } from './lists.ts';
import type { Read } from './lists.ts';
import type { Attempt, Delivery, ListOf, Queue } from './types.ts';

const attempt = z
  .object({
    at: time,
    round: z.number().openapi({ description: 'Hosts that were gone through in one try have the same number, from 1.' }),
    host: z.string().openapi({ description: 'Empty where there was none to try.' }),
    stage: z.string(),
    code: z.number().nullable(),
    enhanced: z.string().nullable(),
    text: z.string(),
    durationMs: z.number(),
    outcome: z.enum(['delivered', 'transient', 'permanent']),
    faultId: z.string().nullable(),
    sessionId: z.string().nullable(),
    unsure: z.boolean().openapi({ description: 'The host may have it: the final dot was sent, and nothing was answered.' }),
  })
  .openapi('Attempt') satisfies z.ZodType<Attempt>;

export const deliveryState = z
  .enum(['queued', 'active', 'deferred', 'held', 'delivered', 'bounced', 'expired', 'dropped'])
  .openapi('DeliveryState');

export const delivery = z
  .object({
    id: z.string(),
    messageId: z.string(),
    sender: z.string(),
    recipient: z.string(),
    receiver: z.string().openapi({ description: 'As it is declared: a domain or a glob.' }),
    state: deliveryState,
    queuedAt: time,
    nextAttemptAt: time.nullable(),
    expiresAt: time,
    attemptsPlanned: z.number(),
    rounds: z.number(),
    via: z.string().nullable().openapi({ description: 'The host that took it.' }),
    relayedBy: z.string().nullable().openapi({ description: 'The backup that hands it on.' }),
    attempts: z.array(attempt),
  })
  .openapi('Delivery') satisfies z.ZodType<Delivery>;

export const deliveryList = listOf(delivery).openapi('DeliveryList') satisfies z.ZodType<ListOf<Delivery>>;

const count = z.number();

export const queue = listOf(delivery)
  .extend({
    counts: z
      .object({
        queued: count,
        active: count,
        deferred: count,
        held: count,
        delivered: count,
        bounced: count,
        expired: count,
        dropped: count,
      })
      .openapi({ description: 'Of all deliveries by state, whatever the query.' }),
  })
  .openapi('Queue') satisfies z.ZodType<Read<Queue>>;

export const flush = z
  .strictObject({ ids: z.array(z.string()).max(10_000).optional(), q: z.string().max(10_000).optional() })
  .refine(({ ids, q }) => ids === undefined || q === undefined, 'expected either ids or q')
  .openapi('Flush');

export const flushed = z.object({ changed: z.number() }).openapi('Flushed');
