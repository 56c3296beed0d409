// The list of messages: which are known, what arrives, what is held back so that no row moves under the pointer.

import type { LiveEvent, MessageMarks, Summary } from '../../server/http/contract/types.ts';
import { Failure, listMessages } from '../api/client.ts';
import { Rows, without } from './rows.ts';

const PAGE = 100;
/** Rows kept in memory; beyond it what is far from the view is forgotten. */
const MOST_KNOWN = 6_000;
/** New rows kept while they wait to be shown; older ones of them are fetched when they are. */
const MOST_HELD = 2_000;

export type ListStatus = 'loading' | 'ready' | 'failed';

export class Inbox {
  q = $state('');
  status: ListStatus = $state('loading');
  failure: Failure | undefined = $state.raw();
  /** What the server says of a query that it cannot read; the list before it stays. */
  queryFailure: Failure | undefined = $state.raw();
  /** True when there has ever been a message, so that an empty list is not a first run. */
  hadMail = $state(false);
  /** New messages that are not shown yet. */
  heldCount = $state(0);
  /** Where the keyboard is in the list. */
  activeId: string | null = $state(null);

  readonly #rows = new Rows<Summary>();
  #version = $state(0);
  #held: (Summary | undefined)[] = [];
  #holding = false;
  /** Rows that came in on top since the start, to correct the place of a page that was on its way. */
  #shift = 0;
  #arrived: Summary[] = [];
  #drawing = false;
  #view = { first: 0, last: 0 };
  #loading: AbortController | undefined;
  /** Told while the list is being fetched. */
  #meanwhile: LiveEvent[] = [];
  #fetching: AbortController | undefined;

  /** Rows that can be shown. */
  get length(): number {
    void this.#version;
    return this.#rows.length;
  }

  /** All that match, shown or held back. */
  get total(): number {
    return this.length + this.heldCount;
  }

  at(index: number): Summary | undefined {
    void this.#version;
    return this.#rows.at(index);
  }

  indexOf(id: string | null): number {
    void this.#version;
    return id === null ? -1 : this.#rows.indexOf(id);
  }

