// The orders in which messages are looked through, in runs: a walk may rest between two runs while messages come and go.

import type { MessageId } from '../mail/message.ts';
import { foldedPart } from './folded.ts';
import type { Sequence } from './sequence.ts';
import { merge, sortInSlices } from './sorting.ts';
import type { Entry, Kept, Mailbox, State } from './state.ts';
import { entryIn } from './state.ts';
import type { Store } from './store.ts';

export const SORTS = ['-received', 'received', 'size', '-size', 'from', 'to', 'subject'] as const;
export type Sort = (typeof SORTS)[number];

export type Runs = Iterable<readonly Kept[]>;

/** What stands up to a cursor's message, that one included, and what stands after it. */
export interface Ordered {
  readonly before: Runs;
  readonly after: Runs;
}

const RUN = 256;

interface Span<K> {
  /** Begins after this key, in the direction of the walk. */
  readonly after?: K | undefined;
  /** Ends with this key. */
  readonly upTo?: K | undefined;
}

/** A part of a sequence, forwards or backwards; found again by key after each run, without a copy of the whole. */
function* runsOf<T, K extends number | string>(
  list: Sequence<T, K>,
  keyOf: (item: T) => K,
  forward: boolean,
  { after, upTo }: Span<K>,
): Generator<T[]> {
  const past = (key: K): number => list.lowerBound(key) + (list.get(key) === undefined ? 0 : 1);
  for (let last = after; ;) {
    const start = forward ? (last === undefined ? 0 : past(last)) : upTo === undefined ? 0 : list.lowerBound(upTo);
    const end = forward ? (upTo === undefined ? list.length : past(upTo)) : last === undefined ? list.length : list.lowerBound(last);
    const run = forward ? list.slice(start, Math.min(start + RUN, end)) : list.slice(Math.max(start, end - RUN), end).reverse();
    const final = run.at(-1);
    if (final === undefined || start >= end) return;
    yield run;
    last = keyOf(final);
  }
}

function byArrival({ arrivals }: State, forward: boolean, cursor: MessageId | undefined): Ordered {
  const idOf = (kept: Kept): MessageId => kept.message.id;
  return {
    before: cursor === undefined ? [] : runsOf(arrivals, idOf, forward, { upTo: cursor }),
    after: runsOf(arrivals, idOf, forward, { after: cursor }),
  };
}

/** The UID of a cursor's message, or one at which it would stand had it not been removed. */
function cursorUid({ messages }: State, mailbox: Mailbox, forward: boolean, cursor: MessageId): number {
  const kept = messages.get(cursor);
  const entry = kept && entryIn(kept, mailbox);
  if (entry) return entry.uid;
  for (const run of runsOf(mailbox.entries, ({ uid }) => uid, forward, {})) {
    const next = run.find(({ kept: { message } }) => (forward ? message.id > cursor : message.id < cursor));
    if (next) return forward ? next.uid - 1 : next.uid + 1;
  }
  return forward ? Infinity : 0;
}

/** Once each, at its newest entry: a client may have copied it to where it was. */
export function messagesOf({ entries }: { readonly entries: Iterable<Entry> }): Kept[] {
  const found: Kept[] = [];
  for (const entry of entries) if (entry === entryIn(entry.kept, entry.mailbox)) found.push(entry.kept);
  return found;
}

function byUid(state: State, mailbox: Mailbox, forward: boolean, cursor: MessageId | undefined): Ordered {
  const uid = cursor === undefined ? undefined : cursorUid(state, mailbox, forward, cursor);
  function* runs(span: Span<number>): Generator<Kept[]> {
    for (const entries of runsOf(mailbox.entries, (entry) => entry.uid, forward, span)) yield messagesOf({ entries });
  }
  return { before: uid === undefined ? [] : runs({ upTo: uid }), after: runs({ after: uid }) };
}

export type Key = string | number;

const KEYS: Readonly<Record<Exclude<Sort, 'received' | '-received'>, (kept: Kept) => Key>> = {
  size: ({ message }) => message.size,
  '-size': ({ message }) => -message.size,
  from: (kept) => foldedPart(kept, 'from'),
  to: (kept) => foldedPart(kept, 'to'),
  subject: (kept) => foldedPart(kept, 'subject'),
};

interface Row {
  readonly kept: Kept;
  readonly key: Key;
}

export const compareKeys = (a: Key, b: Key): number => (a < b ? -1 : a > b ? 1 : 0);

