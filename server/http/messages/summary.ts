// A kept message, a refusal and a session as the rows of a list.

import type { Delivery } from '../../mail/delivery.ts';
import type { Session, TranscriptLine } from '../../net/session.ts';
import type { Refused } from '../../store/refusals.ts';
import { deliveryOf, stateOf } from '../../store/deliveries.ts';
import type { Kept, Mailbox } from '../../store/state.ts';
import { entryIn, marksOf } from '../../store/state.ts';
import type { Recipient, RefusalSummary, SessionDetail, SessionLine, SessionSummary, Summary } from '../contract/types.ts';

const SHOWN = 5;

export const isoTime = (ms: number): string => new Date(ms).toISOString();

const cut = <T>(list: readonly T[], length: number): T[] => list.slice(0, length);

/** Whether in its last try another host came before the one that took it. */
function tookOver({ via, attempts }: Delivery): boolean {
  const round = attempts.at(-1)?.round;
  return via !== null && attempts.find((attempt) => attempt.round === round)?.host !== via;
}

function recipients(kept: Kept, shown: number): Recipient[] {
  return cut(kept.recipients, shown).map((one) => {
    const { recipient, account, seen, removed } = one;
    const delivery = deliveryOf(kept, recipient);
    return {
      recipient,
      account,
      state: stateOf(kept, one),
      via: delivery?.via ?? null,
      ...(delivery && tookOver(delivery) && { backup: true }),
      attempts: delivery?.rounds ?? 0,
      attemptsPlanned: delivery?.attemptsPlanned ?? null,
      nextAttemptAt: delivery === undefined || delivery.nextAttemptAt === null ? null : isoTime(delivery.nextAttemptAt),
      seen,
      removed,
    };
  });
}

/** What a summary and a whole message have in common; lists are cut at `shown`. The marks are those of `mailbox`, or of account `*`. */
export function messageFacts(kept: Kept, shown: number, mailbox?: Mailbox): Omit<Summary, 'attachments' | 'defects'> {
  const { id, receivedAt, size, header, envelope, refused, origin } = kept.message;
  const flags = (mailbox ? entryIn(kept, mailbox) : marksOf(kept))?.flags ?? [];
  return {
    id,
    kind: 'message',
    source: origin.source,
    receivedAt: isoTime(receivedAt),
    from: cut(header.from, shown),
    to: cut(header.to, shown),
    subject: header.subject,
    snippet: kept.indexed?.snippet ?? null,
    size,
    envelope: {
      sender: envelope.sender,
      recipients: cut(envelope.recipients, shown).map(({ address }) => address),
      recipientCount: envelope.recipients.length,
      refused: cut(refused, shown),
    },
    read: flags.includes('\\Seen'),
    starred: flags.includes('\\Flagged'),
    pinned: kept.pinned,
    tags: [...kept.tags],
    user: origin.user,
    client: origin.client,
    host: origin.host,
    sessionId: origin.sessionId,
    deliveries: recipients(kept, shown),
  };
}

export const summaryOf = (kept: Kept, mailbox?: Mailbox): Summary => ({
  ...messageFacts(kept, SHOWN, mailbox),
  attachments: kept.indexed?.attachments ?? null,
  defects: kept.message.defects.length,
});

export const refusalOf = ({ id, at, sessionId, sender, recipient, stage, code, enhanced, text, faultId }: Refused): RefusalSummary => ({
  id,
  kind: 'refusal',
  at: isoTime(at),
  sessionId,
  sender,
  recipient,
  stage,
  code,
  enhanced,
  text,
  faultId,
});

export const lineOf = ({ number, at, side, text, bytes, faultId }: TranscriptLine): SessionLine => ({
  number,
  at: isoTime(at),
  side,
  text,
  bytes,
  faultId,
});

export const sessionOf = (session: Session): SessionSummary => ({
  id: session.id,
  protocol: session.protocol,
  host: session.host,
  client: session.client,
  user: session.user,
  tls: session.tls,
  helo: session.helo,
  openedAt: isoTime(session.openedAt),
  closedAt: session.closedAt === null ? null : isoTime(session.closedAt),
  messageIds: [...session.messageIds],
  messageCount: session.messageCount,
  command: session.command,
  commands: session.commands,
  mailbox: session.mailbox,
  failure: session.failure,
  faultId: session.faultId,
  truncated: session.truncated,
  notes: [...session.notes],
});

export const sessionDetailOf = (session: Session): SessionDetail => ({ ...sessionOf(session), lines: session.lines.map(lineOf) });
