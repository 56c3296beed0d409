// When a delivery is tried again, warned of, given up: the sender's policy as data (RFC 5321 §4.5.4.1).

import { formatDuration, parseDuration } from '../base/duration.ts';
import { Refusal } from '../base/errors.ts';
import type { Delivery } from '../mail/delivery.ts';

/** Which failures make the next host be tried: any temporary one, as Postfix and Exim do, or only those of the connection, as Haraka does. */
export type Failover = 'transient' | 'connection';

/**
 * `none`: in clear. `opportunistic`: TLS where the host offers it, with any certificate; where STARTTLS is refused or the handshake breaks, in
 * clear: at once and at the same host, over a connection of its own where the first one broke. So does Exim; Postfix asks the next host first,
 * and goes in clear after two tries. The web page's own sender does the same. `required`: never in clear, the mail waits (4.7.4, 4.7.5).
 * `verified`: nor with a certificate that is not of the host's name, or not of our own authority, which vouches for `.test` and for what `tlsName`
 * names; where a certificate was given (`tlsCert`), every host shows that one, and Node's own authorities count.
 */
export type TlsPolicy = 'none' | 'opportunistic' | 'required' | 'verified';

export type Dialect = 'standard' | 'postfix' | 'exim' | 'exchange';

export const PROFILE_NAMES = ['sandbox', 'rfc5321', 'postfix', 'exim', 'sendmail', 'exchange-online', 'instant'] as const;
export type ProfileName = (typeof PROFILE_NAMES)[number];

/** As it is written; what is left out is the profile's. */
export interface WrittenPolicy {
  readonly profile?: ProfileName;
  /** `"5m,10m,20m*3,1h*4"`: the waits between tries; the last one stays until it is given up. */
  readonly schedule?: string;
  readonly giveUpAfter?: string | number;
  readonly warnAfter?: string | number | null;
  readonly failover?: Failover;
  readonly tls?: TlsPolicy;
  readonly dialect?: Dialect;
}

