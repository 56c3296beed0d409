// How often a key has come to a rule, and whether this time counts: attempts, scripts, rates, greylisting.

import { hash } from './chance.ts';
import { addressOf, domainOf, firstOf, recipientsOf } from './matching.ts';
import type { FaultPoint } from './decide.ts';
import type { AttemptKey, When } from './fault.ts';
import type { Stage } from './stages.ts';

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
export function recipientOf(point: FaultPoint, wanted: (address: string) => boolean): string | null {
  const all = recipientsOf(point);
  return firstOf(all, wanted) ?? all[0] ?? null;
}

const lowered = (text: string | null): string => text?.toLowerCase() ?? '';

const KEY: Readonly<Record<AttemptKey, (point: FaultPoint, wanted: (address: string) => boolean) => string>> = {
  'sender+recipient': (point, wanted) => `${lowered(point.sender)} ${lowered(recipientOf(point, wanted))}`,
  sender: ({ sender }) => lowered(sender),
  recipient: (point, wanted) => lowered(recipientOf(point, wanted)),
  triplet: (point, wanted) => `${addressOf(point.client)} ${KEY['sender+recipient'](point, wanted)}`,
  'message-id': ({ header, sender }) => header?.messageId ?? sender ?? '',
  connection: ({ sessionId }) => sessionId,
  clientIp: ({ client }) => addressOf(client),
  user: ({ user, client }) => user?.toLowerCase() ?? addressOf(client),
  rule: () => '',
};

/** Characters of a key that are kept as they are: an address may be as long as a command. */
const KEPT = 400;

const short = (key: string): string => (key.length <= KEPT ? key : `${key.slice(0, KEPT)}${hash(key)}`);

export const keyOf = (key: AttemptKey, point: FaultPoint, wanted: (address: string) => boolean): string => short(KEY[key](point, wanted));

/** A memory by key; beyond `limit` keys the one that came least lately is forgotten. */
export class PerKey<V> {
  readonly #limit: number;
  readonly #known = new Map<string, V>();

  constructor(limit: number) {
    this.#limit = limit;
  }

  get(key: string): V | undefined {
    return this.#known.get(key);
  }

  set(key: string, value: V): void {
    this.#known.delete(key);
    this.#known.set(key, value);
    if (this.#known.size <= this.#limit) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
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
  readonly #passed: PerKey<number[]>;

  constructor(over: number, per: number, keys: number) {
    this.#over = over;
    this.#per = per;
    this.#passed = new PerKey(keys);
  }

  /** True where one more would be too many. */
  exceeded(key: string, now: number): boolean {
    const passed = this.#passed.get(key);
    if (passed === undefined) return this.#over === 0;
    // A clock that was put back has times before it that are not yet.
    const since = passed.findIndex((at) => at > now - this.#per && at <= now);
    passed.splice(0, since < 0 ? passed.length : since);
    return passed.length >= this.#over;
  }

  letThrough(key: string, now: number): void {
    const passed = this.#passed.get(key) ?? [];
    passed.push(now);
    // Older ones than that many no longer make a difference.
    if (passed.length > this.#over) passed.shift();
    this.#passed.set(key, passed);
  }
}

/** When a key was first seen: greylisting. */
export class FirstSeen {
  readonly #under: number;
  readonly #forget: number;
  readonly #seen: PerKey<{ readonly first: number; readonly last: number }>;

  constructor(under: number, forget: number, keys: number) {
    this.#under = under;
    this.#forget = forget;
    this.#seen = new PerKey(keys);
  }

  /** Seen now. */
  tooEarly(key: string, now: number): boolean {
    const known = this.#seen.get(key);
    // Of a clock that was put back nothing is known.
    const first = known !== undefined && known.last <= now && now - known.last < this.#forget ? known.first : now;
    this.#seen.set(key, { first, last: now });
    return now - first < this.#under;
  }
}

/** Who has a connection open that came by: a connection counts once, until it ends. */
export class Concurrency {
  readonly #open = new Map<string, Set<string>>();
  readonly #clients = new Map<string, string>();

  /** How many of this client, this one too. */
  meet({ client, sessionId }: FaultPoint): number {
    const address = addressOf(client);
    const sessions = this.#open.get(address) ?? new Set<string>();
    this.#open.set(address, sessions.add(sessionId));
    this.#clients.set(sessionId, address);
    return sessions.size;
  }

  ended(sessionId: string): void {
    const address = this.#clients.get(sessionId);
    if (address === undefined) return;
    this.#clients.delete(sessionId);
    const sessions = this.#open.get(address);
    sessions?.delete(sessionId);
    if (sessions?.size === 0) this.#open.delete(address);
  }
}

export const rateKey = (by: 'clientIp' | 'sender' | 'domain', point: FaultPoint): string =>
  by === 'domain' ? short(domainOf(recipientsOf(point)[0] ?? '').toLowerCase()) : keyOf(by, point, () => true);
