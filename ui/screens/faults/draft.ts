// A rule that is being written, and what its fields make of it: each change is a new rule, so that JSON and fields say the same.

import type {
  FaultEnding,
  FaultModifier,
  FaultProtocol,
  FaultRule,
  FaultWhen,
  TextMatch,
  WrittenDuration,
} from '../../../server/http/contract/types.ts';

const MODIFIERS = ['delay', 'throttle', 'trickle', 'capabilities', 'certificate', 'tls', 'silence', 'uidValidity'] as const;

export const FIRST: FaultRule = { on: { protocol: 'smtp', stage: 'rcpt' }, do: [{ reply: '450 4.2.0 Try again later' }] };

type Act = FaultModifier | FaultEnding;
const nameOf = (act: Act): string => Object.keys(act)[0] ?? '';
const isModifier = (act: Act): boolean => (MODIFIERS as readonly string[]).includes(nameOf(act));

/** Without what is undefined; nothing where nothing is left. */
function kept<T extends object>(value: T): T | undefined {
  const entries = Object.entries(value).filter(([, one]) => one !== undefined);
  return entries.length === 0 ? undefined : (Object.fromEntries(entries) as T);
}

/** The rule with other fields; undefined takes one away. */
export const put = (rule: FaultRule, change: { readonly [Name in keyof FaultRule]?: FaultRule[Name] | undefined }): FaultRule =>
  kept({ ...rule, ...change }) as FaultRule;

export const putMatch = (rule: FaultRule, change: Readonly<Record<string, unknown>>): FaultRule =>
  put(rule, { match: kept({ ...rule.match, ...change }) });
export const putWhen = (rule: FaultRule, change: Readonly<Record<string, unknown>>): FaultRule =>
  put(rule, { when: kept({ ...rule.when, ...change }) });

/** As it is typed: `/…/` a regular expression, `"…"` the very words, else a glob. */
export function typed(match: TextMatch | undefined): string {
  if (match === undefined || typeof match === 'string') return match ?? '';
  if ('regex' in match) return `/${match.regex}/`;
  return 'contains' in match ? `*${match.contains}*` : `"${match.equals}"`;
}

export function matchOf(text: string): TextMatch | undefined {
  const [, regex] = /^\/(.+)\/$/.exec(text) ?? [];
  if (regex !== undefined) return { regex };
  const [, equals] = /^"(.+)"$/.exec(text) ?? [];
  return equals === undefined ? text || undefined : { equals };
}

/** `X-Test-Run: 42` */
export const typedHeader = (header: Readonly<Record<string, TextMatch>> | undefined): string =>
  Object.entries(header ?? {})
    .map(([name, value]) => `${name}: ${typed(value)}`)
    .join(', ');

export function headerOf(text: string): Record<string, TextMatch> | undefined {
  const [, name = '', value = ''] = /^\s*([^:\s]*)\s*:?\s*(.*)$/.exec(text) ?? [];
  return name === '' ? undefined : { [name]: matchOf(value) ?? '*' };
}

export type WhenKind = 'always' | 'first' | 'every' | 'chance' | 'rate' | 'concurrency' | 'firstSeen' | 'other';

const STARTS: Readonly<Record<WhenKind, FaultWhen>> = {
  always: {},
  other: {},
  first: { attempts: { first: 1 } },
  every: { attempts: { every: 2 } },
  chance: { probability: 0.5, seed: 1 },
  rate: { rate: { over: 10, per: '1m', by: 'clientIp' } },
  concurrency: { concurrency: { over: 2, by: 'clientIp' } },
  firstSeen: { attemptKey: 'triplet', firstSeen: { under: '5m' } },
};

export function whenKind({ when = {} }: FaultRule): WhenKind {
  const { attempts, probability, rate, concurrency, firstSeen } = when;
  const kinds = [
    attempts && ('first' in attempts ? 'first' : 'every' in attempts ? 'every' : 'other'),
    probability !== undefined && 'chance',
    rate && 'rate',
    concurrency && 'concurrency',
    firstSeen && 'firstSeen',
  ].filter((kind) => typeof kind === 'string');
  return kinds.length > 1 ? 'other' : ((kinds[0] ?? 'always') as WhenKind);
}

