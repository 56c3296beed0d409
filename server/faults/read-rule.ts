// Reads a rule from JSON: what is wrong is refused with the path of the field and the reason, also what could never fire.

import type { z } from 'zod';
import { Refusal } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import type { Cell, EndingName, ModifierName } from './cells.ts';
import { cellAt, isModifier } from './cells.ts';
import type { Rule, WrittenReply } from './fault.ts';
import { REPLY } from './replies.ts';
import { ACTS, durationOf, rule as shape } from './shape.ts';
import type { Shaped } from './shape.ts';
import { protocolOf, STAGES } from './stages.ts';
import type { FaultProtocol } from './stages.ts';

/** Characters of a path that are said: names in it may be anything. */
const SHOWN = 200;

/** Always throws Refusal `unprocessable`, with `path` in its details. */
export function fail(at: string, reason: string): never {
  const path = at.length > SHOWN ? `${at.slice(0, SHOWN)}…` : at;
  throw new Refusal('unprocessable', path === '' ? reason : `${path}: ${reason}`, { path, reason });
}

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>((text, step) => (typeof step === 'number' ? `${text}[${step}]` : `${text}${text && '.'}${String(step)}`), '');

/** The library's own words for what it was not told to say otherwise. */
const inWords = (message: string): string =>
  message.endsWith(' received undefined')
    ? 'it is missing'
    : message.replace(/^Invalid (?:input|option): /, '').replace(/^expected record/, 'expected object');

/** Always throws what is wrong first. */
export function explain(error: z.ZodError, at: string, known: readonly string[]): never {
  const [issue] = error.issues;
  if (!issue) fail(at, 'it is no rule');
  const path = [at, pathOf(issue.path)]
    .filter((part) => part !== '')
    .join('.')
    .replaceAll('.[', '[');
  if (issue.code !== 'unrecognized_keys') fail(path, inWords(issue.message));
  const [key = ''] = issue.keys;
  const meant = nearest(key, known);
  fail([path, key].filter((part) => part !== '').join('.'), `unknown field${meant === null ? '' : `, ${meant} may be meant`}`);
}

const FIELDS = [
  ...['id', 'name', 'enabled', 'ttl', 'on', 'match', 'when', 'do', 'script', 'protocol', 'host', 'stage'],
  ...['sender', 'recipient', 'domain', 'clientIp', 'helo', 'user', 'header', 'subject', 'size', 'mailbox'],
  ...['attempts', 'attemptKey', 'probability', 'seed', 'times', 'rate', 'concurrency', 'window', 'firstSeen'],
];

function protocolFor({ protocol, stage }: Shaped['on']): FaultProtocol {
  if (protocol !== undefined) return protocol;
  const having = (['smtp', 'imap', 'pop3'] as const).filter((one) => cellAt(one, stage) !== undefined);
  // Of SMTP, unless only a reader has it.
  return having.includes('smtp') || having.length === 0
    ? 'smtp'
    : having.length === 1
      ? (having[0] ?? 'smtp')
      : fail('on.protocol', `${having.join(' and ')} have this stage: say which`);
}

interface Place {
  readonly protocol: FaultProtocol;
  readonly stage: string;
}

function checkReply(written: WrittenReply, { protocol, stage }: Place, path: string): void {
  if (typeof written === 'string') {
    if (!REPLY[protocol].test(written)) fail(path, `no reply of ${protocol.toUpperCase()}: ${JSON.stringify(written)}`);
    // RFC 9051 §7.1.5; who is greeted has not asked for anything yet.
    if (stage === 'greeting' && /^(NO|BAD)\b/.test(written)) fail(path, 'a greeting of IMAP that refuses is BYE');
    const [, code = '', enhanced] = /^(\d)\d\d (\d)\.\d+\.\d+/.exec(written) ?? [];
    if (enhanced !== undefined && code !== enhanced) fail(path, `the enhanced code is of another class than ${code}xx`);
    return;
  }
  if (protocol !== 'smtp') fail(path, 'a reply with a code is of SMTP only');
  const { code, enhanced } = written;
  if (enhanced !== undefined && !enhanced.startsWith(String(code).slice(0, 1))) fail(`${path}.enhanced`, `of another class than ${code}`);
}

