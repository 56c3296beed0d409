// Receivers: the schemas of their words, and of what has become of them.

import { z } from '@hono/zod-openapi';
import { hostState, readByEngine, written } from './faults.ts';
import { listOf } from './lists.ts';
import type { Read } from './lists.ts';
import type { ListOf, Receiver, ReceiverHost, ReceiverPolicy, ReceiverRule } from './types.ts';

const preference = z.number().openapi({ description: 'As of an MX record: the lower one is tried first.', example: 10 });
const backup = z.enum(['stores', 'relays']).openapi({ description: 'What it does with mail while a better host is away.' });

const receiverHost = z
  .strictObject({ name: z.string(), preference, state: hostState, backup: backup.optional(), address: z.string(), port: z.number() })
  .openapi('ReceiverHost') satisfies z.ZodType<Read<ReceiverHost>>;

const writtenHost = z.strictObject({
  name: z.string().openapi({ example: 'mx1.shop.test', description: 'Of no other host.' }),
  preference: preference.optional(),
  state: hostState.optional().openapi({ description: 'At first.' }),
  backup: backup.optional(),
  address: z.string().optional().openapi({ description: 'Of the loopback.', example: '127.0.0.1' }),
  port: z.number().optional().openapi({ description: 'Left out: chosen once.' }),
});

const policy = z
  .strictObject({
    profile: z.enum(['sandbox', 'rfc5321', 'postfix', 'exim', 'sendmail', 'exchange-online', 'instant']).optional(),
    schedule: z.string().optional().openapi({ example: '5m,10m,20m*3,1h*4' }),
    giveUpAfter: written.optional(),
    warnAfter: written.nullable().optional(),
    failover: z.enum(['transient', 'connection']).optional(),
    tls: z.enum(['none', 'opportunistic', 'required', 'verified']).optional(),
    dialect: z.enum(['standard', 'postfix', 'exim', 'exchange']).optional(),
  })
  .openapi('ReceiverPolicy') satisfies z.ZodType<Read<ReceiverPolicy>>;

const dns = z.enum(['ok', 'null-mx', 'nxdomain', 'servfail']).openapi({ description: 'What DNS says of the domain.' });

export const receiverRule = z
  .strictObject({ hosts: z.array(writtenHost), policy: policy.optional(), dns: dns.optional() })
  .openapi('ReceiverRule') satisfies z.ZodType<Read<ReceiverRule>>;

export const receiverBody = readByEngine('ReceiverRule', 'The words of a receiver; fields that are read only are passed over.');

export const receiver = z
  .strictObject({
    domain: z.string().openapi({ description: 'A domain, a glob such as `*.corp.test`, or `*`.' }),
    hosts: z.array(receiverHost),
    policy,
    schedule: z.string().openapi({ description: 'The waits of its policy.', example: '1s,2s,4s,8s' }),
    giveUpAfter: z.string().openapi({ description: 'The end of its policy.', example: '5d' }),
    dns,
    waiting: z.number().openapi({ description: 'Deliveries that are not over.' }),
  })
  .openapi('Receiver') satisfies z.ZodType<Read<Receiver>>;

export const receiverList = listOf(receiver).openapi('ReceiverList') satisfies z.ZodType<Read<ListOf<Receiver>>>;
