// Rules as nobody would write them: legal ones of every cell, and JSON that only looks like a rule.

import fc from 'fast-check';
import type { EndingName, MatchField, ModifierName } from '../../server/faults/cells.ts';
import { allCells } from '../../server/faults/cells.ts';
import type { AttemptKey, Rule } from '../../server/faults/fault.ts';
import type { FaultProtocol } from '../../server/faults/stages.ts';

/** Short enough to be lived through. */
const moment = fc.constantFrom(0, 1, '5ms', '0.02s');
const length = fc.constantFrom(1, 500, '90s', '1h30m', '5d');
const text = fc.string({
  unit: fc.constantFrom('a', 'B', '*', '?', '@', '.', 'ü', '😀', '\\', '"', '[', '\0', '\r'),
  minLength: 1,
  maxLength: 12,
});
const line = fc.string({ unit: fc.constantFrom('a', ' ', '-', 'é', '😀', '\t', '\\', '250'), maxLength: 20 });

const textMatch = fc.oneof(
  fc.constantFrom('*', '*@*', 'jo@*', '*@shop.test'),
  text,
  text.map((contains) => ({ contains })),
  text.map((equals) => ({ equals })),
  fc.constantFrom('^j', '(a|b)*c', '\\p{L}+@', '.*.*.*x', '$').map((regex) => ({ regex })),
);

const REPLIES: Readonly<Record<FaultProtocol, fc.Arbitrary<unknown>>> = {
  smtp: fc.oneof(
    fc.tuple(fc.constantFrom('250', '421', '450 4.2.1', '550', '552 5.3.4'), line).map(([code, words]) => `${code} ${words}`),
    fc.record(
      {
        code: fc.constantFrom(220, 250, 421, 451, 599),
        lines: fc.array(line, { minLength: 1, maxLength: 4 }),
        then: fc.constantFrom('continue', 'close', 'reset'),
      },
      { requiredKeys: ['code', 'lines'] },
    ),
  ),
  imap: line.map((words) => `BYE x${words}`),
  pop3: fc.tuple(fc.constantFrom('+OK', '-ERR', '-ERR [IN-USE]'), line).map(([status, words]) => `${status} ${words}`),
};

const yes = fc.constant(true);
const then = fc.constantFrom('close', 'reset');
const bytes = fc.integer({ min: 0, max: 60 });

const MODIFIERS: Readonly<Record<ModifierName, fc.Arbitrary<unknown>>> = {
  delay: fc.oneof(moment, fc.constant({ min: 0, max: 9 })),
  throttle: fc.record({ bytesPerSecond: fc.constantFrom(20_000, 1_000_000), direction: fc.constantFrom('out', 'both') }),
  trickle: fc.record({ bytes: fc.integer({ min: 1, max: 99 }), every: fc.constantFrom(0, 1) }),
  capabilities: fc.record(
    {
      remove: fc.subarray(['PIPELINING', 'AUTH', 'IDLE', 'UIDL', 'CHUNKING', 'SIZE', 'MOVE']),
      add: fc.subarray(['SIZE 10', 'X-A']),
      heloOnly: yes,
    },
    { requiredKeys: [] },
  ),
  certificate: fc.constantFrom('expired', 'wrong-host', 'self-signed'),
  tls: fc.constantFrom('garbage', 'alert'),
  silence: fc.subarray(['exists', 'expunge', 'flags'], { minLength: 1 }),
  uidValidity: fc.constant('bump'),
};

const ENDINGS: Readonly<Record<EndingName, (protocol: FaultProtocol, stage: string) => fc.Arbitrary<unknown>>> = {
  reply: (protocol) => REPLIES[protocol],
  close: () => yes,
  reset: () => yes,
  stall: () => yes,
  truncate: () => fc.record({ bytes, then }),
  discard: () => yes,
  hold: () => yes,
  corrupt: (_, stage) => fc.constantFrom('malformed', 'bad-code', 'class-mismatch', ...(stage === 'starttls' ? [] : ['missing-crlf'])),
  acceptThen: (protocol) => fc.oneof(fc.constantFrom('close', 'reset', 'stall'), fc.record({ reply: REPLIES[protocol] })),
  bounce: () => yes,
  pass: () => yes,
};

const MATCHES: Readonly<Record<MatchField, fc.Arbitrary<unknown>>> = {
  sender: textMatch,
  recipient: textMatch,
  domain: textMatch,
  clientIp: fc.constantFrom('127.0.0.1', '127.0.0.0/8', '::1', '10.0.0.0/8', '::/0'),
  helo: textMatch,
  user: textMatch,
  header: fc.dictionary(fc.constantFrom('Subject', 'X-A', 'constructor', 'toString'), textMatch, { maxKeys: 2 }),
  subject: textMatch,
  size: fc.record({ over: fc.constantFrom(0, 5), under: fc.constantFrom(100, 9_999) }, { requiredKeys: [] }),
  mailbox: textMatch,
};

const KEYS: Readonly<Partial<Record<AttemptKey, MatchField>>> = {
  sender: 'sender',
  recipient: 'recipient',
  'sender+recipient': 'recipient',
  triplet: 'recipient',
  'message-id': 'header',
  user: 'user',
};

