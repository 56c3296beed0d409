// Says in one sentence what a rule does: made from its data alone, so that nobody has to read JSON to know what is on.

import type { FaultRule, FaultWhen, TextMatch } from '../../../server/http/contract/types.ts';
import { plain, size } from '../../parts/show.ts';
import { doing } from './doing.ts';
import { lengthOf, per } from './length.ts';
import { placeOf, protocolOf, stageOf } from './place.ts';

/** The parts of a sentence; the strong ones are what tells it from others. */
export interface Piece {
  readonly text: string;
  readonly strong: boolean;
}

type Told = Pick<FaultRule, 'on' | 'match' | 'when' | 'do' | 'script'> & { readonly hits?: number };

const KEYS: Readonly<Record<NonNullable<FaultWhen['attemptKey']>, string>> = {
  'sender+recipient': 'sender and recipient',
  sender: 'sender',
  recipient: 'recipient',
  triplet: 'client, sender and recipient',
  'message-id': 'Message-ID',
  connection: 'connection',
  clientIp: 'client address',
  user: 'user',
  rule: 'client together',
};

/** Who counts as the same where the rule does not say. */
function keyOf({ on, when }: Told): string {
  const key = when?.attemptKey;
  if (key !== undefined) return KEYS[key];
  if (protocolOf(on) !== 'smtp') return on.stage === 'connect' || on.stage === 'greeting' ? KEYS.clientIp : KEYS.user;
  if (['rcpt', 'data', 'body', 'end-of-data', 'bdat'].includes(on.stage)) return KEYS['sender+recipient'];
  return on.stage === 'mail' ? KEYS.sender : KEYS.clientIp;
}

const ordinals = new Intl.PluralRules('en', { type: 'ordinal' });
const ENDS: Readonly<Partial<Record<Intl.LDMLPluralRule, string>>> = { one: 'st', two: 'nd', few: 'rd' };
const ordinal = (n: number): string => `${n}${ENDS[ordinals.select(n)] ?? 'th'}`;
const list = new Intl.ListFormat('en-GB', { type: 'conjunction' });
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 2 });

/** `.5` → `Half`, `.1` → `One in 10`. */
function share(probability: number): string {
  if (probability === 0.5) return 'Half';
  const oneIn = 1 / probability;
  return Math.abs(oneIn - Math.round(oneIn)) < 1e-9 && probability < 0.5 ? `One in ${Math.round(oneIn)}` : percent.format(probability);
}

function attemptsOf(attempts: NonNullable<FaultWhen['attempts']>, key: string): [string, boolean] {
  if ('first' in attempts)
    return attempts.first === 1
      ? [`The first attempt of each ${key}`, false]
      : [`The first ${attempts.first} attempts of each ${key}`, true];
  if ('every' in attempts)
    return attempts.every === 1
      ? [`Every attempt of each ${key}`, false]
      : [`Every ${ordinal(attempts.every)} attempt of each ${key}`, false];
  if ('nth' in attempts)
    return [
      `Attempt${attempts.nth.length === 1 ? '' : 's'} ${list.format(attempts.nth.map(String))} of each ${key}`,
      attempts.nth.length > 1,
    ];
  const { from, to } = attempts;
  if (to === undefined) return [`All attempts of each ${key} from the ${ordinal(from)} on`, true];
  return from === to ? [`Attempt ${from} of each ${key}`, false] : [`Attempts ${from} to ${to} of each ${key}`, true];
}

/** Of whom it is spoken, and whether these are many. */
function subject(rule: Told): [text: string, many: boolean] {
  const { on, when = {}, script } = rule;
  const [, one, many] = stageOf(on);
  const key = keyOf(rule);
  let [text, plural]: [string, boolean] = [`Every ${one}`, false];
  if (when.rate) {
    const { over, per: span, by = 'clientIp' } = when.rate;
    [text, plural] = [`All ${many} over ${over} ${per(span)} ${by === 'domain' ? 'to one domain' : `from one ${KEYS[by]}`}`, true];
  } else if (when.concurrency) [text, plural] = [`All ${many} beyond ${when.concurrency.over} at a time from one client address`, true];
  else if (when.attempts) [text, plural] = attemptsOf(when.attempts, key);
  else if (script) [text, plural] = [`Each ${key}, attempt by attempt,`, false];
  if (when.probability === undefined || when.probability >= 1) return [text, plural];
  const seed = when.seed === undefined ? '' : ` (seed ${when.seed})`;
  const whole = text === `Every ${one}` ? `all ${many}` : `${text.charAt(0).toLowerCase()}${text.slice(1)}`;
  const first = share(when.probability);
  return [`${first} of ${whole}${seed}`, !first.startsWith('One in')];
}

/** As it is matched: a glob as it stands, `/…/` a pattern, `“…”` the very words. */
export function patternOf(match: TextMatch): string {
  if (typeof match === 'string') return plain(match);
  if ('regex' in match) return `/${plain(match.regex)}/`;
  return 'contains' in match ? `*${plain(match.contains)}*` : `“${plain(match.equals)}”`;
}

const MATCHES: Readonly<Record<string, string>> = {
  sender: 'from',
  recipient: 'to',
  domain: 'to anyone at',
  clientIp: 'from the client',
  helo: 'that calls itself',
  user: 'logged in as',
  mailbox: 'in',
  subject: 'with the subject',
};

function matched({ match = {} }: Told): string {
  const { header, size: octets, ...texts } = match;
  const said = Object.entries(texts).map(([field, value]) => `${MATCHES[field] ?? field} ${patternOf(value)}`);
  for (const [name, value] of Object.entries(header ?? {})) said.push(`with ${plain(name)}: ${patternOf(value)}`);
  if (octets?.over !== undefined) said.push(`over ${size(octets.over)}`);
  if (octets?.under !== undefined) said.push(`under ${size(octets.under)}`);
  return said.length === 0 ? '' : `, ${said.join(', ')},`;
}

/** How long, and how often in all. */
function limits({ when = {}, hits }: Told): string {
  const { firstSeen, window, times } = when;
  const said: string[] = [];
  if (firstSeen) said.push(`until ${lengthOf(firstSeen.under)} after it was first seen`);
  if (window?.after !== undefined) said.push(`from ${lengthOf(window.after)} after the rule was made`);
  if (window?.for !== undefined) said.push(`for ${lengthOf(window.for)}`);
  if (times !== undefined) {
    const left = Math.max(0, times - (hits ?? 0));
    said.push(
      hits === undefined || hits === 0
        ? `${times === 1 ? 'once' : `${times} times`} in all`
        : left === 0
          ? 'spent'
          : `${left} of ${times} times left`,
    );
  }
  return said.length === 0 ? '' : `, ${said.join(', ')}`;
}

export function pieces(rule: Told): readonly Piece[] {
  const [who, many] = subject(rule);
  const [at] = stageOf(rule.on);
  const place = placeOf(rule.on);
  const match = matched(rule);
  return [
    { text: who, strong: true },
    { text: at && ` ${at}`, strong: false },
    { text: place, strong: place !== ' on submission' },
    { text: `${match} `, strong: false },
    { text: doing(rule, many), strong: true },
    { text: limits(rule), strong: false },
  ].filter(({ text }) => text !== '');
}

export const sentence = (rule: Told): string =>
  pieces(rule)
    .map(({ text }) => text)
    .join('');
