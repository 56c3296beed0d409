// What messages and refused attempts have in common as rows of the list.

import type { ListItem, MessageMarks, Summary } from '../../server/http/contract/types.ts';
import type { Route } from '../route.ts';

export const isMessage = (item: ListItem | undefined): item is Summary => item?.kind === 'message';

/** Where a row leads: a message, or the conversation in which an attempt was refused. */
export const placeOf = (item: ListItem | undefined): Pick<Route, 'id' | 'session'> =>
  item?.kind === 'refusal' ? { id: null, session: item.sessionId } : { id: item?.id ?? null, session: null };

export const timeOf = (item: ListItem): string => (item.kind === 'message' ? item.receivedAt : item.at);

/** What happened to a message, with the marks that it has in another mailbox than that of all. */
export const withMarksOf = (summary: Summary, { read, starred }: Pick<Summary, 'read' | 'starred'>): Summary => ({
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
