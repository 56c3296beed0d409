// Searching: a page of what matches, newest first or in another order.

import { Refusal } from '../base/errors.ts';
import { signaturesOf } from './index/signatures.ts';
import { canonicalName } from './mailbox.ts';
import { compile } from './match.ts';
import type { Scope } from './match.ts';
import type { Sort } from './order.ts';
import { inOrder, messagesOf } from './order.ts';
import type { Query, Term } from './query.ts';
import type { Kept, Mailbox } from './state.ts';
import type { Store } from './store.ts';
import { decide, walk } from './walk.ts';

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
  /** What the cursor names, where that need not be a message of the list. */
  readonly after?: Kept;
  readonly offset?: number;
  readonly sort?: Sort;
  /** Count all matches even where that means reading bodies. */
  readonly total?: boolean;
  /** Search this account's mailbox (INBOX unless named) instead of everything captured; its flags are then the marks. */
  readonly account?: string;
  readonly mailbox?: string;
}

function mailboxAsked(store: Store, { account, mailbox = 'INBOX' }: SearchOptions): Mailbox | undefined {
  if (account === undefined) return undefined;
  const found = store.state.accounts.get(account)?.mailboxes.get(canonicalName(mailbox));
  if (!found) throw new Refusal('not-found', `no mailbox ${mailbox} in account ${account}`);
  return found;
}

/** The empty query. */
export function isEverything(query: Query): boolean {
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

/** Throws Refusal not-found for an unknown account or mailbox. */
export async function search(store: Store, query: Query, options: SearchOptions): Promise<Page> {
  const { limit, cursor, after, offset = 0, sort = '-received', total: countAll = false } = options;
  const mailbox = mailboxAsked(store, options);
  const everything = isEverything(query) ? (mailbox ? messagesOf(mailbox) : store.state.arrivals).length : null;
  if (!mailbox && everything !== null && (sort === '-received' || sort === 'received')) return pageOfAll(store, options);
  const matcher = compile(query, scopeOf(store, mailbox));
  const order = await inOrder(store, mailbox, sort, cursor, after);
  const counting = everything === null && (countAll || matcher.factsOnly);
  const items: Kept[] = [];
  let before = 0; // matches up to the cursor
  let passed = 0; // matches after it
  if (counting) {
    await walk(store, matcher, order.before, () => {
      before++;
      return false;
    });
  }
  const cut = await walk(store, matcher, order.after, (kept) => {
    if (++passed > offset && items.length < limit) items.push(kept);
    return !counting && passed > offset + limit; // one more than the page: there is a next one
  });
  const more = passed > offset + limit;
  const total = counting || (cursor === undefined && !cut) ? before + passed : everything;
  return {
    items,
    next: more ? (items.at(-1)?.message.id ?? null) : null,
    total,
    totalAtLeast: total === null ? passed : null,
  };
}

export function scopeOf(store: Store, mailbox?: Mailbox): Scope {
  return { now: store.clock.now(), signatures: signaturesOf(store.state), ...(mailbox && { mailbox }) };
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
