// Counting what a search finds: by recipient, domain, sender, user, tag and state.

import { splitAddress } from '../mail/address.ts';
import { compile } from './match.ts';
import { compareKeys, inOrder } from './order.ts';
import type { Query } from './query.ts';
import { scopeOf } from './search.ts';
import type { Kept } from './state.ts';
import { isRead, isStarred } from './state.ts';
import type { Store } from './store.ts';
import { walk } from './walk.ts';

export interface Facet {
  readonly value: string;
  readonly count: number;
}

/** Counts by recipient, domain, sender, user, tag and state: the 50 largest of each. */
export interface Facets {
  readonly recipients: readonly Facet[];
  readonly domains: readonly Facet[];
  readonly senders: readonly Facet[];
  readonly users: readonly Facet[];
  readonly tags: readonly Facet[];
  readonly states: readonly Facet[];
}

const FACET_SIZE = 50;

const FACET_VALUES: Readonly<Record<keyof Facets, (kept: Kept) => readonly string[]>> = {
  recipients: ({ message }) => message.envelope.recipients.map(({ address }) => address.toLowerCase()),
  domains: ({ message }) => message.envelope.recipients.map(({ address }) => splitAddress(address).domain.toLowerCase()),
  senders: ({ message }) => message.header.from.map(({ address }) => address.toLowerCase()),
  users: ({ message }) => (message.origin.user === null ? [] : [message.origin.user]),
  tags: ({ tags }) => tags,
  states: (kept) => [
    ...(kept.recipients.length > 0 ? ['delivered'] : []),
    isRead(kept) ? 'read' : 'unread',
    ...(isStarred(kept) ? ['starred'] : []),
    ...(kept.pinned ? ['pinned'] : []),
  ],
};

export async function facets(store: Store, query: Query): Promise<Facets> {
  const matcher = compile(query, scopeOf(store));
  const counts = Object.entries(FACET_VALUES).map(([name, values]) => ({ name, values, counts: new Map<string, number>() }));
  const { after: everything } = await inOrder(store, undefined, '-received');
  await walk(store, matcher, everything, (kept) => {
    for (const facet of counts) {
      for (const value of new Set(facet.values(kept))) facet.counts.set(value, (facet.counts.get(value) ?? 0) + 1);
    }
    return false;
  });
  const largest = (map: Map<string, number>): Facet[] =>
    [...map]
      .map(([value, count]) => ({ value, count }))
      .sort((a, b) => b.count - a.count || compareKeys(a.value, b.value))
      .slice(0, FACET_SIZE);
  return Object.fromEntries(counts.map((facet) => [facet.name, largest(facet.counts)])) as unknown as Facets;
}
