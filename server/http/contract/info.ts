// What the server says about itself.

import { z } from '@hono/zod-openapi';
import { clockStand } from './sandbox.ts';
import { time } from './lists.ts';
import type { Info } from './types.ts';

const port = z.number().nullable();

export const info = z
  .object({
    name: z.literal('mailrig'),
    version: z.string(),
    ports: z.object({
      smtp: port,
      smtps: port,
      http: port,
      imap: port,
      imaps: port,
      pop3: port,
      pop3s: port,
      lmtp: port,
      dns: port,
    }),
    listeners: z.array(
      z.object({ protocol: z.string(), address: z.string(), port: z.number(), tls: z.enum(['none', 'starttls', 'implicit']) }),
    ),
    settings: z.record(z.string(), z.object({ value: z.unknown(), source: z.enum(['default', 'file', 'environment', 'flag', 'option']) })),
    index: z.object({ pending: z.number() }),
    storage: z.object({
      messages: z.number(),
      octets: z.number().openapi({ description: 'Of all messages, those of deletions that can be undone included.' }),
      full: z
        .object({ limit: z.string().openapi({ description: 'A setting: `maxMessages`, `maxSize`, or `data` for its disk.' }), at: time })
        .nullable()
        .openapi({ description: 'The newest message that was refused for want of room; null once there is some again.' }),
    }),
    faults: z.number().openapi({ description: 'How many are enabled, without those of addresses.' }),
    clock: clockStand,
  })
  .openapi('Info') satisfies z.ZodType<Info>;

/** What is kept, and what is forgotten: everything without a scope, else what touches those addresses or that user. */
export const reset = z
  .strictObject({
    keep: z.array(z.enum(['messages', 'sessions', 'faults', 'receivers', 'queue', 'clock'])).optional(),
    scope: z
      .strictObject({
        rcpt: z.string().min(1).optional().openapi({ example: '*@w3.test', description: 'A whole address, or a glob for it.' }),
        user: z.string().min(1).optional().openapi({ example: 'w3', description: 'The whole name, or a glob for it.' }),
      })
      .refine(({ rcpt, user }) => (rcpt ?? user) !== undefined, 'expected rcpt or user')
      .optional(),
  })
  .openapi('Reset');

export const login = z.strictObject({ user: z.string(), password: z.string() }).openapi('Login');
