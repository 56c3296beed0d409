// The fields of the editor as data: what each is called, says and makes of the rule, for what is possible where the rule stands.

import type { FaultCell, FaultOptions, FaultProtocol, FaultRule, FaultWhen } from '../../../server/http/contract/types.ts';
import { text } from '../../text/faults.ts';
import { cellOf } from './check.ts';
import {
  delayOf,
  endingKind,
  endingOf,
  headerOf,
  matchOf,
  modifierOf,
  put,
  putEnding,
  putMatch,
  putModifier,
  putWhen,
  typed,
  typedDelay,
  typedHeader,
  whenKind,
  withEnding,
  withKind,
  type EndingKind,
  type WhenKind,
} from './draft.ts';
import { protocolOf, wordOf } from './place.ts';

export interface Field {
  readonly name: string;
  readonly value: string | number;
  /** The rule with what was typed or chosen; null while that is nothing yet. */
  readonly set: (typed: string) => FaultRule | null;
  /** Of a choice: value and word. */
  readonly choices?: readonly (readonly [string, string])[];
  readonly kind?: 'number' | 'lines';
  readonly hint?: string;
  readonly title?: string;
  /** Protocol, and so in its type. */
  readonly mono?: boolean;
  /** Taken when it is left, since it is written anew then. */
  readonly late?: boolean;
  /** A word before it. */
  readonly before?: string;
}

export interface Row {
  readonly label: string;
  /** In the server's words, for what it says against it. */
  readonly path: string;
  readonly fields: readonly Field[];
}

const entries = (words: Readonly<Record<string, string>>): readonly (readonly [string, string])[] => Object.entries(words);
/** Numbers from `least` on; else nothing happens. */
const counted = (least: number, done: (n: number) => FaultRule) => (text: string) => {
  const n = text === '' ? NaN : Number(text);
  return n >= least ? done(n) : null;
};
const one = (label: string, path: string, field: Omit<Field, 'name'>): Row => ({ label, path, fields: [{ name: label, ...field }] });

const PROTOCOLS = [
  ['smtp', 'SMTP'],
  ['imap', 'IMAP'],
  ['pop3', 'POP3'],
] as const;
const FIRST_STAGE = { smtp: 'rcpt', imap: 'login', pop3: 'login' } as const;

function where(rule: FaultRule, { cells }: FaultOptions, names: readonly string[]): Row {
  const protocol = protocolOf(rule.on);
  const { stage, host } = rule.on;
  const has = (other: string): boolean => cells.some((cell) => cell.protocol === other && cell.stage === stage);
  const known = [...new Set([...names, ...(host && host !== '*' ? [host] : [])])];
  return {
    label: text.where,
    path: 'on',
    fields: [
      {
        name: text.protocol,
        value: protocol,
        choices: PROTOCOLS,
        set: (to) =>
          put(rule, { on: { ...rule.on, protocol: to as FaultProtocol, stage: has(to) ? stage : FIRST_STAGE[to as FaultProtocol] } }),
      },
      {
        name: text.stage,
        value: stage,
        choices: cells.filter((cell) => cell.protocol === protocol).map((cell) => [cell.stage, wordOf(cell.stage)]),
        set: (to) => put(rule, { on: { ...rule.on, stage: to } }),
      },
      {
        name: text.host,
        value: host ?? '',
        choices: [['', text.builtIn], ['*', text.everyHost], ...known.map((name) => [name, name] as const)],
        set: (to) => put(rule, { on: { ...rule.on, host: to || null } }),
      },
    ],
  };
}

type TextField = keyof typeof text.matchFields;
const MATCHES = Object.keys(text.matchFields) as TextField[];
/** Of so few all are shown at once; of more, those that are asked for. */
const FEW = 4;
const USUAL: readonly string[] = ['recipient', 'sender', 'user', 'mailbox'];

