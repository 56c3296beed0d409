// Who a row is from and to, in the few words that fit.

import type { ListItem } from '../../../server/http/contract/types.ts';
import { plain } from '../../parts/show.ts';
import { text } from '../../text.ts';

export interface People {
  readonly sender: string;
  /** The first recipient, and how many more there are. */
  readonly recipient: string;
}

export function peopleOf(item: ListItem): People {
  if (item.kind === 'refusal') {
    return { sender: plain(item.sender || text.noSender), recipient: plain(item.recipient ?? text.noRecipient) };
  }
  const [from] = item.from;
  const { sender, recipients, recipientCount } = item.envelope;
  const others = recipientCount > 1 ? ` +${recipientCount - 1}` : '';
  return {
    sender: plain(from?.name || from?.address || sender || text.noSender),
    recipient: `${plain(recipients[0] ?? item.to[0]?.address ?? '')}${others}`,
  };
}

/** For a text that has no element of its own: its direction does not spread to what stands beside it. */
export const isolated = (value: string): string => (value === '' ? '' : `\u2068${value}\u2069`);
