// Hosts and the clock: the schemas of what they are and of how they are moved.

import { z } from '@hono/zod-openapi';
import { hostState } from './faults.ts';
import { duration, listOf, time } from './lists.ts';
import type { ClockAdvance, ClockState, Host, ListOf } from './types.ts';

const count = z.number();

export const host = z
  .object({
    name: z.string(),
    receiver: z.string().nullable(),
    protocol: z.enum(['smtp', 'imap', 'pop3']),
    address: z.string(),
    port: z.number().nullable(),
    state: hostState,
    until: time.nullable().openapi({ description: 'On the clock: then it is `up` again.' }),
    faultIds: z.array(z.string()).openapi({ description: 'The faults that its state stands for.' }),
    connections: count,
    counts: z.object({ accepted: count, deferred: count, rejected: count, refused: count }),
    history: z.array(z.tuple([count, count, count])).openapi({
      description: '60 times 5 s, the newest last: accepted, deferred, rejected.',
    }),
  })
  .openapi('Host') satisfies z.ZodType<Host>;

export const hostList = listOf(host).openapi('HostList') satisfies z.ZodType<ListOf<Host>>;

export const hostChange = z
  .strictObject({
    state: z.string().openapi({ description: 'One of `HostState`; `imap` and `pop3` know `up busy down slow`.' }),
    for: duration.optional().openapi({ type: 'string', example: '15m', description: 'On the clock; then `up` again.' }),
  })
  .openapi('HostChange');

const stand = { now: time, mode: z.enum(['real', 'frozen']), offsetMs: z.number() };
const due = { at: time, kind: z.string(), id: z.string() };

export const clockStand = z.object(stand);

export const clockState = z
  .object({ ...stand, pending: z.array(z.object(due)).openapi({ description: 'The next hundred.' }) })
  .openapi('Clock') satisfies z.ZodType<ClockState>;

const isMoment = (text: string): boolean => text === 'next' || (/^\d{4}-\d\d-\d\dT/.test(text) && !isNaN(Date.parse(text)));

export const advance = z
  .strictObject({
    by: duration.optional(),
    to: z.string().refine(isMoment, 'expected a time such as 2026-12-01T00:00:00Z, or next').optional(),
    until: z.literal('idle').optional(),
  })
  .refine((goal) => Object.keys(goal).length === 1, 'expected one of by, to and until')
  .openapi('ClockGoal');

export const advanced = z
  .object({
    from: time,
    to: time,
    ran: z.array(z.object({ ...due, outcome: z.string() })).openapi({ description: 'The newest thousand.' }),
    ranCount: z.number(),
    stopped: z.literal('limit').nullable().openapi({ description: 'There was more to run than one move may.' }),
  })
  .openapi('ClockAdvance') satisfies z.ZodType<ClockAdvance>;