/** `all`: also what is rarely asked for. */
function whom(rule: FaultRule, cell: FaultCell | undefined, all: boolean): Row[] {
  const { match = {} } = rule;
  const can = (name: string): boolean => cell?.matches.includes(name) === true;
  const known = MATCHES.filter((name) => can(name) || name in match);
  const texts = known.filter((name) => all || known.length <= FEW || USUAL.includes(name) || name in match);
  const rows = texts.map((name) => {
    const [label, hint] = text.matchFields[name];
    const set = (typing: string): FaultRule => putMatch(rule, { [name]: matchOf(typing) });
    return one(label, `match.${name}`, { value: typed(match[name]), hint, title: text.patternHint, set });
  });
  const shown = (name: 'header' | 'size'): boolean => (can(name) && all) || name in match;
  if (shown('header')) {
    const set = (typing: string): FaultRule => putMatch(rule, { header: headerOf(typing) });
    rows.push(one(text.header, 'match.header', { value: typedHeader(match.header), hint: text.headerHint, late: true, set }));
  }
  if (shown('size')) {
    const set = (typing: string): FaultRule =>
      putMatch(rule, { size: typing === '' ? undefined : { ...match.size, over: Number(typing) } });
    rows.push(one(text.sizeOver, 'match.size', { value: match.size?.over ?? '', kind: 'number', set }));
  }
  return rows;
}

/** What belongs to each way of firing. */
function spans(rule: FaultRule, kind: WhenKind): Field[] {
  const when: FaultWhen = rule.when ?? {};
  const { attempts, rate, concurrency, firstSeen } = when;
  const set = (change: Readonly<Record<string, unknown>>): FaultRule => putWhen(rule, change);
  const each: Field = {
    name: text.ofEach,
    before: text.ofEach,
    value: when.attemptKey ?? '',
    choices: entries(text.keys),
    set: (key) => set({ attemptKey: key || undefined }),
  };
  const count = (name: string, value: number, least: number, done: (n: number) => FaultRule): Field => ({
    name,
    value,
    kind: 'number',
    set: counted(least, done),
  });
  const table: Readonly<Record<WhenKind, () => Field[]>> = {
    always: () => [],
    other: () => [],
    first: () => [
      count(text.attempts, attempts && 'first' in attempts ? attempts.first : 1, 1, (first) => set({ attempts: { first } })),
      each,
    ],
    every: () => [
      count(text.whens.every, attempts && 'every' in attempts ? attempts.every : 1, 1, (every) => set({ attempts: { every } })),
      each,
    ],
    chance: () => [
      count(text.percent, Math.round((when.probability ?? 0) * 10_000) / 100, 0.01, (n) => set({ probability: Math.min(1, n / 100) })),
      {
        name: text.seedField,
        before: `%, ${text.seedField}`,
        value: when.seed ?? '',
        kind: 'number',
        set: (typing) => set({ seed: typing === '' ? undefined : Math.round(Number(typing)) }),
      },
    ],
    rate: () =>
      rate
        ? [
            count(text.more, rate.over, 0, (over) => set({ rate: { ...rate, over } })),
            { name: text.per, before: text.per, value: rate.per, set: (per) => set({ rate: { ...rate, per } }) },
          ]
        : [],
    concurrency: () => [count(text.more, concurrency?.over ?? 0, 0, (over) => set({ concurrency: { ...concurrency, over } }))],
    firstSeen: () => [
      { name: text.whens.firstSeen, value: firstSeen?.under ?? '', set: (under) => set({ firstSeen: { ...firstSeen, under } }) },
      each,
    ],
  };
  return table[kind]();
}

function often(rule: FaultRule): Row[] {
  const kind = whenKind(rule);
  const kinds = entries(text.whens).filter(([name]) => name !== 'other' || kind === 'other');
  return [
    {
      label: text.when,
      path: 'when',
      fields: [{ name: text.when, value: kind, choices: kinds, set: (to) => withKind(rule, to as WhenKind) }, ...spans(rule, kind)],
    },
    one(text.times, 'when.times', {
      value: rule.when?.times ?? '',
      kind: 'number',
      hint: '∞',
      title: text.timesHint,
      set: (typing) => putWhen(rule, { times: Number(typing) >= 1 ? Math.round(Number(typing)) : undefined }),
    }),
    one(text.ends, 'ttl', { value: rule.ttl ?? '', hint: text.endsHint, set: (ttl) => put(rule, { ttl: ttl || undefined }) }),
  ];
}

