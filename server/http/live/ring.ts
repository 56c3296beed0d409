// The newest events, numbered by one counter: light references until somebody reads them, then JSON made once for all.

import type { Fault, Hit } from '../../faults/fault.ts';
import type { Delivery } from '../../mail/delivery.ts';
import type { Session, TranscriptLine } from '../../net/session.ts';
import type { DeletionReason } from '../../store/changes.ts';
import type { Refused } from '../../store/refusals.ts';
import type { Kept } from '../../store/state.ts';
import type { ClockState, Host, LiveEvent, Receiver } from '../contract/types.ts';
import { deliveryOf } from '../deliveries/list.ts';
import { faultOf, hitOf } from '../sandbox/faults.ts';
import { lineOf, refusalOf, sessionOf, summaryOf } from '../messages/summary.ts';

/** What happened, as those say it who made it happen. */
export type Happening =
  | { readonly type: 'message.added' | 'message.changed' | 'message.indexed'; readonly kept: Kept }
  | { readonly type: 'messages.deleted'; readonly ids: readonly string[]; readonly reason: DeletionReason }
  | { readonly type: 'refusal.added'; readonly refused: Refused }
  | { readonly type: 'session.opened' | 'session.changed' | 'session.closed'; readonly session: Session }
  | { readonly type: 'session.line'; readonly session: Session; readonly line: TranscriptLine }
  | { readonly type: 'mailbox.changed'; readonly account: string; readonly mailbox: string }
  | { readonly type: 'mailboxes.changed'; readonly account: string }
  | { readonly type: 'storage.full'; readonly limit: string }
  | { readonly type: 'fault.changed'; readonly faults: readonly Fault[] }
  | { readonly type: 'fault.hit'; readonly hit: Hit; readonly hits: number }
  | { readonly type: 'delivery.changed'; readonly delivery: Delivery }
  | { readonly type: 'host.changed'; readonly host: Host }
  | { readonly type: 'clock.changed'; readonly clock: ClockState }
  | { readonly type: 'receiver.changed'; readonly domain: string; readonly receiver: Receiver | null }
  | { readonly type: 'storage.room' | 'reset' };

export function eventOf(happening: Happening): LiveEvent {
  switch (happening.type) {
    case 'message.added':
    case 'message.changed':
    case 'message.indexed':
      return { type: happening.type, summary: summaryOf(happening.kept) };
    case 'messages.deleted':
      return { type: happening.type, ids: [...happening.ids], reason: happening.reason };
    case 'refusal.added':
      return { type: happening.type, refusal: refusalOf(happening.refused) };
    case 'session.opened':
    case 'session.changed':
    case 'session.closed':
      return { type: happening.type, session: sessionOf(happening.session) };
    case 'session.line':
      return { type: happening.type, sessionId: happening.session.id, line: lineOf(happening.line) };
    case 'mailbox.changed':
      return { type: happening.type, account: happening.account, mailbox: happening.mailbox };
    case 'mailboxes.changed':
      return { type: happening.type, account: happening.account };
    case 'storage.full':
      return { type: happening.type, limit: happening.limit };
    case 'fault.changed':
      return { type: happening.type, faults: happening.faults.map(faultOf) };
    case 'fault.hit':
      return { type: happening.type, hit: hitOf(happening.hit), hits: happening.hits };
    case 'delivery.changed':
      return { type: happening.type, delivery: deliveryOf(happening.delivery) };
    case 'host.changed':
    case 'clock.changed':
    case 'receiver.changed':
      return happening;
    case 'storage.room':
    case 'reset':
      return { type: happening.type };
  }
}

export interface Ring {
  /** Number of the newest event; 0 before the first. */
  readonly newest: number;
  /** Number of the oldest event that is still here. */
  readonly oldest: number;
  add(happening: Happening): void;
  /** @throws Error for a number that is not here */
  at(seq: number): Happening;
  json(seq: number): string;
}

export function createRing(size: number): Ring {
  const happenings: Happening[] = [];
  const texts: (string | undefined)[] = [];
  let newest = 0;

  function at(seq: number): Happening {
    const happening = happenings[seq % size];
    if (seq > newest || seq <= newest - size || !happening) throw new Error(`event ${seq} is not kept`);
    return happening;
  }

  return {
    get newest() {
      return newest;
    },
    get oldest() {
      return Math.max(1, newest - size + 1);
    },
    add(happening) {
      const place = ++newest % size;
      happenings[place] = happening;
      texts[place] = undefined;
    },
    at,
    json: (seq) => (texts[seq % size] ??= JSON.stringify(eventOf(at(seq)))),
  };
}