/** Where more is read than the command, once a fault has been asked. */
const READING: ReadonlySet<string> = new Set(['smtp data', 'smtp body', 'smtp bdat', 'smtp any']);

/** The one field of an act, after its shape and whether it is legal here have been checked. */
function checkAct(act: Readonly<Record<string, unknown>>, cell: Cell, place: Place, path: string): ModifierName | EndingName {
  const { protocol, stage } = place;
  const names = Object.keys(act);
  const [name = ''] = names;
  if (names.length !== 1) fail(path, 'one field expected, which says what to do');
  const shapeOf = Object.hasOwn(ACTS, name) ? ACTS[name] : undefined;
  if (shapeOf === undefined) {
    const meant = nearest(name, Object.keys(ACTS));
    fail(`${path}.${name}`, `unknown${meant === null ? '' : `, ${meant} may be meant`}`);
  }
  const { error } = shapeOf.safeParse(act);
  if (error) explain(error, path, []);
  const legal: readonly string[] = [...cell.modifiers, ...cell.endings];
  if (!legal.includes(name)) {
    if (name === 'hold' || name === 'bounce') fail(`${path}.${name}`, 'there is no queue yet');
    fail(`${path}.${name}`, `not at ${stage} of ${protocol.toUpperCase()}; there: ${legal.join(', ')}`);
  }
  if (act['corrupt'] === 'missing-crlf' && stage === 'starttls') fail(`${path}.corrupt`, 'what comes after this answer is TLS');
  const { throttle } = act as { throttle?: { direction: string } };
  if (throttle?.direction === 'in' && !READING.has(`${protocol} ${stage}`))
    fail(`${path}.throttle.direction`, 'nothing is read after the command here: out or both');
  if (name === 'reply') checkReply(act['reply'] as WrittenReply, place, `${path}.reply`);
  const { acceptThen } = act as { acceptThen?: string | { reply: WrittenReply } };
  if (typeof acceptThen === 'object') checkReply(acceptThen.reply, place, `${path}.acceptThen.reply`);
  const { delay } = act as { delay?: { min: string; max: string } };
  if (typeof delay === 'object' && (durationOf(delay.min) ?? 0) > (durationOf(delay.max) ?? 0))
    fail(`${path}.delay`, 'min is more than max');
  return name as ModifierName | EndingName;
}

function checkActs(acts: readonly Readonly<Record<string, unknown>>[], cell: Cell, place: Place): void {
  const seen = new Set<string>();
  let ended = false;
  for (const [i, act] of acts.entries()) {
    const path = `do[${i}]`;
    const name = checkAct(act, cell, place, path);
    if (ended) fail(path, isModifier(name) ? 'modifiers stand before the ending' : 'there is an ending already');
    if (seen.has(name)) fail(path, `${name} stands here twice`);
    seen.add(name);
    ended = !isModifier(name);
  }
}

/** Words of a script that are no replies. */
export const WORDS: ReadonlySet<string> = new Set(['close', 'reset', 'stall', 'discard', 'hold', 'pass']);

function checkScript(script: NonNullable<Shaped['script']>, cell: Cell, place: Place): void {
  for (const [i, step] of script.entries()) {
    const path = `script[${i}]`;
    if (typeof step !== 'string') {
      if (isModifier(checkAct(step, cell, place, path))) fail(path, 'a script has endings only');
    } else if (WORDS.has(step)) checkAct({ [step]: true }, cell, place, path);
    else {
      if (!REPLY[place.protocol].test(step))
        fail(path, `neither a reply of ${place.protocol.toUpperCase()} nor one of ${[...WORDS].join(', ')}`);
      checkAct({ reply: step }, cell, place, path);
    }
  }
}