/** How two messages stand to each other in that order: negative where `a` comes first. */
export function comparison(sort: Sort): (a: Kept, b: Kept) => number {
  if (sort === 'received') return (a, b) => compareKeys(a.message.id, b.message.id);
  if (sort === '-received') return (a, b) => compareKeys(b.message.id, a.message.id);
  const keyOf = KEYS[sort];
  return (a, b) => compareRows({ kept: a, key: keyOf(a) }, { kept: b, key: keyOf(b) });
}

/** Among equals the newest first. */
const compareRows = (a: Row, b: Row): number => compareKeys(a.key, b.key) || compareKeys(b.kept.message.id, a.kept.message.id);

const sortRows = (messages: readonly Kept[], keyOf: (kept: Kept) => Key): Promise<readonly Row[]> =>
  sortInSlices(messages, (kept) => ({ kept, key: keyOf(kept) }), compareRows);

/** All arrivals in one order, kept for the next page: what came since is merged in, what was deleted is passed over. */
function createSorted({ state, events }: Store, keyOf: (kept: Kept) => Key): () => Promise<readonly Row[]> {
  let rows: readonly Row[] = [];
  let newest: MessageId = '';
  let gone = 0;
  let busy: Promise<unknown> = Promise.resolve();

  const forget = (): void => {
    rows = [];
    newest = '';
    gone = 0;
  };
  events.on((event) => {
    if (event.type === 'messages.deleted') gone += event.ids.length;
    // Half of it dead is too much to keep alive; one that came back may have been left out.
    if (gone * 2 > rows.length || (event.type === 'message.added' && event.kept.message.id <= newest)) forget();
  });

  async function refresh(): Promise<readonly Row[]> {
    const { arrivals } = state;
    const fresh = arrivals.slice(newest === '' ? 0 : arrivals.lowerBound(`${newest}~`));
    if (fresh.length === 0) return rows;
    const [old, last] = [rows, fresh.at(-1)?.message.id ?? newest];
    const merged = await merge(old, await sortRows(fresh, keyOf), compareRows);
    // Forgotten meanwhile: good for this answer, not for the next.
    if (rows === old) [rows, newest] = [merged, last];
    return merged;
  }

  return () => {
    const refreshed = busy.then(refresh, refresh);
    busy = refreshed;
    return refreshed;
  };
}

const sorted = new WeakMap<Store, Map<Sort, () => Promise<readonly Row[]>>>();

function sortedOf(store: Store, sort: keyof typeof KEYS): Promise<readonly Row[]> {
  const orders = sorted.get(store) ?? new Map<Sort, () => Promise<readonly Row[]>>();
  sorted.set(store, orders);
  const order = orders.get(sort) ?? createSorted(store, KEYS[sort]);
  orders.set(sort, order);
  return order();
}

function* rowRuns(rows: readonly Row[], start: number, end: number): Generator<Kept[]> {
  for (let at = start; at < end; at += RUN) {
    const run = rows.slice(at, Math.min(at + RUN, end)).map(({ kept }) => kept);
    // One that was deleted is in no mailbox.
    yield run.filter(({ entries }) => entries.length > 0);
  }
}

function splitAt(rows: readonly Row[], cursor: MessageId): number {
  const found = rows.findIndex(({ kept }) => kept.message.id === cursor);
  return found < 0 ? rows.length : found + 1;
}

function splitAfter(rows: readonly Row[], place: Row): number {
  const found = rows.findIndex((row) => compareRows(row, place) > 0);
  return found < 0 ? rows.length : found;
}

/**
 * Everything captured, or everything in a mailbox, in that order. After a cursor that is unknown to a sorted list stands nothing,
 * unless `after` is what the cursor names: that may be none of them.
 */
export async function inOrder(store: Store, mailbox: Mailbox | undefined, sort: Sort, cursor?: MessageId, after?: Kept): Promise<Ordered> {
  const { state } = store;
  if (sort === 'received' || sort === '-received') {
    const forward = sort === 'received';
    return mailbox ? byUid(state, mailbox, forward, cursor) : byArrival(state, forward, cursor);
  }
  const rows = mailbox ? await sortRows(messagesOf(mailbox), KEYS[sort]) : await sortedOf(store, sort);
  const split = cursor === undefined ? 0 : after ? splitAfter(rows, { kept: after, key: KEYS[sort](after) }) : splitAt(rows, cursor);
  return { before: rowRuns(rows, 0, split), after: rowRuns(rows, split, rows.length) };
}
