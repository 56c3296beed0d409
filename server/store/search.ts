// Searching: walks the arrivals, newest first or in another order, and answers a page of what matches.

import { setImmediate as nextTurn } from 'node:timers/promises';
import { Refusal } from '../base/errors.ts';
import { contentOf } from '../mail/content.ts';
import { canonicalName } from './mailbox.ts';
import { compile } from './match.ts';
import type { Matcher, Scope } from './match.ts';
import type { Query, Term } from './query.ts';
import type { Kept, Mailbox } from './state.ts';
import { foldedPart } from './folded.ts';
import type { Store } from './store.ts';

export const SORTS = ['-received', 'received', 'size', '-size', 'from', 'to', 'subject'] as const;
export type Sort = (typeof SORTS)[number];

export interface Page {
  readonly items: readonly Kept[];
  /** The id after which the next page starts, null at the end. */
  readonly next: string | null;
  /** Null where the walk stopped at a full page, since counting on would read bodies; then `totalAtLeast` says how many were found. */
  readonly total: number | null;
  readonly totalAtLeast: number | null;
}

export interface SearchOptions {
  readonly limit: number;
  /** Answer what comes after this message in the order asked for. */
  readonly cursor?: string;
  readonly offset?: number;
  readonly sort?: Sort;
  /** Count all matches even where that means reading bodies. */
  readonly total?: boolean;
  /** Search this account's mailbox (INBOX unless named) instead of everything captured; its flags are then the marks. */
  readonly account?: string;
  readonly mailbox?: string;
}

// A walk gives the loop back after so many ms, so that no search holds up a conversation.
export const SLICE_MS = 8;

function mailboxAsked(store: Store, { account, mailbox = 'INBOX' }: SearchOptions): Mailbox | undefined {
  if (account === undefined) return undefined;
  const found = store.state.accounts.get(account)?.mailboxes.get(canonicalName(mailbox));
  if (!found) throw new Refusal('not-found', `no mailbox ${mailbox} in account ${account}`);
  return found;
}

const ORDERS: Readonly<Record<Exclude<Sort, '-received' | 'received'>, (a: Kept, b: Kept) => number>> = {
  size: (a, b) => a.message.size - b.message.size,
  '-size': (a, b) => b.message.size - a.message.size,
  from: (a, b) => compareText(foldedPart(a, 'from'), foldedPart(b, 'from')),
  to: (a, b) => compareText(foldedPart(a, 'to'), foldedPart(b, 'to')),
  subject: (a, b) => compareText(foldedPart(a, 'subject'), foldedPart(b, 'subject')),
};

export const compareText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Everything that is looked through, in the order asked for. */
export function candidates({ state }: Store, mailbox: Mailbox | undefined, sort: Sort): Kept[] {
  const list = mailbox ? mailbox.entries.slice().map(({ kept }) => kept) : state.arrivals.slice();
  if (sort === 'received') return list;
  list.reverse();
  return sort === '-received' ? list : list.sort(ORDERS[sort]);
}

export async function decide(store: Store, matcher: Matcher, kept: Kept): Promise<boolean> {
  const verdict = matcher.facts(kept);
  if (verdict !== undefined) return verdict;
  // Deleted while the walk waited for its turn.
  if (!store.state.messages.has(kept.message.id)) return false;
  return matcher.content(kept, contentOf(await store.body(kept.message.id)));
}

function isEverything(query: Query): boolean {
  return query.kind === 'and' && query.terms.length === 0;
}

/** A page of everything needs no walk. */
function pageOfAll({ state: { arrivals } }: Store, { limit, cursor, offset = 0, sort }: SearchOptions): Page {
  const total = arrivals.length;
  const forward = sort === 'received';
  const before = cursor === undefined ? 0 : forward ? arrivals.lowerBound(`${cursor}~`) : total - arrivals.lowerBound(cursor);
  const start = before + offset;
  const items = forward ? arrivals.slice(start, start + limit) : arrivals.slice(total - start - limit, total - start).reverse();
  const more = start + limit < total;
  return { items, next: more ? (items.at(-1)?.message.id ?? null) : null, total, totalAtLeast: null };
}

/** Where the walk begins to collect: after the cursor's message, or where it would stand had it not been deleted. */
function afterCursor(list: readonly Kept[], cursor: string | undefined, sort: Sort): number {
  if (cursor === undefined) return 0;
  const at = list.findIndex(({ message }) => message.id === cursor);
  if (at >= 0) return at + 1;
  const next = list.findIndex(({ message }) => (sort === 'received' ? message.id > cursor : message.id < cursor));
  return next < 0 ? list.length : next;
}

/** Throws Refusal not-found for an unknown account or mailbox. */
export async function search(store: Store, query: Query, options: SearchOptions): Promise<Page> {
  const { limit, cursor, offset = 0, sort = '-received', total: countAll = false } = options;
  const mailbox = mailboxAsked(store, options);
  if (!mailbox && isEverything(query) && (sort === '-received' || sort === 'received')) return pageOfAll(store, options);
  const matcher = compile(query, scopeOf(store, mailbox));
  const list = candidates(store, mailbox, sort);
  const first = afterCursor(list, cursor, sort);
  const counting = countAll || matcher.factsOnly;
  const items: Kept[] = [];
  let found = 0; // matches in the whole list
  let passed = 0; // matches after the cursor
  let position = counting ? 0 : first;
  let until = performance.now() + SLICE_MS;
  for (; position < list.length; position++) {
    const kept = list[position] as Kept;
    const verdict = matcher.facts(kept) ?? (await decide(store, matcher, kept));
    if (verdict) {
      found++;
      if (position >= first && ++passed > offset && items.length < limit) items.push(kept);
      if (!counting && passed > offset + limit) break; // one more than the page: there is a next one
    }
    if ((position & 63) === 0 && performance.now() > until) {
      await nextTurn();
      until = performance.now() + SLICE_MS;
    }
  }
  const more = passed > offset + limit;
  const complete = counting || (position === list.length && first === 0);
  return {
    items,
    next: more ? (items.at(-1)?.message.id ?? null) : null,
    total: complete ? found : null,
    totalAtLeast: complete ? null : found,
  };
}

export function scopeOf(store: Store, mailbox?: Mailbox): Scope {
  return { now: store.clock.now(), ...(mailbox && { mailbox }) };
}

/** Whether one message matches: for waits and live filters. Reads the body only when the query asks for text. */
export async function matches(store: Store, query: Query, kept: Kept): Promise<boolean> {
  return decide(store, compile(query, scopeOf(store)), kept);
}

const written = ({ field, value }: Term): string => (field === 'text' ? value : `${field}:${value}`);

function describe(query: Query): string {
  if (query.kind === 'term') return written(query);
  if (query.kind === 'not') return `-${describe(query.term)}`;
  return `(${query.terms.map(describe).join(query.kind === 'or' ? ' OR ' : ' ')})`;
}

/** The terms of the query that this message fails, as text (`subject:welcome`): a wait's near misses. */
export async function failedTerms(store: Store, query: Query, kept: Kept): Promise<string[]> {
  const terms = query.kind === 'and' ? query.terms : [query];
  const failed: string[] = [];
  for (const term of terms) if (!(await matches(store, term, kept))) failed.push(describe(term));
  return failed;
}
