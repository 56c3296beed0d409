// A checked rule made ready to be asked of every point of a conversation, with what it counts.

import type { Clock } from '../base/clock.ts';
import { FirstSeen, isDue, keyOf, PerKey, Rate, rateKey, usualKey } from './attempts.ts';
import { canonical, draw } from './chance.ts';
import type { Ending, FaultPoint, Modifiers } from './decide.ts';
import type { Rule, WrittenDuration, WrittenEnding, WrittenModifier } from './fault.ts';
import { domainOf, matcherOf, textTest } from './matching.ts';
import { WORDS } from './read-rule.ts';
import { spoken } from './replies.ts';
import { durationOf } from './shape.ts';
import type { FaultProtocol } from './stages.ts';

/** What a rule does this time. */
export interface Strike {
  readonly modifiers: Modifiers;
  readonly ending: Ending;
}

export interface Compiled {
  readonly protocol: FaultProtocol;
  /** Null: the built-in server of the protocol; `*`: every host. */
  readonly host: string | null;
  /** Changes with whatever the rule says, not with its id or name. */
  readonly words: string;
  /** Null where it lets this one through. Counts. */
  strike(point: FaultPoint): Strike | null;
  /** A connection is over. */
  ended(sessionId: string): void;
  /** It has fired as often as it may. */
  readonly spent: boolean;
}

const ms = (written: WrittenDuration | undefined, otherwise: number): number =>
  written === undefined ? otherwise : (durationOf(written) ?? otherwise);

export function endingOf(written: WrittenEnding, protocol: FaultProtocol): Ending {
  if ('reply' in written) return { kind: 'reply', reply: spoken(written.reply, protocol) };
  if ('truncate' in written) return { kind: 'truncate', ...written.truncate };
  if ('corrupt' in written) return { kind: 'corrupt', how: written.corrupt };
  if ('bounce' in written) return { kind: 'bounce', ...written.bounce, after: ms(written.bounce.after, 0) };
  if ('acceptThen' in written) {
    const { acceptThen } = written;
    return { kind: 'accept', then: typeof acceptThen === 'string' ? acceptThen : spoken(acceptThen.reply, protocol) };
  }
  return { kind: Object.keys(written)[0] as 'pass' };
}

const PASS: Ending = { kind: 'pass' };

function stepOf(step: string | WrittenEnding, protocol: FaultProtocol): Ending {
  if (typeof step !== 'string') return endingOf(step, protocol);
  return WORDS.has(step) ? { kind: step as 'pass' } : { kind: 'reply', reply: spoken(step, protocol) };
}

/** `chance` draws a number from 0 to 1 for this attempt. */
function modifiersOf(acts: readonly (WrittenModifier | WrittenEnding)[], chance: () => number): Modifiers {
  let modifiers: Modifiers = {};
  for (const act of acts) {
    if ('delay' in act) {
      const { delay } = act;
      const [min, max] = typeof delay === 'object' ? [ms(delay.min, 0), ms(delay.max, 0)] : [ms(delay, 0), ms(delay, 0)];
      modifiers = { ...modifiers, delay: min + chance() * (max - min) };
    } else if ('trickle' in act) modifiers = { ...modifiers, trickle: { bytes: act.trickle.bytes, every: ms(act.trickle.every, 0) } };
    else if ('capabilities' in act) {
      const { remove = [], add = [], heloOnly = false } = act.capabilities;
      modifiers = { ...modifiers, capabilities: { remove, add, heloOnly } };
    } else if ('throttle' in act || 'certificate' in act || 'tls' in act || 'silence' in act || 'uidValidity' in act) {
      modifiers = { ...modifiers, ...act };
    }
  }
  return modifiers;
}

const isEnding = (act: WrittenModifier | WrittenEnding): act is WrittenEnding =>
  !['delay', 'throttle', 'trickle', 'capabilities', 'certificate', 'tls', 'silence', 'uidValidity'].includes(Object.keys(act)[0] ?? '');

/** Whether the host at the point is the rule's. */
export const isAt = ({ host }: Compiled, point: FaultPoint, builtIn: ReadonlySet<string>): boolean =>
  host === null ? builtIn.has(point.host) : host === '*' || host === point.host;

export function compile(rule: Rule, protocol: FaultProtocol, { clock, seed }: { readonly clock: Clock; readonly seed: number }): Compiled {
  const { on, match, when = {}, do: acts = [], script } = rule;
  const words = canonical({ on, match, when, do: rule.do, script });
  const matches = matcherOf(match);
  const wantedRecipient = recipientTest(match);
  const attemptKey = when.attemptKey ?? usualKey(protocol, on.stage);
  const counts = new PerKey<number>();
  const rate = when.rate && new Rate(when.rate.over, ms(when.rate.per, 0));
  const firstSeen = when.firstSeen && new FirstSeen(ms(when.firstSeen.under, 0), ms(when.firstSeen.forget, Infinity));
  const begun = clock.now();
  const opens = begun + ms(when.window?.after, 0);
  const shuts = when.window?.for === undefined ? Infinity : opens + ms(when.window.for, 0);
  const ending = acts.filter(isEnding).map((act) => endingOf(act, protocol))[0] ?? PASS;
  const steps = script?.map((step) => stepOf(step, protocol));
  /** Connections that have come by, by client. */
  const open = new Map<string, Set<string>>();
  const clients = new Map<string, string>();
  let fired = 0;

  function crowded(point: FaultPoint): boolean {
    const { over } = when.concurrency ?? { over: 0 };
    const client = point.client.replace(/:\d+$/, '');
    const sessions = open.get(client) ?? new Set<string>();
    open.set(client, sessions.add(point.sessionId));
    clients.set(point.sessionId, client);
    return sessions.size > over;
  }

  return {
    protocol,
    host: on.host ?? null,
    words,
    get spent() {
      return when.times !== undefined && fired >= when.times;
    },
    strike(point) {
      const now = clock.now();
      if (this.spent || now < opens || now >= shuts) return null;
      if (matches !== null && !matches(point)) return null;
      const key = keyOf(attemptKey, point, wantedRecipient);
      const n = (counts.get(key) ?? 0) + 1;
      counts.set(key, n);
      if (!isDue(when.attempts, n)) return null;
      if (when.concurrency && !crowded(point)) return null;
      if (firstSeen && !firstSeen.tooEarly(key, now)) return null;
      const chance = (what: string): number => draw(when.seed ?? seed, words, key, n, what);
      if (when.probability !== undefined && chance('fires') >= when.probability) return null;
      if (rate && when.rate && !rate.exceeded(rateKey(when.rate.by ?? 'clientIp', point), now)) return null;
      fired++;
      const step = steps?.[Math.min(n, steps.length) - 1];
      return { modifiers: modifiersOf(acts, () => chance('delay')), ending: step ?? ending };
    },
    ended(sessionId) {
      const client = clients.get(sessionId);
      if (client === undefined) return;
      clients.delete(sessionId);
      const sessions = open.get(client);
      sessions?.delete(sessionId);
      if (sessions?.size === 0) open.delete(client);
    },
  };
}

/** The recipient that an attempt is counted by, of several. */
function recipientTest(match: Rule['match']): (address: string) => boolean {
  if (match?.recipient !== undefined) return textTest(match.recipient);
  if (match?.domain === undefined) return () => true;
  const test = textTest(match.domain);
  return (address) => test(domainOf(address));
}