/** Times are ms. */
export interface Policy {
  /** Empty: one try. */
  readonly waits: readonly number[];
  readonly giveUpAfter: number;
  readonly warnAfter: number | null;
  readonly failover: Failover;
  readonly tls: TlsPolicy;
  readonly dialect: Dialect;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Ten years: what is longer is a mistake. */
const LONGEST = 3650 * DAY;
/** More waits are no schedule that a person wrote. */
const MOST = 1000;

type Profile = Omit<Policy, 'waits'> & { readonly schedule: string };

const STANDARD = { warnAfter: null, failover: 'transient', tls: 'opportunistic', dialect: 'standard' } as const;

/** As well-known senders do: Postfix by its back-off from 300 s to 4000 s, Exim by its default rule `F,2h,15m; G,16h,1h,1.5; F,4d,6h`. */
export const PROFILES: Readonly<Record<ProfileName, Profile>> = {
  sandbox: { ...STANDARD, schedule: '1s,2s,4s,8s', giveUpAfter: 30 * SECOND, warnAfter: 10 * SECOND },
  rfc5321: { ...STANDARD, schedule: '30m*2,2h', giveUpAfter: 5 * DAY },
  postfix: { ...STANDARD, schedule: '5m*2,10m,20m,40m,4000s', giveUpAfter: 5 * DAY, dialect: 'postfix' },
  exim: {
    ...STANDARD,
    schedule: '15m*8,1h,1h30m,2h15m,3h22m30s,5h3m45s,7h35m37s,6h',
    giveUpAfter: 4 * DAY,
    warnAfter: DAY,
    dialect: 'exim',
  },
  sendmail: { ...STANDARD, schedule: '30m', giveUpAfter: 5 * DAY, warnAfter: 4 * HOUR },
  'exchange-online': { ...STANDARD, schedule: '15m,30m,45m,1h', giveUpAfter: DAY, dialect: 'exchange' },
  instant: { ...STANDARD, schedule: '', giveUpAfter: 0 },
};

const wrong = (name: string, message: string): Refusal =>
  new Refusal('unprocessable', `policy.${name}: ${message}`, { path: `policy.${name}` });

/** The waits of `1m,5m*2,1h*3`, ms; none for an empty text. Throws Refusal `unprocessable`. */
export function parseSchedule(text: string): readonly number[] {
  if (text.trim() === '') return [];
  const waits: number[] = [];
  for (const part of text.split(',')) {
    const [, length = '', times = '1'] = /^\s*([^*\s]+)\s*(?:\*\s*(\d{1,4}))?\s*$/.exec(part) ?? [];
    const wait = parseDuration(length);
    if (wait === null || Number(times) === 0)
      throw wrong('schedule', `waits expected, as "1m,5m*2,1h*3", not ${JSON.stringify(part.trim())}`);
    if (wait < SECOND || wait > LONGEST) throw wrong('schedule', `a wait is from one second to ten years long, not ${length}`);
    if (waits.length + Number(times) > MOST) throw wrong('schedule', `more than ${MOST} waits`);
    for (let i = 0; i < Number(times); i++) waits.push(wait);
  }
  return waits;
}

/** What `parseSchedule` reads back. */
export function formatSchedule(waits: readonly number[]): string {
  const runs: { readonly wait: number; times: number }[] = [];
  for (const wait of waits) {
    const last = runs.at(-1);
    if (last?.wait === wait) last.times++;
    else runs.push({ wait, times: 1 });
  }
  return runs.map(({ wait, times }) => `${formatDuration(wait)}${times > 1 ? `*${times}` : ''}`).join();
}

function lengthOf(name: string, written: string | number): number {
  const ms = typeof written === 'number' ? written : parseDuration(written);
  if (ms === null || !(ms >= 0 && ms <= LONGEST))
    throw wrong(name, 'a length of time expected, as "90s", "5m", "1h30m", or milliseconds, ten years at the most');
  return ms;
}

/** Throws Refusal `unprocessable`, whose path names what is wrong. */
export function policyOf(written: WrittenPolicy = {}): Policy {
  const { profile: name = 'sandbox', schedule, giveUpAfter, warnAfter, ...own } = written;
  if (!PROFILE_NAMES.includes(name)) throw wrong('profile', `one of ${PROFILE_NAMES.join(', ')} expected`);
  const { schedule: usual, ...profile } = PROFILES[name];
  return {
    waits: parseSchedule(schedule ?? usual),
    giveUpAfter: giveUpAfter === undefined ? profile.giveUpAfter : lengthOf('giveUpAfter', giveUpAfter),
    warnAfter: warnAfter === undefined ? profile.warnAfter : warnAfter === null ? null : lengthOf('warnAfter', warnAfter),
    failover: own.failover ?? profile.failover,
    tls: own.tls ?? profile.tls,
    dialect: own.dialect ?? profile.dialect,
  };
}

/** Whole seconds, so that recipients of one host that came within a second go in one transaction. */
const roundedUp = (at: number): number => Math.ceil(at / SECOND) * SECOND;

export const expiryOf = (queuedAt: number, { giveUpAfter }: Policy): number => queuedAt + giveUpAfter;

/** What comes after a try that has failed; `rounds` counts it too. The last try is at the very time at which it is given up. */
export function next(
  { expiresAt, rounds }: Pick<Delivery, 'expiresAt' | 'rounds'>,
  { waits }: Policy,
  now: number,
): { readonly at: number } | { readonly expired: true } {
  const wait = waits[Math.min(Math.max(rounds, 1), waits.length) - 1];
  if (wait === undefined || now >= expiresAt) return { expired: true };
  return { at: Math.min(roundedUp(now + wait), expiresAt) };
}

/** Tries until it is given up, as long as each fails at once. */
export function attemptsPlanned({ waits, giveUpAfter }: Policy): number {
  const last = waits.at(-1);
  if (last === undefined || giveUpAfter === 0) return 1;
  let [at, tries] = [0, 1];
  for (const wait of waits) {
    at += wait;
    if (at >= giveUpAfter) return tries + 1;
    tries++;
  }
  // One more after each wait that ends before the end, and one at the end.
  return tries + Math.ceil((giveUpAfter - at) / last);
}
