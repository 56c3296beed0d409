// What a desktop notification says of new mail.

import type { Summary } from '../../server/http/contract/types.ts';
import { plain } from '../parts/show.ts';
import { text } from '../text.ts';

export interface Announcement {
  readonly title: string;
  readonly body: string;
  /** The one message that it is about. */
  readonly id: string | null;
}

/** Messages that are named. */
const SHOWN = 3;

const senderOf = ({ from: [from], envelope }: Summary): string => plain(from?.name || from?.address || envelope.sender) || text.noSender;
const subjectOf = ({ subject }: Summary): string => plain(subject) || text.noSubject;

/** Newest last. */
export function announcementOf(burst: readonly Summary[]): Announcement {
  const newest = burst.slice(-SHOWN).reverse();
  const [only] = newest;
  if (only && burst.length === 1) return { title: senderOf(only), body: subjectOf(only), id: only.id };
  return {
    title: text.newMessages(burst.length),
    body: newest.map((summary) => `${senderOf(summary)}: ${subjectOf(summary)}`).join('\n'),
    id: null,
  };
}
