// The shape of a rule as JSON: which fields there are and what kind of value each has.

import { z } from 'zod';
import { parseDuration } from '../base/duration.ts';
import type { Rule } from './fault.ts';
import { faultOfRegex } from './safe-regex.ts';

/** More is no pattern that a person wrote. */
const PATTERN = 500;

/** Ten years: what is longer is a mistake. */
const LONGEST = 10 * 365 * 24 * 3600 * 1000;

/** ms of a duration as it is written; null where it is none. */
export function durationOf(written: string | number): number | null {
  const ms = typeof written === 'number' ? written : parseDuration(written);
  return ms !== null && ms >= 0 && ms <= LONGEST ? ms : null;
}

const DURATION = { error: 'a length of time expected, as "90s", "5m", "1h30m", or milliseconds' };

export const duration = z.union([z.string(), z.number()], DURATION).refine((written) => durationOf(written) !== null, DURATION);

const regex = z
  .string()
  .min(1)
  .max(PATTERN)
  .superRefine((source, context) => {
    const reason = faultOfRegex(source);
    if (reason !== null) context.addIssue({ code: 'custom', message: reason });
  });

const textMatch = z.union(
  [
    z.string().min(1).max(PATTERN),
    z.strictObject({ regex }),
    z.strictObject({ contains: z.string().min(1).max(PATTERN) }),
    z.strictObject({ equals: z.string().max(PATTERN) }),
  ],
  { error: 'a glob, or { regex }, { contains } or { equals } expected' },
);

const count = z.int().min(1);
const size = z.int().min(0);

export const match = z.strictObject({
  sender: textMatch.optional(),
  recipient: textMatch.optional(),
  domain: textMatch.optional(),
  clientIp: z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()], { error: 'an address or a network expected, as 10.0.0.0/8' }).optional(),
  helo: textMatch.optional(),
  user: textMatch.optional(),
  header: z.record(z.string().regex(/^[!-9;-~]+$/, 'the name of a header field expected'), textMatch).optional(),
  subject: textMatch.optional(),
  size: z
    .strictObject({ over: size.optional(), under: size.optional() })
    .refine(({ over = -1, under = Infinity }) => under - over > 1, { error: 'it would never fire: no size is over and under that' })
    .optional(),
  mailbox: textMatch.optional(),
});

/** Every one that was let through is remembered for the time of the rate. */
const RATE = 10_000;

const KEYS = ['sender+recipient', 'sender', 'recipient', 'triplet', 'message-id', 'connection', 'clientIp', 'user', 'rule'] as const;

const when = z.strictObject({
  attempts: z
    .union(
      [
        z.strictObject({ first: count }),
        z.strictObject({ from: count, to: count.optional() }),
        z.strictObject({ nth: z.array(count).min(1).max(1000) }),
        z.strictObject({ every: count }),
      ],
      { error: '{ first }, { from, to }, { nth } or { every } expected, of numbers from 1' },
    )
    .optional(),
  attemptKey: z.enum(KEYS).optional(),
  probability: z.number().gt(0, 'it would never fire').max(1).optional(),
  seed: z.int().optional(),
  times: count.optional(),
  rate: z.strictObject({ over: size.max(RATE), per: duration, by: z.enum(['clientIp', 'sender', 'domain']).optional() }).optional(),
  concurrency: z.strictObject({ over: size, by: z.literal('clientIp').optional() }).optional(),
  window: z.strictObject({ after: duration.optional(), for: duration.optional() }).optional(),
  firstSeen: z.strictObject({ under: duration, forget: duration.optional() }).optional(),
});

/** What goes over the wire as a line of its own. */
const line = z
  .string()
  .max(2000)
  .regex(/^[^\r\n\0]*$/, 'one line without CR, LF and NUL expected');
const then = z.enum(['continue', 'close', 'reset']);

const CODE = 'a code of 2xx, 4xx or 5xx expected; others come from { corrupt: "bad-code" }';

