// Named bundles of rules for what people mostly want: each is printed as its rules, so that it can be changed and learnt from.

import { Refusal } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { cellAt } from './cells.ts';
import type { Rule } from './fault.ts';
import { readOptions } from './preset-options.ts';
import type { PresetOptions } from './preset-options.ts';
import { fail } from './read-rule.ts';
import { durationOf } from './shape.ts';
import type { FaultProtocol } from './stages.ts';

export type HostState = 'up' | 'busy' | 'down' | 'slow' | 'greylisting' | 'full' | 'reject';

export interface Bundle {
  readonly faults: readonly Rule[];
  readonly hosts: Readonly<Record<string, HostState>>;
}

export interface Preset {
  readonly name: string;
  /** What a client meets, in one sentence. */
  readonly summary: string;
  readonly options: readonly (keyof PresetOptions)[];
  /** `primaries` are the hosts that receivers' mail is offered to first. */
  readonly make: (options: PresetOptions, primaries?: readonly string[]) => Bundle;
}

type Words = Omit<Rule, 'on'> & { readonly stage: Rule['on']['stage']; readonly protocol?: FaultProtocol };

const PLACE = ['host', 'match', 'ttl'] as const;

/** Its rules, at the host, for whom and for the time that are asked for. */
const rules =
  (...words: readonly Words[]) =>
  ({ host = null, match, ttl = null }: PresetOptions): Bundle => ({
    faults: words.map(({ name = null, stage, protocol = 'smtp', ...rest }) => ({
      name,
      on: { protocol, stage, ...(host !== null && { host }) },
      ...(match !== undefined && { match }),
      ...rest,
      ttl,
    })),
    hosts: {},
  });

const preset = (name: string, summary: string, make: Preset['make'], more: readonly (keyof PresetOptions)[] = []): Preset => ({
  name,
  summary,
  options: [...PLACE, ...more],
  make,
});

const SEED = 1;

/** Before each answer of a slow server. */
export const SLOW: NonNullable<Rule['do']> = [{ delay: { min: '2s', max: '8s' } }];

