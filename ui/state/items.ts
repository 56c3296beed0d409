// What messages and refused attempts have in common as rows of the list.

import type { ListItem, LiveEvent, MessageMarks, Summary } from '../../server/http/contract/types.ts';
import type { Route, Sort, View } from '../route.ts';
import type { Order } from './rows.ts';

export const isMessage = (item: ListItem | undefined): item is Summary => item?.kind === 'message';

/** Where a row leads: a message, or the conversation in which an attempt was refused. */
export const placeOf = (item: ListItem | undefined): Pick<Route, 'id' | 'session'> =>
  item?.kind === 'refusal' ? { id: null, session: item.sessionId } : { id: item?.id ?? null, session: null };

export const timeOf = (item: ListItem): string => (item.kind === 'message' ? item.receivedAt : item.at);

const ORDERS: Readonly<Partial<Record<Sort, Order>>> = { '-received': 'falling', received: 'rising' };

/** How ids follow each other; in which order messages came into one mailbox only the server knows. */
export const orderOf = ({ account, sort }: Pick<View, 'account' | 'sort'>): Order => (account === null && ORDERS[sort]) || 'other';

/** Whether it may have changed what is in that mailbox. */
export const isOfMailbox = (event: LiveEvent, mailbox: string): boolean =>
  event.type === 'mailboxes.changed' || (event.type === 'mailbox.changed' && event.mailbox === mailbox);

/** What happened to a message, with the marks that it has in another mailbox than that of all. */
export const withMarksOf = (summary: Summary, { read, starred }: Pick<Summary, 'read' | 'starred'> = summary): Summary => ({
  ...summary,
  read,
  starred,
});

/** A message with other marks. */
export function marked<T extends Pick<Summary, 'read' | 'starred' | 'pinned' | 'tags'>>(
  message: T,
  { read, starred, pinned, tags }: MessageMarks,
): T {
  const all = [...message.tags, ...(tags?.add ?? [])].filter((tag) => !tags?.remove?.includes(tag));
  return {
    ...message,
    read: read ?? message.read,
    starred: starred ?? message.starred,
    pinned: pinned ?? message.pinned,
    tags: [...new Set(all)],
  };
}