function checkWhen(
  { attempts, window, rate, concurrency, firstSeen, attemptKey }: NonNullable<Shaped['when']>,
  cell: Cell,
  script: boolean,
): void {
  if (script && attempts !== undefined) fail('when.attempts', 'a script says itself what each attempt gets');
  if (attempts && 'from' in attempts && attempts.to !== undefined && attempts.to < attempts.from)
    fail('when.attempts', 'it would never fire: to is before from');
  if (window?.for !== undefined && durationOf(window.for) === 0) fail('when.window.for', 'it would never fire');
  if (rate !== undefined && durationOf(rate.per) === 0) fail('when.rate.per', 'more than no time expected');
  if (firstSeen !== undefined && durationOf(firstSeen.under) === 0) fail('when.firstSeen.under', 'it would never fire');
  const needs: readonly (readonly [string, string | undefined, readonly string[]])[] = [
    ['when.rate.by', rate?.by, ['clientIp', 'sender', 'domain']],
    ['when.attemptKey', attemptKey, ['sender', 'recipient', 'user', 'sender+recipient', 'triplet', 'message-id']],
  ];
  for (const [path, by, fields] of needs) {
    if (by === undefined || !fields.includes(by)) continue;
    const field = by === 'message-id' ? 'header' : by === 'sender+recipient' || by === 'triplet' ? 'recipient' : by;
    if (!(cell.matches as readonly string[]).includes(field)) fail(path, `${by} is not known at this stage`);
  }
  if (concurrency !== undefined && !cell.matches.includes('clientIp')) fail('when.concurrency', 'not at this stage');
}

export interface ReadRule {
  readonly rule: Rule;
  readonly protocol: FaultProtocol;
}

/** A fault that is given back as it was answered is its rule. */
const READ_ONLY: ReadonlySet<string> = new Set(['hits', 'lastHitAt', 'createdAt', 'expiresAt', 'source']);

/** Null takes these away; the others are null themselves. */
const REMOVABLE: ReadonlySet<string> = new Set(['match', 'when', 'do', 'script']);

function wordsOf(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).filter(([name, of]) => !READ_ONLY.has(name) && !(of === null && REMOVABLE.has(name))));
}

/** A checked rule in its own words, and the protocol that it is of. Throws Refusal `unprocessable`. */
export function readRule(value: unknown): ReadRule {
  const { data, error } = shape.safeParse(wordsOf(value));
  if (error) return explain(error, '', FIELDS);
  const shaped = data as Shaped;
  const protocol = protocolFor(shaped.on);
  const { stage } = shaped.on;
  const cell = cellAt(protocol, stage);
  if (!cell) fail('on.stage', `no stage of ${protocol.toUpperCase()}; there are ${STAGES[protocol].join(', ')}`);
  const spoken = protocolOf(shaped.on.host ?? '') ?? protocol;
  if (spoken !== protocol) fail('on.host', `${shaped.on.host} speaks ${spoken.toUpperCase()}`);
  const place = { protocol, stage };
  for (const field of Object.keys(shaped.match ?? {})) {
    if (!(cell.matches as readonly string[]).includes(field)) fail(`match.${field}`, `not known at ${stage} of ${protocol.toUpperCase()}`);
  }
  if (shaped.do !== undefined && shaped.script !== undefined) fail('script', 'do and script exclude each other');
  if (shaped.do === undefined && shaped.script === undefined) fail('do', 'something to do is missing: do or script');
  if (shaped.do) checkActs(shaped.do, cell, place);
  if (shaped.script) checkScript(shaped.script, cell, place);
  if (shaped.ttl !== undefined && shaped.ttl !== null && durationOf(shaped.ttl) === 0) fail('ttl', 'it would be gone at once');
  if (shaped.when) checkWhen(shaped.when, cell, shaped.script !== undefined);
  return { rule: shaped as Rule, protocol };
}
