// Says in one sentence what a rule does: made from its data alone, so that nobody has to read JSON to know what is on.

import type { FaultEnding, FaultModifier, FaultReply, FaultRule, FaultWhen, TextMatch, WrittenDuration } from '../../../server/http/contract/types.ts';
import { plain, size } from '../../parts/show.ts';
import { lengthOf } from './duration.ts';
import { protocolOf } from './place.ts';

/** The parts of a sentence; the strong ones are what tells it from others. */
export interface Piece {
  readonly text: string;
  readonly strong: boolean;
}

type Told = Pick<FaultRule, 'on' | 'match' | 'when' | 'do' | 'script'> & { readonly hits?: number };

/** Where it stands, in words, and whom it meets there. */
const STAGES: Readonly<Record<string, readonly [at: string, one: string, many: string]>> = {
  connect: ['as it connects', 'connection', 'connections'],
  banner: ['at the banner', 'connection', 'connections'],
  greeting: ['at the greeting', 'connection', 'connections'],
  ehlo: ['at EHLO', 'connection', 'connections'],
  starttls: ['at STARTTLS', 'connection', 'connections'],
  tls: ['in the TLS handshake', 'connection', 'connections'],
  auth: ['at AUTH', 'login', 'logins'],
  login: ['at its login', 'login', 'logins'],
  mail: ['at MAIL', 'message', 'messages'],
  rcpt: ['at RCPT', 'recipient', 'recipients'],
  data: ['at DATA', 'message', 'messages'],
  body: ['in the body', 'message', 'messages'],
  'end-of-data': ['at the final dot', 'message', 'messages'],
  bdat: ['at BDAT', 'chunk', 'chunks'],
  any: ['at any command', 'command', 'commands'],
};

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

/** `1m` → `a minute`. */
const per = (written: WrittenDuration): string => {
  const spoken = lengthOf(written);
  return /^1 [a-z]+$/.test(spoken) ? `${/^1 h/.test(spoken) ? 'an' : 'a'} ${({ s: 'second', min: 'minute', h: 'hour', d: 'day' } as Record<string, string>)[spoken.slice(2)] ?? spoken.slice(2)}` : `in ${spoken}`;
};

