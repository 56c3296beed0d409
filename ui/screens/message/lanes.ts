// The way of a message to each of its recipients, step by step; tries that went alike are one step.

import type { Attempt, Delivery, MessageDetail, Recipient } from '../../../server/http/contract/types.ts';
import type { Glyph } from '../../parts/icons.ts';
import { clockTime, plain } from '../../parts/show.ts';
import { text } from '../../text/queue.ts';
import { left } from '../faults/length.ts';
import { shortName } from '../inbox/mark.ts';
import { endOf, replyOf } from '../queue/told.ts';

export interface LaneStep {
  readonly glyph: Glyph | 'clock';
  readonly tone: string;
  /** ISO 8601; null where it is yet to come, which `when` says. */
  readonly at: string | null;
  readonly when: string;
  readonly title: string;
  readonly what: string;
  /** Said by a server. */
  readonly said: boolean;
  readonly ms: number | null;
  readonly faultId: string | null;
  readonly sessionId: string | null;
}

export interface Lane {
  readonly recipient: string;
  readonly fate: Recipient;
  readonly delivery: Delivery | undefined;
  readonly steps: readonly LaneStep[];
}

const step = (given: Partial<LaneStep> & Pick<LaneStep, 'glyph' | 'title' | 'what'>): LaneStep => ({
  tone: '',
  at: null,
  when: '',
  said: false,
  ms: null,
  faultId: null,
  sessionId: null,
  ...given,
});

const SIGNS = {
  taken: { glyph: 'check', tone: 'up' },
  unsure: { glyph: 'waits', tone: 'busy' },
  failed: { glyph: 'cross', tone: 'down' },
} as const;

function replied(attempt: Attempt): string {
  const reply = replyOf(attempt) || (attempt.outcome === 'delivered' ? text.taken : text.noReply);
  const stage = text.stages[attempt.stage] ?? `at ${attempt.stage.toUpperCase()}`;
  return attempt.outcome === 'delivered' || attempt.stage === 'connect' || attempt.unsure ? reply : `${reply} ${stage}`;
}

const attemptStep = (attempt: Attempt): LaneStep => {
  const end = endOf(attempt);
  const sign = end === 'failed' && attempt.outcome === 'transient' ? ({ glyph: 'cross', tone: 'busy' } as const) : SIGNS[end];
  return step({
    ...sign,
    at: attempt.at,
    title: `${text.try(attempt.round)}${attempt.host === '' ? '' : `, ${plain(attempt.host)}`}`,
    what: replied(attempt),
    said: attempt.code !== null,
    ms: attempt.durationMs,
    faultId: attempt.faultId,
    sessionId: attempt.sessionId,
  });
};

/** What makes two tries alike. */
const alike = (round: readonly Attempt[]): string =>
  JSON.stringify(round.map(({ host, stage, outcome, ...said }) => [host, stage, outcome, replyOf(said)]));

function rounds(attempts: readonly Attempt[]): Attempt[][] {
  const found: Attempt[][] = [];
  for (const attempt of attempts) {
    const last = found.at(-1);
    if (last?.[0]?.round === attempt.round) last.push(attempt);
    else found.push([attempt]);
  }
  return found;
}

/** The first try of a kind in full, those after it that went the same way as one step. */
function attemptSteps(attempts: readonly Attempt[]): LaneStep[] {
  const steps: LaneStep[] = [];
  let same: Attempt[][] = [];
  let kind = '';
  const close = (): void => {
    const [first, last] = [same[0]?.[0], same.at(-1)?.at(-1)];
    if (first && last) {
      steps.push(
        step({
          glyph: 'waits',
          tone: 'busy',
          at: first.at,
          title: first.round === last.round ? text.try(first.round) : text.tries(first.round, last.round),
          what: first.round === last.round ? text.sameAnswers : `${text.sameAnswers}, ${text.until(clockTime(last.at))}`,
          sessionId: last.sessionId,
        }),
      );
    }
    same = [];
  };
  for (const round of rounds(attempts)) {
    if (alike(round) === kind) same.push(round);
    else {
      close();
      kind = alike(round);
      steps.push(...round.map(attemptStep));
    }
  }
  close();
  return steps;
}

/** What is to come, or how it ended. */
function endSteps(delivery: Delivery, now: number): LaneStep[] {
  const { state, nextAttemptAt, rounds: tried, attemptsPlanned, relayedBy, expiresAt } = delivery;
  if (relayedBy !== null && state !== 'delivered' && tried === 0)
    return [step({ glyph: 'backup', tone: 'slow', title: text.relays(shortName(relayedBy)), what: text.relaysWhen })];
  if (state === 'active') return [step({ glyph: 'again', tone: 'on', title: text.try(tried + 1), what: text.sendingNow })];
  if (state === 'held') return [step({ glyph: 'held', tone: 'held', title: text.states.held, what: text.heldSince })];
  if (nextAttemptAt !== null && (state === 'queued' || state === 'deferred'))
    return [
      step({
        glyph: 'clock',
        tone: 'busy',
        when: left(Date.parse(nextAttemptAt) - now, text.in, text.atOnce),
        title: text.nextTry(tried + 1, Math.max(tried + 1, attemptsPlanned)),
        what: text.expires(clockTime(expiresAt)),
      }),
    ];
  if (state === 'bounced' || state === 'expired')
    return [step({ glyph: 'cross', tone: 'down', title: text.states[state], what: text.ends[state] })];
  return state === 'dropped' ? [step({ glyph: 'none', tone: 'held', title: text.states.dropped, what: text.ends.dropped })] : [];
}

/** One lane per recipient, in the order of the envelope. */
export function lanesOf(detail: MessageDetail, deliveries: readonly Delivery[], now: number): Lane[] {
  /** By the clock that its tries go by, where there are any. */
  const takenAt = (at = detail.receivedAt): LaneStep =>
    step({
      glyph: 'check',
      tone: 'up',
      at,
      title: text.acceptedBy(plain(detail.host)),
      what: text.cameFrom(detail.client?.replace(/:\d+$/, '') ?? null, detail.user === null ? null : plain(detail.user)),
    });
  return detail.deliveries.map((fate) => {
    const own = deliveries.filter(({ recipient }) => recipient === fate.recipient);
    const steps = own.flatMap((delivery) => [...attemptSteps(delivery.attempts), ...endSteps(delivery, now)]);
    const local =
      own.length === 0 && fate.via === null ? [step({ glyph: 'check', tone: 'up', title: text.local, what: text.localSteps })] : [];
    return { recipient: fate.recipient, fate, delivery: own.at(-1), steps: [takenAt(own[0]?.queuedAt), ...steps, ...local] };
  });
}
