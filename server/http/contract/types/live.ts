// Events and the frames that they travel in.

import type { Delivery, Receiver } from './delivery.ts';
import type { ClockState, Fault, FaultHit, Host } from './faults.ts';
import type { RefusalSummary, Summary } from './messages.ts';
import type { SessionLine, SessionSummary } from './sessions.ts';

export type DeletionReason = 'deleted' | 'retention' | 'expunged' | 'reset';

export type LiveEvent =
  | { type: 'message.added'; summary: Summary }
  | { type: 'message.changed'; summary: Summary }
  /** Snippet and attachments are known now, and a search by text is quick. */
  | { type: 'message.indexed'; summary: Summary }
  | { type: 'messages.deleted'; ids: string[]; reason: DeletionReason }
  | { type: 'refusal.added'; refusal: RefusalSummary }
  | { type: 'session.opened'; session: SessionSummary }
  /** Told now and then while something is said in it, to those who ask for it. */
  | { type: 'session.changed'; session: SessionSummary }
  | { type: 'session.closed'; session: SessionSummary }
  | { type: 'session.line'; sessionId: string; line: SessionLine }
  /** Entries came, went or changed their flags, by whatever way; told to those who follow the account, not each of many in a row. */
  | { type: 'mailbox.changed'; account: string; mailbox: string }
  /** Mailboxes of the account were made, renamed, deleted or subscribed to. */
  | { type: 'mailboxes.changed'; account: string }
  /** A message was refused for want of room; `limit` is the setting, as in `storage` of the server's information. */
  | { type: 'storage.full'; limit: string }
  /** There is room again. */
  | { type: 'storage.room' }
  /** Made, changed, paused, moved; `hits` alone is told by `fault.hit`. */
  | { type: 'fault.changed'; faults: Fault[] }
  /** Many in a row are one event: the newest of them, and how often the fault has hit by then. */
  | { type: 'fault.hit'; hit: FaultHit; hits: number }
  | { type: 'delivery.changed'; delivery: Delivery }
  | { type: 'host.changed'; host: Host }
  | { type: 'clock.changed'; clock: ClockState }
  /** Made, changed, or gone: null. */
  | { type: 'receiver.changed'; domain: string; receiver: Receiver | null }
  | { type: 'reset' };

/** `seq` is the number of the frame's last event; `epoch.seq` given as `since` resumes after it. */
export interface EventFrame {
  epoch: string;
  seq: number;
  events: LiveEvent[];
}

/** Events are missing: fetch again what is shown, then go on from here. */
export interface GapFrame {
  gap: true;
  epoch: string;
  seq: number;
  /** How many messages there are. */
  total: number;
}

export type Frame = EventFrame | GapFrame;
