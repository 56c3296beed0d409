// What a row of the queue tells of a delivery: when it is tried next, what was answered last, which hosts it met.

import type { Attempt, ClockAdvance, ClockState, Delivery, DeliveryState } from '../../../server/http/contract/types.ts';
import type { IconName } from '../../parts/icons.ts';
import { clockTime, plain } from '../../parts/show.ts';
import { text } from '../../text/queue.ts';
import { left, lengthOf, written } from '../faults/length.ts';
import { shortName } from '../inbox/mark.ts';

export const ORDERS = ['retry', 'hold', 'release', 'bounce', 'drop'] as const;
/** What a person does with a delivery. */
export type Order = (typeof ORDERS)[number];

export const ORDER_ICONS: Readonly<Record<Order, IconName>> = {
  retry: 'again',
  hold: 'held',
  release: 'go',
  bounce: 'cross',
  drop: 'none',
};

type Waiting = Pick<Delivery, 'state' | 'nextAttemptAt' | 'attempts'>;

/** For which states an order is. Nothing is for `active`: what is said to a host cannot be taken back. */
const FOR: Readonly<Record<Order, readonly DeliveryState[]>> = {
  retry: ['queued', 'deferred', 'held'],
  hold: ['queued', 'deferred'],
  release: ['held'],
  bounce: ['queued', 'deferred', 'held'],
  drop: ['queued', 'deferred', 'held'],
};

export const canOrder = (order: Order, { state }: Pick<Delivery, 'state'>): boolean => FOR[order].includes(state);
export const isOpen = ({ state }: Pick<Delivery, 'state'>): boolean => state === 'active' || canOrder('drop', { state });

/** By the sandbox's clock, ms. */
export function nextTry({ state, nextAttemptAt, attempts }: Waiting, now: number): string {
  if (state === 'active') return text.atOnce;
  if (state === 'held') return text.untilReleased;
  if (nextAttemptAt !== null) return left(Date.parse(nextAttemptAt) - now, text.in, text.atOnce);
  const last = attempts.at(-1);
  return last ? clockTime(last.at) : '–';
}

export const triesOf = ({ rounds, attemptsPlanned }: Pick<Delivery, 'rounds' | 'attemptsPlanned'>): string =>
  `${rounds}/${Math.max(rounds, attemptsPlanned)}`;

/** `451 4.3.2 busy`; where nothing was answered, what happened instead. */
export function replyOf({ code, enhanced, text: words, unsure }: Pick<Attempt, 'code' | 'enhanced' | 'text' | 'unsure'>): string {
  if (unsure) return text.unsure;
  // What nobody answered has a status of our own, which says no more than the words.
  return plain((code === null ? [words] : [code, enhanced, words]).filter((word) => word !== null && word !== '').join(' '));
}

export function lastReply({ state, attempts }: Waiting): { readonly words: string; readonly said: boolean } {
  const last = attempts.at(-1);
  if (last) return { words: `${replyOf(last)}${last.host === '' ? '' : ` (${shortName(last.host)})`}`, said: last.code !== null };
  const words = state === 'active' ? text.noReply : state === 'held' ? text.putAside : text.notTried;
  return { words, said: false };
}

export interface Step {
  readonly host: string;
  readonly end: 'taken' | 'failed' | 'unsure';
}

export const endOf = ({ outcome, unsure }: Pick<Attempt, 'outcome' | 'unsure'>): Step['end'] =>
  outcome === 'delivered' ? 'taken' : unsure ? 'unsure' : 'failed';

/** The hosts of the last try, in the order in which they were gone through. */
export function pathOf({ attempts }: Pick<Delivery, 'attempts'>): Step[] {
  const round = attempts.at(-1)?.round;
  const ends = new Map<string, Step>();
  for (const attempt of attempts)
    if (attempt.round === round && attempt.host !== '') ends.set(attempt.host, { host: shortName(attempt.host), end: endOf(attempt) });
  return [...ends.values()];
}

/** Whether in its last try another host came before the one that took it. */
export const tookOver = (delivery: Pick<Delivery, 'attempts' | 'via'>): boolean =>
  delivery.via !== null && pathOf(delivery)[0]?.host !== shortName(delivery.via);

const ORDER: Readonly<Record<DeliveryState, number>> = {
  active: 0,
  queued: 1,
  deferred: 1,
  held: 2,
  bounced: 3,
  expired: 3,
  dropped: 3,
  delivered: 3,
};

const time = (at: string | null): number => (at === null ? Infinity : Date.parse(at));

/** What is next to happen stands first, then what waits for a person, then what is over, the newest first. */
export const byUrgency = (a: Delivery, b: Delivery): number =>
  ORDER[a.state] - ORDER[b.state] ||
  (isOpen(a) ? time(a.nextAttemptAt) - time(b.nextAttemptAt) || 0 : Number(a.id < b.id) - Number(a.id > b.id)) ||
  Number(a.id > b.id) - Number(a.id < b.id);

const SECOND = 1000;

/** What comes due first, all that is due in the same second; null where nothing waits. */
export function nextEvent({ pending }: Pick<ClockState, 'pending'>): { readonly at: number; readonly what: string } | null {
  const [first] = pending.map(({ at }) => Date.parse(at)).sort((a, b) => a - b);
  if (first === undefined) return null;
  const kinds = new Map<string, number>();
  for (const { at, kind } of pending) if (Date.parse(at) - first < SECOND) kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
  return { at: first, what: Array.from(kinds, ([kind, n]) => (text.kinds[kind] ?? text.things)(n)).join(', ') };
}

/** `2 deferred, 1 delivered`: what an advance of the clock ran. */
export function ranSentence(moves: readonly ClockAdvance[]): string {
  const [first, last] = [moves[0], moves.at(-1)];
  if (!first || !last) return '';
  const outcomes = new Map<string, number>();
  let known = 0;
  for (const { outcome } of moves.flatMap(({ ran }) => ran)) {
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    known++;
  }
  const more = moves.reduce((sum, { ranCount }) => sum + ranCount, 0) - known;
  const word = (outcome: string): string => (outcome in text.states ? text.states[outcome as DeliveryState].toLowerCase() : plain(outcome));
  const what = [
    ...Array.from(outcomes, ([outcome, n]) => `${n} ${word(outcome)}`),
    ...(more > 0 ? [text.things(more)] : []),
    ...(last.stopped === null ? [] : [text.ranOut]),
  ].join(', ');
  return text.ran(lengthOf(written(Date.parse(last.to) - Date.parse(first.from))), what || text.ranNothing);
}
