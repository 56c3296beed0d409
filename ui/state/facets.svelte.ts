// How many messages have which recipient, sender, tag…: of what the list shows, and of everything.

import type { Facets, LiveEvent } from '../../server/http/contract/types.ts';
import { Failure, countMessages, getFacets, liveUrl, type Following } from '../api/client.ts';
import { without } from '../query.ts';
import { ALL_MAIL, type Scope } from '../route.ts';

/** At least between two askings, ms. */
const PAUSE = 1_000;

/** Fields of which one value is chosen at a time: counted as if none of them were, so that there is another to choose. */
const CHOSEN = ['state', 'rcpt', 'domain', 'from', 'user', 'tag'] as const;
type Chosen = (typeof CHOSEN)[number];

const openQuery = (q: string, field: Chosen): string => without(q, (term) => term.field === field && !term.negated);

const COUNTED: readonly LiveEvent['type'][] = [
  'message.added',
  'message.changed',
  'messages.deleted',
  'mailbox.changed',
  'mailboxes.changed',
  'refusal.added',
  'reset',
];

export class Counts {
  /** Of everything in the mailbox, or of all mail, whatever the list shows of it. */
  unread = $state(0);
  total = $state(0);
  /** The old ones stay until all of the new ones are there. */
  #known: { readonly q: string; readonly facets: Readonly<Record<string, Facets>> } = $state.raw({ q: '', facets: {} });
  /** How often it was counted: what else is counted goes by it. */
  times = $state(0);
  #q = '';
  #scope: Scope = ALL_MAIL;
  #asking: AbortController | undefined;
  #askedAt = -PAUSE;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #stale = false;
  /** Only the title was kept up. */
  #missed = false;

  constructor() {
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden && this.#missed) this.changed();
    });
  }

  /** Of what the list shows; with `field`, as if no value of it were chosen. Undefined until known. */
  of(field?: Chosen): Facets | undefined {
    const { q } = this.#known;
    return this.known(field ? openQuery(q, field) : q);
  }

  /** Of that very query, if it happens to be known. */
  known(q: string): Facets | undefined {
    return Object.hasOwn(this.#known.facets, q) ? this.#known.facets[q] : undefined;
  }

  /** Counts what the list shows now. */
  search({ q, account, mailbox }: Following): void {
    this.#q = q;
    this.#scope = { account, mailbox };
    this.#asking?.abort();
    void this.#ask();
  }

  receive(events: readonly LiveEvent[]): void {
    if (events.some(({ type }) => COUNTED.includes(type))) this.changed();
  }

  /** Counts again before long. */
  changed(): void {
    this.#stale = true;
    if (this.#timer !== undefined || this.#asking) return;
    this.#timer = setTimeout(() => void this.#ask(), Math.max(0, this.#askedAt + PAUSE - performance.now()));
  }

  /** While the list shows only some messages, its events are of those only: what else happens comes from here. Returns how to stop it. */
  listen(): () => void {
    const socket = new WebSocket(liveUrl({ what: { q: '', ...ALL_MAIL }, since: undefined, session: null, sessions: false }));
    socket.onmessage = () => this.changed();
    return () => socket.close();
  }

  async #ask(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#askedAt = performance.now();
    const asking = new AbortController();
    this.#asking = asking;
    // Nobody looks at the rest of a hidden page; its title is seen.
    const { hidden } = document;
    this.#stale = false;
    this.#missed = hidden;
    try {
      if (hidden) this.unread = await countMessages('is:unread', asking.signal, this.#scope);
      else await this.#count(this.#q, asking.signal);
    } catch (error) {
      // Those before stay.
      if (!asking.signal.aborted && !(error instanceof Failure)) throw error;
    } finally {
      if (this.#asking === asking) {
        this.#asking = undefined;
        this.times++;
        if (this.#stale) this.changed();
      }
    }
  }

  async #count(q: string, signal: AbortSignal): Promise<void> {
    const queries = [q, '', ...CHOSEN.map((field) => openQuery(q, field))].filter((query, i, all) => all.indexOf(query) === i);
    const facets = Object.fromEntries(
      await Promise.all(queries.map(async (query) => [query, await getFacets(query, signal, this.#scope)] as const)),
    );
    this.#known = { q, facets };
    const marked = (mark: string): number => facets['']?.states.find(({ value }) => value === mark)?.count ?? 0;
    this.unread = marked('unread');
    this.total = this.unread + marked('read');
  }
}
