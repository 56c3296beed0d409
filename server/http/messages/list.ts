// A page of messages, with refused attempts between them where they are asked for.

import { Refusal } from '../../base/errors.ts';
import { accountOf } from '../../mail/address.ts';
import { canonicalName } from '../../store/mailbox.ts';
import { comparison } from '../../store/order.ts';
import type { Query } from '../../store/query.ts';
import { search } from '../../store/search.ts';
import type { SearchOptions } from '../../store/search.ts';
import type { Kept, Mailbox, State } from '../../store/state.ts';
import type { ListItem, ListOf } from '../contract/types.ts';
import type { HttpDeps } from '../deps.ts';
import { matchingRefusals } from './refusals.ts';
import type { Found } from './refusals.ts';
import { refusalOf, summaryOf } from './summary.ts';

/** The mailbox that a caller names. @throws Refusal not-found */
export function mailboxNamed(state: State, account: string, mailbox = 'INBOX'): Mailbox {
  const owner = state.accounts.get(accountOf(account));
  if (!owner) throw new Refusal('not-found', `no account ${account}`);
  const found = owner.mailboxes.get(canonicalName(mailbox));
  if (!found) throw new Refusal('not-found', `no mailbox ${mailbox} in account ${owner.name}`);
  return found;
}

/** The message or refusal after which a page begins; null where it is gone. */
function placeOf({ store }: HttpDeps, refusals: readonly Found[], cursor: string): Kept | null {
  return store.state.messages.get(cursor) ?? refusals.find(({ kept }) => kept.message.id === cursor)?.kept ?? null;
}

async function withRefusals(deps: HttpDeps, query: Query, options: SearchOptions): Promise<ListOf<ListItem>> {
  const { limit, offset = 0, sort = '-received', cursor } = options;
  const refusals = matchingRefusals(deps, query);
  const place = cursor === undefined ? undefined : placeOf(deps, refusals, cursor);
  const compare = comparison(sort);
  // Messages that stand before the page wherever the refusals do.
  const skipped = Math.max(0, offset - refusals.length);
  const start = offset - skipped;
  const page = await search(deps.store, query, { ...options, offset: skipped, limit: start + limit, ...(place && { after: place }) });
  const last = page.next === null ? null : (page.items.at(-1) ?? null);
  const between = refusals.filter(({ kept }) => isAfter(kept) && (last === null || compare(kept, last) < 0));

  function isAfter(kept: Kept): boolean {
    if (cursor === undefined) return true;
    if (place) return compare(place, kept) < 0;
    // In the order of arrival an id alone tells the place.
    return sort === 'received' ? kept.message.id > cursor : sort === '-received' && kept.message.id < cursor;
  }

  const refusedOf = new Map(between.map(({ kept, refused }) => [kept, refused]));
  const items = [...page.items, ...refusedOf.keys()].sort(compare);
  const shown = items.slice(start, start + limit);
  const more = items.length > start + limit || last !== null;
  return {
    items: shown.map((kept) => {
      const refused = refusedOf.get(kept);
      return refused ? refusalOf(refused) : summaryOf(kept);
    }),
    next: more ? (shown.at(-1)?.message.id ?? null) : null,
    total: page.total === null ? null : page.total + refusals.length,
    ...(page.totalAtLeast !== null && { totalAtLeast: page.totalAtLeast + refusals.length }),
  };
}

export async function listMessages(
  deps: HttpDeps,
  query: Query,
  { refused, ...options }: SearchOptions & { refused?: boolean },
): Promise<ListOf<ListItem>> {
  const mailbox = options.account === undefined ? undefined : mailboxNamed(deps.store.state, options.account, options.mailbox);
  if (refused && mailbox === undefined) return withRefusals(deps, query, options);
  const place = mailbox && { account: mailbox.account, mailbox: mailbox.name };
  const { items, next, total, totalAtLeast } = await search(deps.store, query, { ...options, ...place });
  return { items: items.map((kept) => summaryOf(kept, mailbox)), next, total, ...(totalAtLeast !== null && { totalAtLeast }) };
}