const optional = <T>(fields: Readonly<Record<string, fc.Arbitrary<T>>>): fc.Arbitrary<Record<string, T>> =>
  fc.record(fields, { requiredKeys: [] }) as fc.Arbitrary<Record<string, T>>;

function when(matches: readonly MatchField[]): fc.Arbitrary<Rule['when']> {
  const keys = (['connection', 'clientIp', 'rule', ...Object.keys(KEYS)] as AttemptKey[]).filter((key) => {
    const field = KEYS[key];
    return field === undefined || matches.includes(field);
  });
  const few = fc.integer({ min: 1, max: 3 });
  return optional<unknown>({
    attempts: fc.oneof(
      few.map((first) => ({ first })),
      few.map((from) => ({ from, to: from + 1 })),
      few.map((n) => ({ nth: [n, n + 2] })),
      few.map((every) => ({ every })),
    ),
    attemptKey: fc.constantFrom(...keys),
    probability: fc.constantFrom(0.5, 1),
    seed: fc.integer(),
    times: few,
    rate: few.map((over) => ({ over, per: '1m' })),
    concurrency: fc.constantFrom(0, 1, 5).map((over) => ({ over, by: 'clientIp' })),
    window: fc.record({ after: fc.constantFrom(0, '1s'), for: length }, { requiredKeys: [] }),
    firstSeen: fc.record({ under: length, forget: length }, { requiredKeys: ['under'] }),
  });
}

/** Of each cell as likely. */
export const legalRule: fc.Arbitrary<Rule> = fc.constantFrom(...allCells()).chain(({ protocol, stage, modifiers, endings, matches }) => {
  const acts = fc
    .tuple(fc.subarray([...modifiers], { maxLength: Math.min(3, modifiers.length) }), fc.option(fc.constantFrom(...endings), { freq: 5 }))
    .filter(([some, ending]) => some.length > 0 || ending !== null)
    .chain(([some, ending]) =>
      fc.tuple(
        ...some.map((name) => MODIFIERS[name].map((value) => ({ [name]: value }))),
        ...(ending === null ? [] : [ENDINGS[ending](protocol, stage).map((value) => ({ [ending]: value }))]),
      ),
    );
  const given = when(matches);
  return fc
    .record(
      {
        name: fc.option(fc.string({ unit: 'grapheme', maxLength: 20 })),
        enabled: fc.constantFrom(true, true, true, false),
        ttl: fc.option(length),
        on: fc.record(
          { protocol: fc.constant(protocol), stage: fc.constant(stage), host: fc.constantFrom('*', null) },
          { requiredKeys: ['protocol', 'stage'] },
        ),
        match: optional<unknown>(Object.fromEntries(matches.map((field) => [field, MATCHES[field]]))),
        when: given,
        do: acts,
      },
      { requiredKeys: ['on', 'do'] },
    )
    .map((rule) => rule as unknown as Rule);
});

const WORDS = [
  ...[
    'id',
    'name',
    'enabled',
    'ttl',
    'on',
    'match',
    'when',
    'do',
    'script',
    'protocol',
    'host',
    'stage',
    'header',
    'attempts',
    'rate',
    'window',
  ],
  ...['reply', 'close', 'delay', 'truncate', 'throttle', 'acceptThen', 'code', 'lines', 'min', 'max', 'first', 'nth', 'regex', 'contains'],
  ...['constructor', 'toString', 'valueOf', '__proto__', 'hasOwnProperty', 'prototype', 'length', ''],
];
const VALUES = [
  'rcpt',
  'end-of-data',
  'smtp',
  'imap',
  'any',
  'constructor',
  '__proto__',
  '450 x',
  'reset',
  '5m',
  '(a+)+',
  '*',
  '\ud800',
  '0',
  '1e999',
  '-1s',
];

/** A rule's words in any order, with any value. */
export const anyJson: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4, depthSize: 'medium' },
    fc.constantFrom(...VALUES),
    fc.oneof(fc.boolean(), fc.constant(null), fc.double({ noNaN: true, noDefaultInfinity: true }), fc.integer(), fc.string()),
    fc.array(tie('value'), { maxLength: 4 }),
    fc
      .array(fc.tuple(fc.oneof(fc.constantFrom(...WORDS), fc.string()), tie('value')), { maxLength: 6 })
      .map((all) => Object.fromEntries(all)),
  ),
})).value;

/** A legal rule in which one value, wherever it stands, is another. */
export const spoiltRule: fc.Arbitrary<unknown> = fc
  .tuple(legalRule, anyJson, fc.nat(), fc.constantFrom(...WORDS))
  .map(([rule, other, at, word]) => {
    const copy = JSON.parse(JSON.stringify(rule)) as Record<string, unknown>;
    const places: [Record<string, unknown>, string][] = [];
    const walk = (value: unknown): void => {
      if (typeof value !== 'object' || value === null) return;
      const fields = value as Record<string, unknown>;
      if (!Array.isArray(value)) places.push([fields, word]);
      for (const name of Object.keys(fields)) {
        places.push([fields, name]);
        walk(fields[name]);
      }
    };
    walk(copy);
    const [fields, name] = places[at % places.length] ?? [copy, word];
    Object.defineProperty(fields, name, { value: other, enumerable: true, configurable: true, writable: true });
    return copy;
  });