/** How many in all, and in which span, stays. */
export function withKind(rule: FaultRule, kind: WhenKind): FaultRule {
  if (kind === 'other') return rule;
  const { times, window } = rule.when ?? {};
  return put(rule, { when: kept({ ...STARTS[kind], times, window } as FaultWhen) });
}

export type EndingKind =
  '' | 'script' | 'reply' | 'close' | 'reset' | 'stall' | 'truncate' | 'discard' | 'hold' | 'corrupt' | 'acceptThen' | 'bounce' | 'pass';

const REPLIES: Readonly<Record<FaultProtocol, string>> = {
  smtp: '450 4.2.0 Try again later',
  imap: 'NO [UNAVAILABLE] Try again later',
  pop3: '-ERR [SYS/TEMP] Try again later',
};

/** A greeting of IMAP that refuses is BYE (RFC 9051 §7.1.5). */
const replyAt = ({ on: { stage } }: FaultRule, protocol: FaultProtocol): string =>
  stage === 'greeting' ? REPLIES[protocol].replace(/^NO/, 'BYE') : REPLIES[protocol];

const ENDINGS: Readonly<Record<Exclude<EndingKind, '' | 'script' | 'reply'>, FaultEnding>> = {
  close: { close: true },
  reset: { reset: true },
  stall: { stall: true },
  truncate: { truncate: { bytes: 100, then: 'reset' } },
  discard: { discard: true },
  hold: { hold: true },
  corrupt: { corrupt: 'malformed' },
  acceptThen: { acceptThen: 'reset' },
  bounce: { bounce: { status: '5.1.1', diagnostic: '550 5.1.1 No such user' } },
  pass: { pass: true },
};

export const endingOf = (rule: FaultRule): FaultEnding | undefined => rule.do?.find((act): act is FaultEnding => !isModifier(act));

export const endingKind = (rule: FaultRule): EndingKind => {
  if (rule.script) return 'script';
  const ending = endingOf(rule);
  return ending ? (nameOf(ending) as EndingKind) : '';
};

const modifiersOf = (rule: FaultRule): Act[] => (rule.do ?? []).filter(isModifier);

/** Modifiers stay, but there are none beside a script. */
export function withEnding(rule: FaultRule, kind: EndingKind, protocol: FaultProtocol): FaultRule {
  if (kind === 'script') return put(rule, { do: undefined, script: [replyAt(rule, protocol), 'pass'] });
  const ending = kind === '' ? undefined : kind === 'reply' ? { reply: replyAt(rule, protocol) } : ENDINGS[kind];
  return putEnding(put(rule, { script: undefined }), ending);
}

export const putEnding = (rule: FaultRule, ending: FaultEnding | undefined): FaultRule =>
  put(rule, { do: [...modifiersOf(rule), ...(ending ? [ending] : [])] });

/** Its value, if it is there. */
export function modifierOf(rule: FaultRule, name: (typeof MODIFIERS)[number]): unknown {
  const act = rule.do?.find((one) => name in one);
  return act && Object.values(act)[0];
}

export function putModifier(rule: FaultRule, name: (typeof MODIFIERS)[number], value: unknown): FaultRule {
  const acts = rule.do ?? [];
  const rest = acts.filter((act) => !(name in act));
  const act = { [name]: value } as unknown as Act;
  const at = acts.findIndex((one) => name in one);
  return put(rule, { do: value === undefined ? rest : at < 0 ? [act, ...rest] : acts.map((one, i) => (i === at ? act : one)) });
}

/** `2s`, or `2s to 8s`. */
export function typedDelay(delay: unknown): string {
  if (delay === undefined) return '';
  const { min, max } = (typeof delay === 'object' ? delay : { min: delay, max: undefined }) as { min: unknown; max: unknown };
  const one = (length: unknown): string => (typeof length === 'number' ? `${length}ms` : String(length));
  return max === undefined ? one(min) : `${one(min)} to ${one(max)}`;
}

export function delayOf(text: string): WrittenDuration | { min: WrittenDuration; max: WrittenDuration } | undefined {
  const [min = '', max] = text.trim().split(/\s*(?:to|–|-)\s*/);
  if (min === '') return undefined;
  return max === undefined || max === '' ? min : { min, max };
}
