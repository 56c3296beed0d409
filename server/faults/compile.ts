// A checked rule made ready to be asked of every point of a conversation, with what it counts.

import type { Clock } from '../base/clock.ts';
import { Concurrency, FirstSeen, isDue, keyOf, PerKey, Rate, rateKey, recipientOf, usualKey } from './attempts.ts';
import { canonical, draw } from './chance.ts';
import { isModifier } from './cells.ts';
import type { Ending, FaultPoint, Modifiers } from './decide.ts';
import type { Match, Rule, WrittenDuration, WrittenEnding, WrittenModifier } from './fault.ts';
import { domainTest, matcherOf, textTest } from './matching.ts';
import { WORDS } from './read-rule.ts';
import { spoken } from './replies.ts';
import { durationOf } from './shape.ts';
import type { FaultProtocol } from './stages.ts';

/** What a rule does this time. */
export interface Strike {
  readonly modifiers: Modifiers;
  readonly ending: Ending;
  /** Of several, the one that the rule met. */
  readonly recipient: string | null;
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

const isEnding = (act: WrittenModifier | WrittenEnding): act is WrittenEnding => !isModifier(Object.keys(act)[0] ?? '');

export interface CompileParts {
  readonly clock: Clock;
  readonly seed: number;
  /** Keys that a rule remembers. */
  readonly keys: number;
  /** When its life began; now, unless it was before. */
  readonly since?: number;
}

/** The recipient that an attempt is counted by, of several. */
function recipientTest({ recipient, domain }: Match): (address: string) => boolean {
  if (recipient !== undefined) return textTest(recipient);
  return domain === undefined ? () => true : domainTest(domain);
}

/** All that a rule says, whatever its name. */
export const wordsOf = ({ on, match, when, do: acts, script }: Rule): string => canonical({ on, match, when, do: acts, script });

export function compile(rule: Rule, protocol: FaultProtocol, { clock, seed, keys, since = clock.now() }: CompileParts): Compiled {
  const { on, match = {}, when = {}, do: acts = [], script } = rule;
  const words = wordsOf(rule);
  const matches = matcherOf(match);
  const wanted = recipientTest(match);
  const attemptKey = when.attemptKey ?? usualKey(protocol, on.stage);
  const counts = new PerKey<number>(keys);
  const rate = when.rate && new Rate(when.rate.over, ms(when.rate.per, 0), keys);
  const firstSeen = when.firstSeen && new FirstSeen(ms(when.firstSeen.under, 0), ms(when.firstSeen.forget, Infinity), keys);
  const connections = when.concurrency && new Concurrency();
  const opens = since + ms(when.window?.after, 0);
  const shuts = when.window?.for === undefined ? Infinity : opens + ms(when.window.for, 0);
  const ending = acts.filter(isEnding).map((act) => endingOf(act, protocol))[0] ?? PASS;
  const steps = script?.map((step) => stepOf(step, protocol));
  let fired = 0;

  /** Whether its time has come; what has to be seen each time is looked at first. */
  function isNow(point: FaultPoint, key: string, n: number, now: number): boolean {
    const crowded = connections === undefined || connections.meet(point) > (when.concurrency?.over ?? 0);
    const early = firstSeen === undefined || firstSeen.tooEarly(key, now);
    if (!crowded || !early || !isDue(when.attempts, n)) return false;
    return when.probability === undefined || draw(when.seed ?? seed, words, key, n, 'fires') < when.probability;
  }

  return {
    protocol,
    host: on.host ?? null,
    words,
    strike(point) {
      if (when.times !== undefined && fired >= when.times) return null;
      if (matches !== null && !matches(point)) return null;
      const now = clock.now();
      if (now < opens || now >= shuts) return null;
      const key = keyOf(attemptKey, point, wanted);
      const n = (counts.get(key) ?? 0) + 1;
      counts.set(key, n);
      const by = rate === undefined ? '' : rateKey(when.rate?.by ?? 'clientIp', point);
      const due = isNow(point, key, n, now);
      if (!due || rate?.exceeded(by, now) === false) {
        rate?.letThrough(by, now);
        return null;
      }
      fired++;
      const modifiers = modifiersOf(acts, () => draw(when.seed ?? seed, words, key, n, 'delay'));
      return { modifiers, ending: steps?.[Math.min(n, steps.length) - 1] ?? ending, recipient: recipientOf(point, wanted) };
    },
    ended: (sessionId) => connections?.ended(sessionId),
  };
}
