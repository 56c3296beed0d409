// Counting what a search finds: by recipient, domain, sender, user, tag and state.

import { splitAddress } from '../mail/address.ts';
import { statesOf } from './deliveries.ts';
import { compile } from './match.ts';
import { inOrder } from './order.ts';
import type { Query } from './query.ts';
import { isEverything, scopeOf } from './search.ts';
import { pause, sliceOver } from './slices.ts';
import type { Kept, Mailbox } from './state.ts';
import { entryIn, marksOf } from './state.ts';
import type { Store } from './store.ts';
import { Tally } from './tally.ts';
import type { Counted } from './tally.ts';
import { walk } from './walk.ts';

/** Counts by recipient, domain, sender, user, tag and state: the 50 largest of each. */
export interface Facets {
  readonly recipients: readonly Counted[];
  readonly domains: readonly Counted[];
  readonly senders: readonly Counted[];
  readonly users: readonly Counted[];
  readonly tags: readonly Counted[];
  readonly states: readonly Counted[];
}

const FACET_SIZE = 50;

type Values<Name extends string> = Readonly<Record<Name, (kept: Kept) => readonly string[]>>;
type Tallies<Name extends string> = Readonly<Record<Name, Tally>>;

/** What a message is, which never changes. */
const FIXED: Values<'recipients' | 'domains' | 'senders' | 'users'> = {
  recipients: ({ message }) => message.envelope.recipients.map(({ address }) => address.toLowerCase()),
  domains: ({ message }) => message.envelope.recipients.map(({ address }) => splitAddress(address).domain.toLowerCase()),
  senders: ({ message }) => message.header.from.map(({ address }) => address.toLowerCase()),
  users: ({ message }) => (message.origin.user === null ? [] : [message.origin.user]),
};

/** What becomes of it; the marks are those of a mailbox, else of account `*`. */
const changingIn = (mailbox?: Mailbox): Values<'tags' | 'states'> => ({
  tags: ({ tags }) => tags,
  states: (kept) => {
    const flags = (mailbox ? entryIn(kept, mailbox) : marksOf(kept))?.flags ?? [];
    return [
      ...statesOf(kept),
      flags.includes('\\Seen') ? 'read' : 'unread',
      ...(flags.includes('\\Flagged') ? ['starred'] : []),
      ...(kept.pinned ? ['pinned'] : []),
    ];
  },
});

interface Counter<Name extends string> {
  readonly tallies: Tallies<Name>;
  count(kept: Kept, by?: 1 | -1): void;
}

function createCounter<Name extends string>(values: Values<Name>): Counter<Name> {
  const names = Object.keys(values) as Name[];
  const tallies = Object.fromEntries(names.map((name) => [name, new Tally()])) as Record<Name, Tally>;
  return {
    tallies,
    count(kept, by) {
      for (const name of names) tallies[name].add(values[name](kept), by);
    },
  };
}

type FixedCounter = Counter<keyof typeof FIXED>;

/** Counts what there is, and from then on what comes and goes. */
async function createStanding({ state, events }: Store): Promise<FixedCounter> {
  const counter = createCounter(FIXED);
  const { count } = counter;
  const already = state.arrivals.slice();
  // One that goes before it was counted is counted less than nothing until then.
  events.on((event) => {
    if (event.type === 'message.added') count(event.kept);
    else if (event.type === 'messages.deleted') for (const kept of event.messages) if (kept.captured) count(kept, -1);
  });
  for (const kept of already) {
    count(kept);
    if (sliceOver()) await pause();
  }
  return counter;
}

const standing = new WeakMap<Store, Promise<FixedCounter>>();

function standingOf(store: Store): Promise<FixedCounter> {
  const known = standing.get(store) ?? createStanding(store);
  standing.set(store, known);
  return known;
}

/** Of everything captured, or of one mailbox. */
export async function facets(store: Store, query: Query, mailbox?: Mailbox): Promise<Facets> {
  const all = isEverything(query) && mailbox === undefined;
  const fixed = all ? await standingOf(store) : createCounter(FIXED);
  const changing = createCounter(changingIn(mailbox));
  const matcher = compile(query, scopeOf(store, mailbox));
  const { after: everything } = await inOrder(store, mailbox, '-received');
  await walk(store, matcher, everything, (kept) => {
    if (!all) fixed.count(kept);
    changing.count(kept);
    return false;
  });
  const tallies = Object.entries<Tally>({ ...fixed.tallies, ...changing.tallies });
  return Object.fromEntries(tallies.map(([name, tally]) => [name, tally.largest(FACET_SIZE)])) as unknown as Facets;
}
