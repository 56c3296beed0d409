// The list of conversations: fetched as far as it is looked at, and kept in step with what happens.

import type { LiveEvent, SessionProtocol, SessionSummary } from '../../../server/http/contract/types.ts';
import { Failure, listSessions } from '../../api/client.ts';
import { both } from '../../query.ts';
import { Kept } from './kept.ts';

export const PROTOCOLS = ['smtp', 'imap', 'pop3', 'lmtp'] as const satisfies readonly SessionProtocol[];

const PAGE = 200;
const LARGE_PAGE = 500;
/** Between two fetches of a filtered list while something happens, ms: only the server can tell what matches. */
const PAUSE = 1_000;

export interface Wanted {
  /** In the grammar of the API. */
  readonly find: string;
  readonly hidden: readonly string[];
}

export class Sessions {
  status: 'loading' | 'ready' | 'failed' = $state('loading');
  failure: Failure | undefined = $state.raw();
  /** What the server says of a filter that it cannot read; the list before it stays. */
  findFailure: Failure | undefined = $state.raw();
  rows: readonly SessionSummary[] = $state.raw([]);
  liveCount = $state(0);
  /** Where the keyboard is in the list. */
  activeId: string | null = $state(null);

  #wanted: Wanted = { find: '', hidden: [] };
  readonly #kept = new Kept();
  /** Where the next page of those that are over begins. */
  #next: string | null = null;
  #loading: AbortController | undefined;
  #loadedAt = 0;
  /** Told while the list is being fetched. */
  #meanwhile: LiveEvent[] = [];
  #fetching = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #drawing = false;

  indexOf(id: string | null): number {
    return id === null ? -1 : this.rows.findIndex((row) => row.id === id);
  }

  #query(is: string): string {
    const { find, hidden } = this.#wanted;
    return both(find, ...hidden.map((name) => `-protocol:${name}`), is);
  }

  /** Throws nothing. */
  async load(wanted = this.#wanted): Promise<void> {
    this.#wanted = wanted;
    this.stop();
    const loading = new AbortController();
    this.#loading = loading;
    this.#loadedAt = performance.now();
    this.#meanwhile = [];
    try {
      const [live, past] = await Promise.all([
        this.#everyLive(loading.signal),
        listSessions({ q: this.#query('is:ended'), limit: PAGE }, loading.signal),
      ]);
      this.#kept.fill(live, past.items);
      this.#next = past.next;
      Object.assign(this, { status: 'ready', failure: undefined, findFailure: undefined });
      // The answers may be older than what was told while they were on their way.
      this.#follow(this.#meanwhile);
      this.#draw();
    } catch (error) {
      if (loading.signal.aborted || !(error instanceof Failure)) return;
      if (error.status === 400) this.findFailure = error;
      if (error.status === 400 && this.status === 'ready') return;
      Object.assign(this, { failure: error, status: this.status === 'ready' && error.status === 0 ? 'ready' : 'failed' });
    } finally {
      if (this.#loading === loading) this.#loading = undefined;
    }
  }

  async #everyLive(signal: AbortSignal): Promise<SessionSummary[]> {
    const found: SessionSummary[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await listSessions({ q: this.#query('is:live'), limit: LARGE_PAGE, ...(cursor !== undefined && { cursor }) }, signal);
      found.push(...page.items);
      cursor = page.next;
    }
    return found;
  }

  /** The rows in view: fetches more where they come near the end. */
  look(_first: number, last: number): void {
    if (last >= this.rows.length - PAGE / 4 && this.#next !== null && !this.#kept.full) void this.#fetchMore(this.#next);
  }

  async #fetchMore(cursor: string): Promise<void> {
    if (this.#fetching || this.#loading) return;
    this.#fetching = true;
    const wanted = this.#wanted;
    try {
      const page = await listSessions({ q: this.#query('is:ended'), limit: PAGE, cursor }, new AbortController().signal);
      if (wanted !== this.#wanted) return;
      for (const session of page.items) this.#kept.take(session);
      this.#next = page.next;
      this.#draw();
    } catch {
      // The next look tries again.
    } finally {
      this.#fetching = false;
    }
  }

  receive(events: readonly LiveEvent[] | 'gap'): void {
    if (events === 'gap') return void this.load();
    const told = events.filter(({ type }) => type.startsWith('session.') || type === 'reset');
    if (told.length === 0) return;
    if (this.#loading) this.#meanwhile.push(...told);
    this.#follow(told);
    this.#draw();
  }

  #follow(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'reset') this.#refetchSoon();
      else if (event.type === 'session.opened' || event.type === 'session.changed' || event.type === 'session.closed')
        this.#take(event.session);
    }
  }

  #take(session: SessionSummary): void {
    const { find, hidden } = this.#wanted;
    if (hidden.includes(session.protocol)) return;
    if (find.trim() === '') return this.#kept.take(session);
    this.#refetchSoon();
    if (this.#kept.isLive(session.id)) this.#kept.take(session);
  }

  #refetchSoon(): void {
    this.#again ??= setTimeout(() => void this.load(), Math.max(0, this.#loadedAt + PAUSE - performance.now()));
  }

  /** Once per frame of the screen, whatever comes in between. */
  #draw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.liveCount = this.#kept.liveCount;
      this.rows = this.#kept.rows();
    });
  }

  stop(): void {
    this.#loading?.abort();
    clearTimeout(this.#again);
    this.#again = undefined;
  }
}