export const PRESETS: readonly Preset[] = [
  preset(
    'busy',
    'Every connection is answered 421 and closed: try again later.',
    rules({ name: 'busy', stage: 'banner', do: [{ reply: '421 4.3.2 Service not available, closing transmission channel' }] }),
  ),
  {
    name: 'down',
    summary: 'Nobody listens: connections are refused.',
    options: ['host', 'ttl'],
    make: ({ host }) => ({ faults: [], hosts: { [host ?? 'submission']: 'down' } }),
  },
  {
    name: 'primary-down',
    summary: 'Of every receiver the hosts of the best preference are down: backups take over, or mail waits.',
    options: ['ttl'],
    make: (_options, primaries = []) => ({ faults: [], hosts: Object.fromEntries(primaries.map((name) => [name, 'down'])) }),
  },
  preset(
    'greylisting',
    'A recipient is put off until five minutes after client, sender and recipient were first seen together.',
    rules({
      name: 'greylisting',
      stage: 'rcpt',
      when: { attemptKey: 'triplet', firstSeen: { under: '300s', forget: '24h' } },
      do: [{ reply: '450 4.2.0 Greylisted, try again in 300 s' }],
    }),
  ),
  preset(
    'mailbox-full',
    'Every recipient is over quota: 452, or 552 for good.',
    ({ hard = false, ...options }) =>
      rules({
        name: 'mailbox full',
        stage: 'rcpt',
        do: [{ reply: hard ? '552 5.2.2 Mailbox full' : '452 4.2.2 The recipient is over quota' }],
      })(options),
    ['hard'],
  ),
  preset(
    'reject',
    'Every recipient is refused for good.',
    rules({ name: 'reject', stage: 'rcpt', do: [{ reply: '550 5.7.1 Message refused by policy' }] }),
  ),
  preset(
    'flaky',
    'One in five of everything fails: MAIL, RCPT and the final dot with 451, the body with a reset.',
    ({ probability = 0.2, seed = SEED, ...options }) =>
      rules(
        ...(['mail', 'rcpt', 'end-of-data'] as const).map((stage) => ({
          name: `flaky at ${stage}`,
          stage,
          when: { probability, seed },
          do: [{ reply: '451 4.3.0 Local error in processing' }],
        })),
        { name: 'flaky in the body', stage: 'body', when: { probability, seed }, do: [{ truncate: { bytes: 512, then: 'reset' } }] },
      )(options),
    ['probability', 'seed'],
  ),
  preset(
    'slow',
    'Every reply takes two to eight seconds; with `body`, the message is read at 1 kB a second.',
    ({ body = false, ...options }) =>
      body
        ? rules({ name: 'slow body', stage: 'body', do: [{ throttle: { bytesPerSecond: 1024, direction: 'in' } }] })(options)
        : rules({ name: 'slow to greet', stage: 'banner', do: SLOW }, { name: 'slow', stage: 'any', do: SLOW })(options),
    ['body'],
  ),
  preset(
    'rate-limited',
    'Above ten messages a minute, or two connections at a time, a client gets 421.',
    rules(
      {
        name: 'too many messages',
        stage: 'mail',
        when: { rate: { over: 10, per: '1m', by: 'clientIp' } },
        do: [{ reply: '421 4.7.0 Too many messages, slow down' }],
      },
      {
        name: 'too many connections',
        stage: 'banner',
        when: { concurrency: { over: 2, by: 'clientIp' } },
        do: [{ reply: '421 4.7.0 Too many connections from your address' }],
      },
    ),
  ),
  preset(
    'lost-reply',
    'The message is kept, but at the first attempt the connection is reset in place of the 250.',
    rules({ name: 'lost reply', stage: 'end-of-data', when: { attempts: { first: 1 } }, do: [{ acceptThen: 'reset' }] }),
  ),
  preset(
    'bad-certificate',
    'TLS comes with a certificate that has expired, is of another host, or is signed by nobody.',
    ({ certificate = 'expired', ...options }) =>
      rules({ name: `certificate: ${certificate}`, stage: 'tls', do: [{ certificate }] })(options),
    ['certificate'],
  ),
  preset(
    'no-tls',
    'STARTTLS is refused for now.',
    rules({ name: 'no TLS', stage: 'starttls', do: [{ reply: '454 4.7.0 TLS not available due to a temporary reason' }] }),
  ),
  preset(
    'auth-broken',
    'Every login is wrong.',
    rules({ name: 'auth broken', stage: 'auth', do: [{ reply: '535 5.7.8 Authentication credentials invalid' }] }),
  ),
  preset(
    'provider:gmail',
    'As Gmail puts off: a rate per recipient, and a server that is busy.',
    rules(
      {
        name: 'recipient over its rate',
        stage: 'rcpt',
        when: { rate: { over: 20, per: '1m', by: 'domain' } },
        do: [{ reply: '450 4.2.1 The user you are trying to contact is receiving mail at a rate that prevents additional messages' }],
      },
      {
        name: 'unusual rate',
        stage: 'mail',
        when: { attempts: { every: 10 } },
        do: [{ reply: '421 4.7.28 Unusual rate of mail from your address' }],
      },
    ),
  ),
  preset(
    'provider:outlook',
    'As Exchange Online puts off: server busy, twice for each sender and recipient.',
    rules({
      name: 'server busy',
      stage: 'rcpt',
      when: { attempts: { first: 2 } },
      do: [{ reply: '451 4.7.500 Server busy. Please try again later' }],
    }),
  ),
  preset(
    'provider:yahoo',
    'As Yahoo puts off a sender that it does not know: 421 at the first attempts.',
    rules({
      name: 'unexpected volume',
      stage: 'mail',
      when: { attempts: { first: 2 } },
      do: [{ reply: '421 4.7.0 [TSS04] Messages temporarily deferred due to unexpected volume or user complaints' }],
    }),
  ),
  preset(
    'reader-busy',
    'IMAP and POP3 let nobody in for now.',
    rules(
      { name: 'IMAP unavailable', protocol: 'imap', stage: 'login', do: [{ reply: 'NO [UNAVAILABLE] Temporary authentication failure' }] },
      { name: 'POP3 in use', protocol: 'pop3', stage: 'login', do: [{ reply: '-ERR [IN-USE] Do you have another POP session running?' }] },
    ),
  ),
];

/** Throws Refusal `not-found`, with the name that may be meant. */
export function presetOf(name: string): Preset {
  const found = PRESETS.find((one) => one.name === name);
  if (found) return found;
  const names = PRESETS.map((one) => one.name);
  const meant = nearest(name, names);
  throw new Refusal(
    'not-found',
    `there is no preset ${name}${meant === null ? `; there are ${names.join(', ')}` : `, ${meant} may be meant`}`,
  );
}

/** Whether what a rule matches on is known where it stands. */
const knows = ({ on: { protocol = 'smtp', stage }, match = {} }: Rule): boolean => {
  const known: readonly string[] = cellAt(protocol, stage)?.matches ?? [];
  return Object.keys(match).every((field) => known.includes(field));
};

/** What a preset makes with these options, as JSON, and for how long in ms: of its rules those that can know whom they are to meet. Throws Refusal. */
export function bundleOf(name: string, value: unknown, primaries: readonly string[] = []): Bundle & { readonly lasting: number | null } {
  const { make, options } = presetOf(name);
  const given = readOptions(value, options);
  const { faults, hosts } = make(given, primaries);
  if (faults.length === 0 && Object.keys(hosts).length === 0) fail('', `${name} is about receivers, and none is declared`);
  const able = faults.filter(knows);
  if (faults.length > 0 && able.length === 0) {
    const stages = [...new Set(faults.map(({ on }) => on.stage))].join(', ');
    fail('match', `not known at ${stages}, where ${name} stands`);
  }
  const { ttl = null } = given;
  return { faults: able, hosts, lasting: ttl === null ? null : durationOf(ttl) };
}

/** The preset that a state of a host stands for; null where it needs none. */
export const PRESET_OF_STATE: Readonly<Record<HostState, string | null>> = {
  up: null,
  down: null,
  busy: 'busy',
  slow: 'slow',
  greylisting: 'greylisting',
  full: 'mailbox-full',
  reject: 'reject',
};
