// Faults: the schemas of rules as callers write them, and of what has become of them.

import { z } from '@hono/zod-openapi';
import { listOf, time } from './lists.ts';
import type { Read } from './lists.ts';
import type {
  AppliedPreset,
  Fault,
  FaultEnding,
  FaultHit,
  FaultMatch,
  FaultModifier,
  FaultOn,
  FaultOptions,
  FaultPreset,
  FaultReply,
  FaultRule,
  FaultWhen,
  HostState,
  ListOf,
  TextMatch,
  WrittenDuration,
} from './types.ts';

export const written = z.union([z.string(), z.number()]).openapi('WrittenDuration', {
  description: '`"90s"`, `"5m"`, `"1h30m"`; a number is milliseconds.',
}) satisfies z.ZodType<WrittenDuration>;

const textMatch = z
  .union([
    z.string(),
    z.strictObject({ regex: z.string() }),
    z.strictObject({ contains: z.string() }),
    z.strictObject({ equals: z.string() }),
  ])
  .openapi('TextMatch', { description: 'A string is a glob in any case.' }) satisfies z.ZodType<TextMatch>;

const protocol = z.enum(['smtp', 'imap', 'pop3']);

const on = z
  .strictObject({
    protocol: protocol.optional(),
    host: z.string().nullable().optional().openapi({ description: 'Left out: the built-in server of the protocol; `*`: every host.' }),
    stage: z.string().openapi({ example: 'rcpt' }),
  })
  .openapi('FaultOn') satisfies z.ZodType<Read<FaultOn>>;

const match = z
  .strictObject({
    sender: textMatch.optional(),
    recipient: textMatch.optional(),
    domain: textMatch.optional(),
    clientIp: z.string().optional().openapi({ example: '10.0.0.0/8' }),
    helo: textMatch.optional(),
    user: textMatch.optional(),
    header: z.record(z.string(), textMatch).optional(),
    subject: textMatch.optional(),
    size: z.strictObject({ over: z.number().optional(), under: z.number().optional() }).optional(),
    mailbox: textMatch.optional(),
  })
  .openapi('FaultMatch') satisfies z.ZodType<Read<FaultMatch>>;

const KEYS = ['sender+recipient', 'sender', 'recipient', 'triplet', 'message-id', 'connection', 'clientIp', 'user', 'rule'] as const;

const when = z
  .strictObject({
    attempts: z
      .union([
        z.strictObject({ first: z.number() }),
        z.strictObject({ from: z.number(), to: z.number().optional() }),
        z.strictObject({ nth: z.array(z.number()) }),
        z.strictObject({ every: z.number() }),
      ])
      .optional(),
    attemptKey: z.enum(KEYS).optional(),
    probability: z.number().optional().openapi({ description: 'By a hash of seed, rule, key and number: never by chance.' }),
    seed: z.number().optional(),
    times: z.number().optional().openapi({ description: 'Then the rule is spent, all keys together.' }),
    rate: z.strictObject({ over: z.number(), per: written, by: z.enum(['clientIp', 'sender', 'domain']).optional() }).optional(),
    concurrency: z.strictObject({ over: z.number(), by: z.literal('clientIp').optional() }).optional(),
    window: z.strictObject({ after: written.optional(), for: written.optional() }).optional(),
    firstSeen: z.strictObject({ under: written, forget: written.optional() }).optional(),
  })
  .openapi('FaultWhen') satisfies z.ZodType<Read<FaultWhen>>;

const reply = z
  .union([
    z.string(),
    z.strictObject({
      code: z.number(),
      enhanced: z.string().optional(),
      lines: z.array(z.string()),
      then: z.enum(['continue', 'close', 'reset']).optional(),
    }),
  ])
  .openapi('FaultReply', { example: '451 4.7.1 Please try again later' }) satisfies z.ZodType<Read<FaultReply>>;

const yes = z.literal(true);

const ending = z
  .union([
    z.strictObject({ reply }),
    z.strictObject({ close: yes }),
    z.strictObject({ reset: yes }),
    z.strictObject({ stall: yes }),
    z.strictObject({ truncate: z.strictObject({ bytes: z.number(), then: z.enum(['close', 'reset']) }) }),
    z.strictObject({ discard: yes }),
    z.strictObject({ hold: yes }),
    z.strictObject({ corrupt: z.enum(['malformed', 'bad-code', 'missing-crlf', 'class-mismatch']) }),
    z.strictObject({ acceptThen: z.union([z.enum(['close', 'reset', 'stall']), z.strictObject({ reply })]) }),
    z.strictObject({ bounce: z.strictObject({ status: z.string(), diagnostic: z.string(), after: written.optional() }) }),
    z.strictObject({ pass: yes }),
  ])
  .openapi('FaultEnding') satisfies z.ZodType<Read<FaultEnding>>;