const reply = z.union(
  [
    line.min(1),
    z.strictObject({
      code: z.int().refine((code) => /^[245]\d\d$/.test(String(code)), { error: CODE }),
      enhanced: z
        .string()
        .regex(/^[245]\.\d{1,3}\.\d{1,3}$/, 'an enhanced code expected, as 4.2.0')
        .optional(),
      lines: z.array(line).min(1).max(100),
      then: then.optional(),
    }),
  ],
  { error: 'a line, or { code, enhanced, lines, then } expected' },
);

const yes = z.literal(true);
const ENDING = {
  reply: z.strictObject({ reply }),
  close: z.strictObject({ close: yes }),
  reset: z.strictObject({ reset: yes }),
  stall: z.strictObject({ stall: yes }),
  truncate: z.strictObject({ truncate: z.strictObject({ bytes: size, then: z.enum(['close', 'reset']) }) }),
  discard: z.strictObject({ discard: yes }),
  hold: z.strictObject({ hold: yes }),
  corrupt: z.strictObject({ corrupt: z.enum(['malformed', 'bad-code', 'missing-crlf', 'class-mismatch']) }),
  acceptThen: z.strictObject({
    acceptThen: z.union([z.enum(['close', 'reset', 'stall']), z.strictObject({ reply })], {
      error: 'close, reset, stall or { reply } expected',
    }),
  }),
  bounce: z.strictObject({ bounce: z.strictObject({ status: z.string(), diagnostic: line, after: duration.optional() }) }),
  pass: z.strictObject({ pass: yes }),
} as const;

const MODIFIER = {
  delay: z.strictObject({ delay: z.union([duration, z.strictObject({ min: duration, max: duration })]) }),
  throttle: z.strictObject({ throttle: z.strictObject({ bytesPerSecond: count, direction: z.enum(['in', 'out', 'both']) }) }),
  trickle: z.strictObject({ trickle: z.strictObject({ bytes: count, every: duration }) }),
  capabilities: z.strictObject({
    capabilities: z.strictObject({
      remove: z.array(line.min(1)).optional(),
      add: z.array(line.min(1)).optional(),
      heloOnly: yes.optional(),
    }),
  }),
  certificate: z.strictObject({ certificate: z.enum(['expired', 'wrong-host', 'self-signed']) }),
  tls: z.strictObject({ tls: z.enum(['garbage', 'alert']) }),
  silence: z.strictObject({ silence: z.array(z.enum(['exists', 'expunge', 'flags'])).min(1) }),
  uidValidity: z.strictObject({ uidValidity: z.literal('bump') }),
} as const;

/** The shape of an act by its one field. */
export const ACTS: Readonly<Record<string, z.ZodType>> = { ...MODIFIER, ...ENDING };

/** Acts are looked at one by one, by their field: a union of all would say nothing of what is wrong. */
const act = z.record(z.string(), z.unknown());

export const rule = z.strictObject({
  id: z
    .string()
    .regex(/^\w[\w.:+-]{0,99}$/, 'an id of letters, digits and . : + - _ expected')
    // What stands in its place in the routes (`/faults/options`).
    .refine((id) => !['options', 'presets', 'reset'].includes(id), 'this word is taken')
    .optional(),
  name: z.string().max(200).nullable().optional(),
  enabled: z.boolean().optional(),
  ttl: duration.nullable().optional(),
  on: z.strictObject({
    protocol: z.enum(['smtp', 'imap', 'pop3']).optional(),
    host: z.string().min(1).max(255).nullable().optional(),
    stage: z.string(),
  }),
  match: match.optional(),
  when: when.optional(),
  do: z.array(act).min(1).max(20).optional(),
  script: z
    .array(z.union([line.min(1), act], { error: 'a reply, a word or an ending expected' }))
    .min(1)
    .max(1000)
    .optional(),
});

export type Shaped = Omit<Rule, 'on' | 'do' | 'script'> & {
  readonly on: Omit<Rule['on'], 'stage'> & { readonly stage: string };
  readonly do?: readonly Readonly<Record<string, unknown>>[];
  readonly script?: readonly (string | Readonly<Record<string, unknown>>)[];
};
