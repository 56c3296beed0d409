// One try of one message for recipients of the same receiver: from host to host, until each has been taken, refused for good, or put off.

import type { Attempt, Delivery, DeliveryState } from '../../mail/delivery.ts';
import { unheard } from '../../mail/delivery.ts';
import type { Message } from '../../mail/message.ts';
import type { Hop } from '../../mail/trace.ts';
import type { Change } from '../../store/changes.ts';
import type { Batch, Outcome } from '../client/outcome.ts';
import { next } from '../policy.ts';
import type { Policy } from '../policy.ts';
import type { ReceiverHost } from '../receivers/receiver.ts';
import type { Route } from '../route.ts';
import type { Carrying } from './carrying.ts';
import type { Freight, Talk } from './line.ts';

export interface RoundParts {
  readonly deliveries: readonly Delivery[];
  readonly message: Message;
  readonly raw: () => Promise<Buffer>;
  readonly route: Route;
  readonly policy: Policy;
  /** When it was due, ms of the sandbox. */
  readonly startedAt: number;
  readonly now: () => number;
  readonly send: (host: ReceiverHost, freight: Freight) => Promise<Talk>;
  readonly carrying: Carrying;
  /** Makes what has been decided last. */
  readonly decided: (tried: readonly Tried[]) => Promise<void>;
  /** The process ends: what comes of it is not to be believed. */
  readonly ended: () => boolean;
}

/** What a try came to for one recipient. */
export type Tried = Extract<Change, { type: 'delivery.tried' }>;

interface Trying {
  readonly delivery: Delivery;
  /** Those that are not kept yet. */
  attempts: Attempt[];
}

const NOT_TALKED = { durationMs: 0, faultId: null, sessionId: null } as const;

function attemptOf(
  { rounds }: Delivery,
  at: number,
  host: string,
  { stage, code, enhanced, text, outcome, unsure }: Outcome,
  { durationMs, faultId, sessionId }: Pick<Talk, 'durationMs' | 'faultId' | 'sessionId'>,
): Attempt {
  const attempt = { at, round: rounds + 1, host, stage, code, enhanced, text, durationMs, outcome, faultId, sessionId };
  return unsure ? { ...attempt, unsure } : attempt;
}

const batchOf = ({ envelope }: Message, deliveries: readonly Delivery[], raw: Buffer): Batch => ({
  sender: deliveries[0]?.sender ?? '',
  recipients: deliveries.map(({ recipient }) => recipient),
  raw,
  body: envelope.body ?? null,
  smtputf8: envelope.smtputf8 ?? false,
  ret: envelope.ret ?? null,
  envid: envelope.envid ?? null,
});

const over = ({ delivery, attempts }: Trying, state: DeliveryState, nextAttemptAt: number | null, via: string | null): Tried => ({
  type: 'delivery.tried',
  id: delivery.id,
  attempts,
  state,
  nextAttemptAt,
  via,
});

/** Of what a host has, though that could not be kept. */
export const overUnheard = (delivery: Delivery, taken: Hop): Tried => {
  const attempt = unheard(delivery, taken);
  return over({ delivery, attempts: [attempt] }, 'delivered', null, attempt.host);
};

/** Where the try itself took longer than the wait, the wait begins at its end. */
function putOff(trying: Trying, { policy, startedAt, now }: RoundParts): Tried {
  const { expiresAt, rounds } = trying.delivery;
  const tried = { expiresAt, rounds: rounds + 1 };
  let then = next(tried, policy, startedAt);
  if ('at' in then && then.at <= now()) then = next(tried, policy, now());
  return 'at' in then ? over(trying, 'deferred', then.at, null) : over(trying, 'expired', null, null);
}

/** Rejects where the message is gone. */
export async function tryRound(parts: RoundParts): Promise<void> {
  const { deliveries, message, raw, route, policy, startedAt, now, send, carrying, decided, ended } = parts;
  let left: Trying[] = deliveries.map((delivery) => ({ delivery, attempts: [] }));
  const later: Trying[] = [];

  async function settle(trying: readonly Trying[], outcomes: readonly Outcome[], at: number, host: string, talk = {}): Promise<void> {
    const done: Tried[] = [];
    const again: Trying[] = [];
    for (const [i, one] of trying.entries()) {
      const outcome = outcomes[i];
      if (outcome === undefined) throw new Error(`no outcome for recipient ${i} at ${host}`);
      one.attempts.push(attemptOf(one.delivery, at, host, outcome, { ...NOT_TALKED, ...talk }));
      if (outcome.outcome === 'delivered') done.push(over(one, 'delivered', null, host));
      else if (outcome.outcome === 'permanent') done.push(over(one, 'bounced', null, null));
      else if (policy.failover === 'transient' || outcome.lost) again.push(one);
      else later.push(one);
    }
    left = again;
    // Whoever sends it once more has to have written down first that it may be there.
    for (const one of again) {
      if (!one.attempts.some(({ unsure }) => unsure)) continue;
      done.push(over(one, 'active', null, null));
      one.attempts = [];
    }
    if (done.length > 0) await decided(done);
  }

  if (route.refusal)
    await settle(
      left,
      left.map(() => route.refusal as Outcome),
      startedAt,
      '',
    );
  for (const host of route.hosts) {
    if (left.length === 0 || ended()) break;
    const asked = left.map(({ delivery }) => delivery);
    // The time at which its turn comes, which may be later than it was due.
    let at = startedAt;
    let loaded = 0;
    const talk = await send(host, {
      carried: { messageId: message.id, deliveries: asked },
      async load() {
        await carrying.take(message.size);
        loaded = message.size;
        at = Math.max(now(), startedAt);
        return batchOf(message, asked, await raw());
      },
    }).finally(() => carrying.give(loaded));
    // What was taken is taken; what failed because we left has not failed.
    if (ended() && !talk.outcomes.some(({ outcome }) => outcome === 'delivered')) return;
    await settle(left, talk.outcomes, at, host.name, talk);
  }
  if (ended()) return;
  const rest = [...left, ...later].map((one) => putOff(one, parts));
  if (rest.length > 0) await decided(rest);
}