const modifier = z
  .union([
    z.strictObject({ delay: z.union([written, z.strictObject({ min: written, max: written })]) }),
    z.strictObject({ throttle: z.strictObject({ bytesPerSecond: z.number(), direction: z.enum(['in', 'out', 'both']) }) }),
    z.strictObject({ trickle: z.strictObject({ bytes: z.number(), every: written }) }),
    z.strictObject({
      capabilities: z.strictObject({
        remove: z.array(z.string()).optional(),
        add: z.array(z.string()).optional(),
        heloOnly: yes.optional(),
      }),
    }),
    z.strictObject({ certificate: z.enum(['expired', 'wrong-host', 'self-signed']) }),
    z.strictObject({ tls: z.enum(['garbage', 'alert']) }),
    z.strictObject({ silence: z.array(z.enum(['exists', 'expunge', 'flags'])) }),
    z.strictObject({ uidValidity: z.literal('bump') }),
  ])
  .openapi('FaultModifier') satisfies z.ZodType<Read<FaultModifier>>;

const words = {
  id: z.string().optional(),
  name: z.string().nullable().optional(),
  enabled: z.boolean().optional(),
  ttl: written.nullable().optional().openapi({ description: 'On the clock of `/clock`; then the fault is gone.' }),
  on,
  match: match.optional(),
  when: when.optional(),
  do: z
    .array(z.union([modifier, ending]))
    .optional()
    .openapi({ description: 'Modifiers, then at most one ending.' }),
  script: z
    .array(z.union([z.string(), ending]))
    .optional()
    .openapi({ description: 'Instead of `do`: one ending for each attempt of a key; the last one stays.' }),
};

export const faultRule = z.strictObject(words).openapi('FaultRule') satisfies z.ZodType<Read<FaultRule>>;

export const fault = z
  .strictObject({
    ...words,
    id: z.string(),
    name: z.string().nullable(),
    enabled: z.boolean(),
    ttl: written.nullable(),
    hits: z.number(),
    lastHitAt: time.nullable(),
    createdAt: time,
    expiresAt: time.nullable(),
    source: z.enum(['api', 'ui', 'preset', 'file', 'magic']),
  })
  .openapi('Fault') satisfies z.ZodType<Read<Fault>>;

/** A body that the engine reads: it refuses what could never work too, and names the field either way. */
export const readByEngine = (name: string, description: string) =>
  z.record(z.string(), z.unknown()).openapi({ allOf: [{ $ref: `#/components/schemas/${name}` }], description });

export const ruleBody = readByEngine('FaultRule', 'A rule; fields that are read only are passed over.');
export const ruleList = z.array(ruleBody).openapi('FaultRules', { description: 'All rules, in order.' });
export const ruleChange = z
  .record(z.string(), z.unknown())
  .openapi('FaultChange', { description: 'Fields of a rule, each as a whole; null takes `match`, `when`, `do` or `script` away.' });

export const faultList = listOf(fault).openapi('FaultList') satisfies z.ZodType<Read<ListOf<Fault>>>;

export const faultHit = z
  .object({
    at: time,
    faultId: z.string(),
    sessionId: z.string(),
    stage: z.string(),
    sender: z.string().nullable(),
    recipient: z.string().nullable(),
    outcome: z.string().openapi({ example: '450 4.2.0 Greylisted' }),
  })
  .openapi('FaultHit') satisfies z.ZodType<FaultHit>;

export const faultHits = listOf(faultHit).openapi('FaultHits') satisfies z.ZodType<ListOf<FaultHit>>;

export const faultOptions = z
  .object({
    cells: z.array(
      z.object({
        protocol,
        stage: z.string(),
        modifiers: z.array(z.string()),
        endings: z.array(z.string()),
        matches: z.array(z.string()),
      }),
    ),
    seed: z.number(),
  })
  .openapi('FaultOptions') satisfies z.ZodType<FaultOptions>;

export const hostState = z
  .enum(['up', 'busy', 'down', 'slow', 'greylisting', 'full', 'reject'])
  .openapi('HostState') satisfies z.ZodType<HostState>;

const hostStates = z.record(z.string(), hostState);

export const faultPreset = z
  .object({
    name: z.string(),
    summary: z.string(),
    options: z.array(z.string()),
    faults: z.array(faultRule),
    hosts: hostStates,
  })
  .openapi('FaultPreset') satisfies z.ZodType<Read<FaultPreset>>;

export const presetList = listOf(faultPreset).openapi('FaultPresets') satisfies z.ZodType<Read<ListOf<FaultPreset>>>;

export const appliedPreset = z.object({ faults: z.array(fault), hosts: hostStates }).openapi('AppliedPreset') satisfies z.ZodType<
  Read<AppliedPreset>
>;

/** Each preset has its own of these, and the engine reads them. */
export const presetOptions = z
  .strictObject({
    host: z.string().nullable().optional().openapi({ description: 'Where its rules stand; without it the built-in server.' }),
    ttl: written.nullable().optional(),
    match: match.optional().openapi({ description: 'Of its rules, those that can know it.' }),
    hard: z.boolean().optional(),
    body: z.boolean().optional(),
    certificate: z.enum(['expired', 'wrong-host', 'self-signed']).optional(),
    probability: z.number().optional(),
    seed: z.number().optional(),
  })
  .openapi('PresetOptions');

export const presetBody = readByEngine('PresetOptions', 'Those that the preset names in `options`.');
