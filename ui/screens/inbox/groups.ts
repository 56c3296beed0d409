// Groups: rows of a sorted list that have something in common, with a heading before the first of them.

import type { Address, ListItem } from '../../../server/http/contract/types.ts';
import { plain } from '../../parts/show.ts';
import type { Group, Sort } from '../../route.ts';
import { timeOf } from '../../state/items.ts';
import { text } from '../../text.ts';

interface Kind {
  /** The orders in which what belongs together stands together; the first is taken when the group is chosen. */
  readonly sorts: readonly [Sort, ...Sort[]];
  /** Rows with the same key are of one group. */
  readonly key: (item: ListItem) => string;
  readonly title: (item: ListItem, now: Date) => string;
}

const date = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long' });
const dateAndYear = new Intl.DateTimeFormat('en-GB', { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' });

function dayTitle(time: string, now: Date): string {
  const then = new Date(time);
  const day = then.toDateString();
  if (day === now.toDateString()) return text.todayHeading;
  if (day === new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1).toDateString()) return text.yesterday;
  return (then.getFullYear() === now.getFullYear() ? date : dateAndYear).format(then);
}

const addressed = ({ name, address }: Address): string => (name === '' ? address : `${name} <${address}>`);
const senderOf = (item: ListItem): string =>
  item.kind === 'refusal' ? item.sender : item.from[0] ? addressed(item.from[0]) : item.envelope.sender;
const recipientOf = (item: ListItem): string => {
  if (item.kind === 'refusal') return item.recipient ?? '';
  return item.to[0] ? addressed(item.to[0]) : '';
};
/** The reply is what refused attempts are sorted by. */
const subjectOf = (item: ListItem): string => (item.kind === 'message' ? item.subject : `${item.code} ${item.enhanced ?? ''} ${item.text}`);

const kinds: Readonly<Record<Exclude<Group, 'none'>, Kind>> = {
  day: {
    sorts: ['-received', 'received'],
    key: (item) => new Date(timeOf(item)).toDateString(),
    title: (item, now) => dayTitle(timeOf(item), now),
  },
  from: { sorts: ['from'], key: (item) => senderOf(item).toLowerCase(), title: (item) => plain(senderOf(item)) || text.noSender },
  to: { sorts: ['to'], key: (item) => recipientOf(item).toLowerCase(), title: (item) => plain(recipientOf(item)) || text.noRecipient },
  subject: { sorts: ['subject'], key: (item) => subjectOf(item).toLowerCase(), title: (item) => plain(subjectOf(item)) || text.noSubject },
};

/** The group, where the order is one of those in which it has a meaning. */
export const groupIn = (group: Group, sort: Sort): Group => (group !== 'none' && kinds[group].sorts.includes(sort) ? group : 'none');

/** The order in which to show a group: as it is now, if that does. */
export const sortFor = (group: Group, sort: Sort): Sort =>
  group === 'none' || kinds[group].sorts.includes(sort) ? sort : kinds[group].sorts[0];

export const titleOf = (group: Group, item: ListItem, now = Date.now()): string =>
  group === 'none' ? '' : kinds[group].title(item, new Date(now));

/** Keys are asked for again with every row that comes in. */
const remembered = new WeakMap<ListItem, { readonly group: Group; readonly key: string }>();

function keyOf(group: Exclude<Group, 'none'>, item: ListItem): string {
  const before = remembered.get(item);
  if (before?.group === group) return before.key;
  const key = kinds[group].key(item);
  remembered.set(item, { group, key });
  return key;
}

/** Before which rows a heading stands, as far as they are known: the first of all, and every one that differs from the row above it. */
export function breaksOf(group: Group, length: number, at: (index: number) => ListItem | undefined): number[] {
  if (group === 'none') return [];
  const breaks: number[] = [];
  for (let i = 0, above: string | undefined = ''; i < length; i++) {
    const item = at(i);
    const key: string | undefined = item && keyOf(group, item);
    if (key !== undefined && (i === 0 || (above !== undefined && key !== above))) breaks.push(i);
    above = key;
  }
  return breaks;
}