function attemptsOf(attempts: NonNullable<FaultWhen['attempts']>, key: string): [string, boolean] {
  if ('first' in attempts) return attempts.first === 1 ? [`The first attempt of each ${key}`, false] : [`The first ${attempts.first} attempts of each ${key}`, true];
  if ('every' in attempts) return attempts.every === 1 ? [`Every attempt of each ${key}`, false] : [`Every ${ordinal(attempts.every)} attempt of each ${key}`, false];
  if ('nth' in attempts) return [`Attempt${attempts.nth.length === 1 ? '' : 's'} ${list.format(attempts.nth.map(String))} of each ${key}`, attempts.nth.length > 1];
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

function stageOf(on: FaultRule['on']): readonly [string, string, string] {
  const protocol = protocolOf(on);
  const [at, one, many] = STAGES[on.stage] ?? [`at ${on.stage.toUpperCase()}`, 'command', 'commands'];
  return protocol === 'smtp' ? [at, one, many] : [on.stage in STAGES ? `${at.replace('its ', '')} of ${protocol.toUpperCase()}` : `at ${protocol.toUpperCase()} ${on.stage.toUpperCase()}`, one, many];
}

function placeOf({ host, protocol, stage }: FaultRule['on']): string {
  if (host === '*') return ' on every host';
  if (host != null) return ` on ${plain(host)}`;
  return protocolOf({ stage, ...(protocol && { protocol }) }) === 'smtp' ? ' on submission' : '';
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

/** A reply without its words: `450 4.2.0`, `NO [LIMIT]`, `-ERR [IN-USE]`. */
export function shortOf(reply: FaultReply): string {
  if (typeof reply !== 'string') return reply.enhanced === undefined ? String(reply.code) : `${reply.code} ${reply.enhanced}`;
  return plain(/^(?:\d{3}(?:[ -]\d\.\d{1,3}\.\d{1,3})?|(?:NO|BAD|BYE|OK|\+OK|-ERR)(?: \[[^\]]*\])?)/.exec(reply)?.[0].replace('-4', ' 4') ?? reply);
}

const closes = (reply: FaultReply): string => {
  const then = typeof reply === 'string' ? undefined : reply.then;
  if (then === 'reset') return ' and is reset';
  const code = typeof reply === 'string' ? reply : String(reply.code);
  return then === 'close' || (then === undefined && /^(?:421|BYE)/.test(code)) ? ' and is closed' : '';
};

type Verb = readonly [one: string, many: string, rest: string];
const GETS = (rest: string): Verb => ['gets', 'get', rest];
const IS = (rest: string): Verb => ['is', 'are', rest];

const CORRUPT = {
  malformed: 'a reply that is none',
  'bad-code': 'a reply with a code that there is not',
  'missing-crlf': 'a reply without its line end',
  'class-mismatch': 'a reply whose two codes disagree',
} as const;

const INSTEAD = { close: 'is closed', reset: 'is reset', stall: 'gets no answer' } as const;

function ending(act: FaultEnding): Verb {
  if ('reply' in act) return GETS(shortOf(act.reply) + closes(act.reply));
  if ('close' in act) return IS('closed without a word');
  if ('reset' in act) return IS('reset');
  if ('stall' in act) return GETS('no answer');
  if ('truncate' in act) return IS(`${act.truncate.then === 'reset' ? 'reset' : 'closed'} after ${size(act.truncate.bytes)}`);
  if ('discard' in act) return IS('taken and thrown away');
  if ('hold' in act) return IS('held in the queue');
  if ('corrupt' in act) return GETS(CORRUPT[act.corrupt]);
  if ('bounce' in act) return IS(`taken, then bounced with ${plain(act.bounce.status)}${act.bounce.after === undefined ? '' : ` after ${lengthOf(act.bounce.after)}`}`);
  if ('acceptThen' in act) {
    const then = act.acceptThen;
    return IS(typeof then === 'string' ? `taken, but ${INSTEAD[then]} in place of the reply` : `taken, but told ${shortOf(then.reply)}`);
  }
  return ['passes', 'pass', ''];
}

const range = (delay: WrittenDuration | { min: WrittenDuration; max: WrittenDuration }): string =>
  typeof delay === 'object' ? `${lengthOf(delay.min)} to ${lengthOf(delay.max)}` : lengthOf(delay);
const DIRECTIONS = { in: ' as it sends', out: ' as it reads', both: '' } as const;

function modifier(act: Exclude<FaultModifier, { delay: unknown }>): Verb {
  if ('throttle' in act) return IS(`slowed to ${size(act.throttle.bytesPerSecond)} a second${DIRECTIONS[act.throttle.direction]}`);
  if ('trickle' in act) return IS(`answered ${act.trickle.bytes} B every ${lengthOf(act.trickle.every)}`);
  if ('capabilities' in act) {
    const { remove = [], add = [], heloOnly } = act.capabilities;
    if (heloOnly === true) return IS('offered HELO only');
    const parts = [remove.length > 0 ? `no ${plain(remove.join(', '))}` : '', add.length > 0 ? `also ${plain(add.join(', '))}` : ''];
    return IS(`offered ${parts.filter(Boolean).join(', ')}`);
  }
  if ('certificate' in act) return ['meets', 'meet', `a certificate that is ${{ expired: 'expired', 'wrong-host': "another host's", 'self-signed': 'self-signed' }[act.certificate]}`];
  if ('tls' in act) return GETS(act.tls === 'garbage' ? 'garbage in place of TLS' : 'a TLS alert');
  if ('silence' in act) return IS(`not told of ${list.format(act.silence.map((one) => one.toUpperCase()))}`);
  return ['finds', 'find', 'another UIDVALIDITY'];
}

/** What is given is an act with one field. */
const isEnding = (act: FaultModifier | FaultEnding): act is FaultEnding =>
  !['delay', 'throttle', 'trickle', 'capabilities', 'certificate', 'tls', 'silence', 'uidValidity'].some((name) => name in act);

const step = (one: string | FaultEnding): string => {
  if (typeof one === 'string') return /^(?:\d{3}|NO|BAD|BYE|\+OK|-ERR)/.test(one) ? shortOf(one) : plain(one);
  return 'reply' in one ? shortOf(one.reply) : ending(one).slice(2).join('') || 'pass';
};

/** What becomes of them: each clause with its verb. */
function verbs({ do: acts = [], script }: Told, many: boolean): string {
  const spoken = ([one, more, rest]: Verb): string => `${many ? more : one}${rest && ` ${rest}`}`;
  if (script) return spoken(GETS(script.map(step).join(', then ')));
  const delay = acts.find((act) => 'delay' in act)?.delay;
  const clauses = acts.flatMap((act) => (isEnding(act) ? [spoken(ending(act))] : 'delay' in act ? [] : [spoken(modifier(act))]));
  if (delay === undefined) return clauses.join(' and ') || spoken(['passes', 'pass', '']);
  return clauses.length === 0 ? spoken(['waits', 'wait', range(delay)]) : `${clauses.join(' and ')} after ${range(delay)}`;
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
    said.push(hits === undefined || hits === 0 ? `${times === 1 ? 'once' : `${times} times`} in all` : left === 0 ? 'spent' : `${left} of ${times} times left`);
  }
  return said.length === 0 ? '' : `, ${said.join(', ')}`;
}

export function pieces(rule: Told): readonly Piece[] {
  const [who, many] = subject(rule);
  const [at] = stageOf(rule.on);
  const place = placeOf(rule.on);
  // A comma that a script brings with it stands for the one before the match.
  const match = matched(rule);
  return [
    { text: who, strong: true },
    { text: ` ${at}`, strong: false },
    { text: place, strong: place !== ' on submission' },
    { text: `${match} `, strong: false },
    { text: verbs(rule, many), strong: true },
    { text: limits(rule), strong: false },
  ].filter(({ text }) => text !== '');
}

export const sentence = (rule: Told): string =>
  pieces(rule)
    .map(({ text }) => text)
    .join('');
