// How often a key has come to a rule, and whether this time counts: attempts, scripts, rates, greylisting.

import { addressOf, domainOf, recipientsOf } from './matching.ts';
import type { FaultPoint } from './decide.ts';
import type { AttemptKey, When } from './fault.ts';
import type { Stage } from './stages.ts';

/** Keys that a rule remembers; beyond that the one that came least lately is forgotten. */
const KEYS = 100_000;

const BEFORE_MAIL: ReadonlySet<Stage> = new Set<Stage>([
  'connect',
  'banner',
  'ehlo',
  'starttls',
  'tls',
  'auth',
  'rset',
  'noop',
  'quit',
  'any',
]);

/** What an attempt is counted by where the rule does not say. */
export function usualKey(protocol: FaultPoint['protocol'], stage: Stage): AttemptKey {
  if (protocol === 'imap' || protocol === 'pop3') return stage === 'connect' || stage === 'greeting' ? 'clientIp' : 'user';
  if (stage === 'mail') return 'sender';
  return BEFORE_MAIL.has(stage) ? 'clientIp' : 'sender+recipient';
}

/** The first recipient that `wanted` takes, else the first of all. */
function recipientOf(point: FaultPoint, wanted: (address: string) => boolean): string {
  const all = recipientsOf(point);
  return (all.find(wanted) ?? all[0] ?? '').toLowerCase();
}

const KEY: Readonly<Record<AttemptKey, (point: FaultPoint, wanted: (address: string) => boolean) => string>> = {
  'sender+recipient': (point, wanted) => `${(point.sender ?? '').toLowerCase()} ${recipientOf(point, wanted)}`,
  sender: ({ sender }) => (sender ?? '').toLowerCase(),
  recipient: recipientOf,
  triplet: (point, wanted) => `${addressOf(point.client)} ${KEY['sender+recipient'](point, wanted)}`,
  'message-id': ({ header, sender }) => header?.messageId ?? sender ?? '',
  connection: ({ sessionId }) => sessionId,
  clientIp: ({ client }) => addressOf(client),
  user: ({ user, client }) => user ?? addressOf(client),
  rule: () => '',
};

export const keyOf = (key: AttemptKey, point: FaultPoint, wanted: (address: string) => boolean): string => KEY[key](point, wanted);

/** A memory by key that stays within `KEYS`. */
export class PerKey<V> {
  readonly #known = new Map<string, V>();

  get(key: string): V | undefined {
    return this.#known.get(key);
  }

  set(key: string, value: V): void {
    this.#known.delete(key);
    this.#known.set(key, value);
    if (this.#known.size <= KEYS) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }

  delete(key: string): void {
    this.#known.delete(key);
  }
}

/** `n` counts from 1. */
export function isDue(attempts: When['attempts'], n: number): boolean {
  if (attempts === undefined) return true;
  if ('first' in attempts) return n <= attempts.first;
  if ('nth' in attempts) return attempts.nth.includes(n);
  if ('every' in attempts) return n % attempts.every === 0;
  return n >= attempts.from && n <= (attempts.to ?? Infinity);
}

/** What was let through in the time that has just passed, by key: what is refused does not count, or nobody would ever get through. */
export class Rate {
  readonly #over: number;
  readonly #per: number;
  readonly #passed = new PerKey<number[]>();

  constructor(over: number, per: number) {
    this.#over = over;
    this.#per = per;
  }

  /** True where one more would be too many; else it counts. */
  exceeded(key: string, now: number): boolean {
    const passed = (this.#passed.get(key) ?? []).filter((at) => at > now - this.#per);
    const full = passed.length >= this.#over;
    if (!full) passed.push(now);
    this.#passed.set(key, passed);
    return full;
  }
}

/** When a key was first seen: greylisting. */
export class FirstSeen {
  readonly #under: number;
  readonly #forget: number;
  readonly #seen = new PerKey<{ readonly first: number; readonly last: number }>();

  constructor(under: number, forget: number) {
    this.#under = under;
    this.#forget = forget;
  }

  tooEarly(key: string, now: number): boolean {
    const known = this.#seen.get(key);
    const first = known !== undefined && now - known.last < this.#forget ? known.first : now;
    this.#seen.set(key, { first, last: now });
    return now - first < this.#under;
  }
}

export const rateKey = (by: 'clientIp' | 'sender' | 'domain', point: FaultPoint): string =>
  by === 'domain' ? domainOf(recipientsOf(point)[0] ?? '').toLowerCase() : KEY[by](point, () => true);