/** What belongs to each answer; of others the JSON has all. */
function answers(rule: FaultRule, protocol: FaultProtocol): Field[] {
  const ending = endingOf(rule);
  const set = (to: Parameters<typeof putEnding>[1]): FaultRule => putEnding(rule, to);
  if (rule.script) {
    const value = rule.script.map((step) => (typeof step === 'string' ? step : JSON.stringify(step))).join('\n');
    const lines = (typing: string): FaultRule => put(rule, { script: typing.split('\n').filter((line) => line.trim() !== '') });
    return [{ name: text.script, value, kind: 'lines', title: text.scriptHint, mono: true, late: true, set: lines }];
  }
  if (!ending) return [];
  if ('reply' in ending && typeof ending.reply === 'string')
    return [{ name: text.reply, value: ending.reply, hint: text.replyHints[protocol], mono: true, set: (reply) => set({ reply }) }];
  if ('truncate' in ending) {
    const { bytes, then } = ending.truncate;
    return [
      { name: text.octets, value: bytes, kind: 'number', set: counted(0, (n) => set({ truncate: { bytes: Math.round(n), then } })) },
      {
        name: text.thenField,
        before: text.thenField,
        value: then,
        choices: entries(text.then).slice(0, 2),
        set: (to) => set({ truncate: { bytes, then: to as 'close' } }),
      },
    ];
  }
  if ('corrupt' in ending)
    return [
      {
        name: text.endings.corrupt,
        value: ending.corrupt,
        choices: entries(text.corruptions),
        set: (to) => set({ corrupt: to as 'malformed' }),
      },
    ];
  if ('acceptThen' in ending && typeof ending.acceptThen === 'string')
    return [
      {
        name: text.endings.acceptThen,
        value: ending.acceptThen,
        choices: entries(text.then),
        set: (to) => set({ acceptThen: to as 'close' }),
      },
    ];
  return [];
}

function what(rule: FaultRule, cell: FaultCell | undefined): Row[] {
  const protocol = protocolOf(rule.on);
  const kind = endingKind(rule);
  const can = (name: string): boolean => cell?.endings.includes(name === 'script' ? 'reply' : name) === true;
  const at = (name: string): string => `do[${rule.do?.findIndex((act) => name in act) ?? -1}]`;
  const rows: Row[] = [
    {
      label: text.answer,
      path: rule.script ? 'script' : kind === '' ? 'do' : at(kind),
      fields: [
        {
          name: text.answer,
          value: kind,
          choices: entries(text.endings).filter(([name]) => name === '' || name === kind || can(name)),
          set: (to) => withEnding(rule, to as EndingKind, protocol),
        },
        ...answers(rule, protocol),
      ],
    },
  ];
  type Modifier = 'delay' | 'throttle' | 'certificate';
  const row = (name: Modifier, label: string, field: Omit<Field, 'name' | 'set'>, of: (typing: string) => unknown): void => {
    const there = modifierOf(rule, name) !== undefined;
    if (rule.script || !(there || cell?.modifiers.includes(name))) return;
    rows.push(one(label, at(name), { ...field, set: (typing) => putModifier(rule, name, of(typing)) }));
  };
  const throttle = modifierOf(rule, 'throttle') as { bytesPerSecond: number } | undefined;
  row('delay', text.delay, { value: typedDelay(modifierOf(rule, 'delay')), hint: text.delayHint, late: true }, delayOf);
  row('throttle', text.throttle, { value: throttle?.bytesPerSecond ?? '', kind: 'number', hint: '∞' }, (typing) =>
    Number(typing) >= 1 ? { direction: 'both', ...throttle, bytesPerSecond: Math.round(Number(typing)) } : undefined,
  );
  const certificate = (modifierOf(rule, 'certificate') ?? '') as string;
  row('certificate', text.certificate, { value: certificate, choices: entries(text.certificates) }, (typing) => typing || undefined);
  return rows;
}

/** `hosts`: names that can be chosen; `all`: with what is rarely matched. */
export function rowsOf(rule: FaultRule, options: FaultOptions, hosts: readonly string[], all: boolean): readonly Row[] {
  const cell = cellOf(rule, options);
  const name = one(text.name, 'name', { value: rule.name ?? '', hint: text.nameHint, set: (to) => put(rule, { name: to || undefined }) });
  return [name, where(rule, options, hosts), ...whom(rule, cell, all), ...often(rule), ...what(rule, cell)];
}
