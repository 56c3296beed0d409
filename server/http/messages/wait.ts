// Answers a wait: the messages, or what came nearest to them.

import { contentOf } from '../../mail/content.ts';
import { compile } from '../../store/match.ts';
import { parseQuery } from '../../store/query.ts';
import type { Query } from '../../store/query.ts';
import { failedTerms } from '../../store/search.ts';
import type { Kept } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import type { MessageDetail, NotArrived, Waited } from '../contract/types.ts';
import type { HttpLimits } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';
import type { WaitOptions, Waits } from './waits.ts';

/** How many of the newest messages are compared to find the nearest, and how many of those are opened. */
const COMPARED = 1_000;
const OPENED = 20;
const NEAREST = 3;

export interface AskedWait {
  readonly q?: string | undefined;
  readonly count?: number | undefined;
  readonly timeout?: number | undefined;
  readonly since?: string | undefined;
  readonly none?: boolean | undefined;
}

const malformed = (field: string, message: string): HttpRefusal =>
  new HttpRefusal('malformed', `${field}: ${message}`, { details: { field } });

function readSince(text: string | undefined): WaitOptions['since'] {
  if (text === undefined) return null;
  if (/^[0-9a-hjkmnp-tv-z]{14}$/.test(text)) return { id: text };
  const time = /^\d{4}-\d{2}-\d{2}/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(time)) throw malformed('since', 'expected a message id or an ISO time');
  return { time };
}

/** The messages that fail the fewest terms, newest first among equals. */
async function nearestTo(store: Store, query: Query): Promise<NotArrived['nearest']> {
  const scope = { now: store.clock.now() };
  const terms = (query.kind === 'and' ? query.terms : [query]).map((term) => compile(term, scope));
  // First by what the state tells; only the best are opened for what it does not.
  const byFacts = (kept: Kept): number => terms.filter((term) => term.facts(kept) !== true).length;
  const best = store.state.arrivals
    .slice(-COMPARED)
    .reverse()
    .map((kept) => ({ kept, failures: byFacts(kept) }))
    .sort((a, b) => a.failures - b.failures)
    .slice(0, OPENED);
  const exact = await Promise.all(
    best.map(async ({ kept, failures }) => {
      const open = terms.filter((term) => term.facts(kept) === undefined);
      const content = open.length === 0 ? null : await store.body(kept.message.id).then(contentOf, () => null);
      return { kept, failures: failures - (content ? open.filter((term) => term.content(kept, content)).length : 0) };
    }),
  );
  const nearest = exact.sort((a, b) => a.failures - b.failures).slice(0, NEAREST);
  return Promise.all(nearest.map(async ({ kept }) => ({ id: kept.message.id, failed: await failedTerms(store, query, kept) })));
}

export interface WaitParts {
  readonly store: Store;
  readonly waits: Waits;
  readonly limits: HttpLimits;
  readonly detail: (kept: Kept) => Promise<MessageDetail>;
}

/** @throws HttpRefusal not-arrived, arrived, unavailable */
export async function answerWait({ store, waits, limits, detail }: WaitParts, asked: AskedWait, signal: AbortSignal): Promise<Waited> {
  const query = parseQuery(asked.q ?? '');
  const { count = 1, timeout = limits.waitDefault, none = false } = asked;
  if (timeout > limits.wait) throw malformed('timeout', `expected at most ${limits.wait / 1000}s`);
  if (waits.size >= limits.waits) throw new HttpRefusal('busy', `${limits.waits} waits are open already`);
  const { how, messages } = await waits.wait({ query, count: none ? 1 : count, timeout, since: readSince(asked.since), signal });
  // To a caller that left it does not matter what is said.
  if (how === 'closed' || how === 'left') throw new HttpRefusal('unavailable', 'the server is stopping');
  const total = messages.length;
  const items = await Promise.all(messages.slice(0, count).map(detail));
  if (none && how === 'arrived') throw new HttpRefusal('arrived', 'a message matches', { details: { items, total } });
  if (none || how === 'arrived') return { items, total };
  throw new HttpRefusal('not-arrived', `${total} of ${count} arrived in time`, {
    details: { total, nearest: await nearestTo(store, query) },
  });
}