  /** Fetches what matches a query, from the top. A query that cannot be read leaves the list as it is. Throws nothing. */
  async load(q = this.q): Promise<void> {
    this.#loading?.abort();
    this.#fetching?.abort();
    this.#fetching = undefined;
    const loading = new AbortController();
    this.#loading = loading;
    this.#meanwhile = [];
    if (this.status === 'failed') this.status = 'loading';
    try {
      const page = await listMessages({ q, limit: PAGE }, loading.signal);
      this.#arrived = [];
      this.#held = [];
      this.heldCount = 0;
      this.#rows.clear(page.total ?? page.items.length);
      this.#rows.fill(0, page.items);
      // The answer may be older than what was told while it was on its way.
      if (q === this.q) this.#follow(this.#meanwhile);
      Object.assign(this, { q, status: 'ready', failure: undefined, queryFailure: undefined });
      if (q === '') this.hadMail ||= page.items.length > 0;
      this.#draw();
    } catch (error) {
      if (loading.signal.aborted || !(error instanceof Failure)) return;
      if (error.status === 400) this.queryFailure = error;
      // What is shown stays when it was only asked for something else, or nobody answers.
      if (error.status === 400 && this.status === 'ready') return;
      Object.assign(this, { q, failure: error, status: this.status === 'ready' && error.status === 0 ? 'ready' : 'failed' });
    } finally {
      if (this.#loading === loading) this.#loading = undefined;
    }
  }

  /** The rows in view: fetches the holes among them, one page at a time. */
  look(first: number, last: number): void {
    this.#view = { first, last };
    if (!this.#fetching) void this.#fetchHoles();
  }

  /** While true, new messages wait instead of pushing rows down. */
  hold(holding: boolean): void {
    this.#holding = holding;
    if (!holding) this.release();
  }

  /** Shows what was held back. */
  release(): void {
    if (this.#held.length === 0) return;
    this.#rows.prepend(this.#held);
    this.#shift += this.#held.length;
    this.#held = [];
    this.#draw();
  }

  receive(events: readonly LiveEvent[]): void {
    if (this.#loading) this.#meanwhile.push(...events);
    this.#follow(events);
    if (events.some(({ type }) => type === 'reset')) void this.load();
  }

  #follow(events: readonly LiveEvent[]): void {
    for (const event of events) {
      if (event.type === 'message.added') this.#arrive(event.summary);
      else if (event.type === 'message.changed' || event.type === 'message.indexed') this.change(event.summary);
      else if (event.type === 'messages.deleted') this.drop(event.ids);
    }
  }

  change(summary: Summary): void {
    const swap = (item: Summary | undefined): Summary | undefined => (item?.id === summary.id ? summary : item);
    if (this.#rows.replace(summary)) this.#draw();
    else {
      this.#held = this.#held.map(swap);
      this.#arrived = this.#arrived.map((item) => swap(item) ?? item);
    }
  }

  /** Shows marks at once, before the server has agreed; returns how it was, to go back. */
  mark(id: string, { read, starred, pinned }: MessageMarks): Summary | undefined {
    const before = this.#rows.at(this.#rows.indexOf(id));
    if (before) this.change({ ...before, read: read ?? before.read, starred: starred ?? before.starred, pinned: pinned ?? before.pinned });
    return before;
  }

  drop(ids: readonly string[]): void {
    this.#arrived = without(this.#arrived, ids);
    this.#held = without(this.#held, ids);
    // With a filter an unknown id may never have been in the list.
    this.#rows.remove(ids, this.q === '');
    this.#draw();
  }

  #arrive(summary: Summary): void {
    const newest = this.#arrived.at(-1) ?? this.#held[0] ?? this.#rows.at(0);
    // A fetch may have brought it already.
    if (newest && newest.id >= summary.id) return;
    this.hadMail = true;
    this.#arrived.push(summary);
    // A hidden tab draws nothing, and yet mail arrives.
    if (this.#arrived.length >= MOST_HELD) this.#settle();
    this.#draw();
  }

  /** Once per frame of the screen, whatever comes in between. */
  #draw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#settle();
      if (this.#rows.known > MOST_KNOWN) this.#rows.forget(this.#view.first, this.#view.last, MOST_KNOWN / 4);
      this.#version++;
      if (!this.#fetching) void this.#fetchHoles();
    });
  }

  /** Arrivals become rows, or wait to become rows. */
  #settle(): void {
    this.#held = [...this.#arrived.reverse(), ...this.#held];
    this.#arrived = [];
    for (let i = MOST_HELD; i < this.#held.length; i++) this.#held[i] = undefined;
    if (!this.#holding) this.release();
    this.heldCount = this.#held.length;
  }

  async #fetchHoles(): Promise<void> {
    const fetching = new AbortController();
    this.#fetching = fetching;
    try {
      for (let hole = this.#hole(); hole >= 0; hole = this.#hole()) {
        await this.#fetchPage(hole, fetching.signal);
        this.#draw();
      }
    } catch (error) {
      if (error instanceof Failure && this.status === 'ready' && error.status !== 0) this.failure = error;
    } finally {
      if (this.#fetching === fetching) this.#fetching = undefined;
    }
  }

  #hole(): number {
    return this.status === 'ready' ? this.#rows.hole(this.#view.first, this.#view.last) : -1;
  }

  /** After a known row by that row's id, which stays right while mail arrives; after a jump by its place in the list. */
  async #fetchPage(hole: number, signal: AbortSignal): Promise<void> {
    const above = this.#rows.at(hole - 1);
    const start = above ? hole : Math.max(0, hole - PAGE / 4);
    const shift = this.#shift;
    const place = above ? { cursor: above.id } : { offset: start + this.#held.length + this.#arrived.length };
    const page = await listMessages({ q: this.q, limit: PAGE, ...place }, signal);
    const index = above ? this.#rows.indexOf(above.id) + 1 : start + this.#shift - shift;
    if (above && index === 0) return;
    const end = index + page.items.length;
    this.#rows.fill(index, page.items);
    if (page.next === null) this.#rows.resize(end);
    else if (page.total !== null) this.#rows.resize(Math.max(end + 1, page.total - this.#held.length - this.#arrived.length));
  }
}
