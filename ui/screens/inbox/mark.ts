// The mark of a row: what became of it, in a word, and which sign and colour go with it.

import type { DeliveryState, ListItem, Recipient } from '../../../server/http/contract/types.ts';
import { text } from '../../text.ts';

export interface Mark {
  readonly look: 'well' | 'sending' | 'waits' | 'held' | 'bounced' | 'dropped' | 'refused';
  readonly word: string;
}

const tries = ({ attempts, attemptsPlanned }: Recipient): string => (attemptsPlanned === null ? '' : ` ${attempts}/${attemptsPlanned}`);

const marks: Readonly<Record<DeliveryState, (recipient: Recipient) => Mark>> = {
  bounced: () => ({ look: 'bounced', word: 'bounced' }),
  expired: () => ({ look: 'bounced', word: 'expired' }),
  held: () => ({ look: 'held', word: 'held' }),
  deferred: (recipient) => ({ look: 'waits', word: `waits${tries(recipient)}` }),
  queued: (recipient) => ({ look: 'waits', word: `waits${tries(recipient)}` }),
  active: () => ({ look: 'sending', word: 'sending' }),
  dropped: () => ({ look: 'dropped', word: 'dropped' }),
  delivered: ({ via }) => ({ look: 'well', word: via?.split('.')[0] ?? text.local }),
};

/** From what needs a look to what is well. */
const ORDER = Object.keys(marks) as DeliveryState[];

/** Of the recipient that most needs a look; nothing when there is none. */
export function markOf(item: ListItem): Mark | undefined {
  if (item.kind === 'refusal') return { look: 'refused', word: text.refused };
  const state = ORDER.find((candidate) => item.deliveries.some((recipient) => recipient.state === candidate));
  const recipient = item.deliveries.find((candidate) => candidate.state === state);
  return recipient && marks[recipient.state](recipient);
}
