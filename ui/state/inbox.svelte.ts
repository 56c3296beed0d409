// The list: which rows are known, what arrives, what is held back so that no row moves under the pointer.

import type { ListItem, LiveEvent, MessageMarks, RefusalSummary, Summary } from '../../server/http/contract/types.ts';
import { Failure, listMessages, type Listing } from '../api/client.ts';
import { ALL_MAIL } from '../route.ts';
import { isMessage, isOfMailbox, marked, orderOf, withMarksOf } from './items.ts';
import { Rows, without } from './rows.ts';

const PAGE = 100;
/** Of a page where many rows are wanted at once. */
const LARGE_PAGE = 500;
/** Rows kept in memory; what is far from the view is forgotten. */
const MOST_KNOWN = 6_000;
/** New rows kept while they wait to be shown; older ones of them are fetched when they are. */
const MOST_HELD = 2_000;
/** Between two fetches of what is in view, when rows come or go of which only the server knows the place, ms. */
const PAUSE = 1_000;
/** As long as the server waits between two words about the same mailbox. */
const PAUSE_IN_MAILBOX = 250;

export type ListStatus = 'loading' | 'ready' | 'failed';

export class Inbox {
  /** What is shown; another value is another list. */
  listing: Listing = $state.raw({ ...ALL_MAIL, q: '', sort: '-received', refused: false });
  status: ListStatus = $state('loading');
  failure: Failure | undefined = $state.raw();
  /** What the server says of a query that it cannot read; the list before it stays. */
  queryFailure: Failure | undefined = $state.raw();
  /** True when there has ever been a message, so that an empty list is not a first run. */
  hadMail = $state(false);
  /** New rows that are not shown yet. */
  heldCount = $state(0);
  /** Where the keyboard is in the list. */
  activeId: string | null = $state(null);

  readonly #rows = new Rows<ListItem>();
  #version = $state(0);
  #held: (ListItem | undefined)[] = [];
  #holding = false;
  /** Rows that came in on top since the start, to correct the place of a page that was on its way. */
  #shift = 0;
  #arrived: ListItem[] = [];
  /** Ids of rows that came, or came back, of which only the server knows the place. */
  #elsewhere: string[] = [];
  /** Ids that go with the next drawing. */
  #gone: string[] = [];
  #stale = false;
  #drawing = false;
  #view = { first: 0, last: 0 };
  #loading: AbortController | undefined;
  /** What is being fetched, if anything. */
  #asked: Listing | undefined;
  #loadedAt = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  /** Told while the list is being fetched. */
  #meanwhile: LiveEvent[] = [];
  #fetching: AbortController | undefined;

  get q(): string {
    return this.listing.q;
  }

  /** One mailbox of an account. */
  get scoped(): boolean {
    return this.listing.account !== null;
  }

  /** Another one whenever other rows may stand at an index. */
  get version(): number {
    return this.#version;
  }

  /** Rows that can be shown. */
  get length(): number {
    void this.#version;
    return this.#rows.length;
  }

  /** All that match, shown or held back. */
  get total(): number {
    return this.length + this.heldCount;
  }

  at(index: number): ListItem | undefined {
    void this.#version;
    return this.#rows.at(index);
  }

  indexOf(id: string | null): number {
    void this.#version;
    return id === null ? -1 : this.#rows.indexOf(id);
  }

  messageOf(id: string | null): Summary | undefined {
    const item = this.at(this.indexOf(id));
    return isMessage(item) ? item : undefined;
  }

  /** The messages that are known, in the order of the list. */
  known(): Summary[] {
    void this.#version;
    return this.#rows.all().filter(isMessage);
  }

  /** Whether every row is known. */
  get whole(): boolean {
    void this.#version;
    return this.#rows.known === this.#rows.length;
  }

  /** Fetches a list from its top. A query that cannot be read leaves the one before as it is. Throws nothing. */
  load(listing = this.listing): Promise<void> {
    return this.#load(listing, 0);
  }

  /** Fetches again what is in view, or the list that is on its way. Throws nothing. */
  refetch(): Promise<void> {
    if (this.#asked && this.#asked !== this.listing) return this.load(this.#asked);
    return this.#load(this.listing, Math.max(0, this.#view.first - PAGE / 4));
  }

  async #load(listing: Listing, offset: number): Promise<void> {
    this.#loading?.abort();
    this.#fetching?.abort();
    this.#fetching = undefined;
    clearTimeout(this.#again);
    this.#again = undefined;
    const loading = new AbortController();
    this.#loading = loading;
    this.#asked = listing;
    this.#loadedAt = performance.now();
    this.#meanwhile = [];
    if (this.status === 'failed') this.status = 'loading';
    try {
      const page = await listMessages({ ...listing, limit: PAGE, offset }, loading.signal);
      this.heldCount = 0;
      [this.#arrived, this.#held, this.#gone, this.#elsewhere] = [[], [], [], []];
      this.#stale = false;
      this.#rows.clear(page.total ?? offset + page.items.length, orderOf(listing));
      this.#rows.fill(offset, page.items);
      const same = (['q', 'account', 'mailbox'] as const).every((part) => listing[part] === this.listing[part]);
      Object.assign(this, { listing, status: 'ready', failure: undefined, queryFailure: undefined });
      // The answer may be older than what was told while it was on its way.
      if (same) this.#follow(this.#meanwhile);
      if (listing.q === '' && listing.account === null) this.hadMail ||= page.items.some(isMessage);
      this.#draw();
    } catch (error) {
      if (loading.signal.aborted || !(error instanceof Failure)) return;
      if (error.status === 400) this.queryFailure = error;
      // What is shown stays when it was only asked for something else, or nobody answers.
      if (error.status === 400 && this.status === 'ready') return;
      Object.assign(this, { listing, failure: error, status: this.status === 'ready' && error.status === 0 ? 'ready' : 'failed' });
    } finally {
      if (this.#loading === loading) this.#loading = this.#asked = undefined;
    }
  }

  /** The rows in view: fetches the holes among them, one page at a time. */
  look(first: number, last: number): void {
    this.#view = { first, last };
    if (!this.#fetching) void this.#fetchHoles();
  }

  /** The messages from one row to another, fetched where they are not known; at most `most` from the first on. Throws Failure. */
  async between(from: number, to: number, most: number): Promise<readonly string[]> {
    const [first, last] = [Math.min(from, to), Math.max(from, to)];
    const start = from <= to ? first : Math.max(first, last - most + 1);
    const end = from <= to ? Math.min(last, first + most - 1) : last;
    const ids: string[] = [];
    const reading = new AbortController();
    for (let at = start; at <= end && at < this.#rows.length; at++) {
      if (!this.#rows.at(at)) await this.#fetchPage(at, reading.signal, LARGE_PAGE);
      const item = this.#rows.at(at);
      if (isMessage(item)) ids.push(item.id);
    }
    this.#draw();
    return ids;
  }

  /** While true, new rows wait instead of pushing others down. */
  hold(holding: boolean): void {
    this.#holding = holding;
    if (!holding) this.release();
  }

  /** Shows what was held back. */
  release(): void {
    if (this.#elsewhere.length > 0) this.#refetchSoon();
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
      if (event.type === 'message.changed' || event.type === 'message.indexed')
        this.change(this.scoped ? withMarksOf(event.summary, this.messageOf(event.summary.id)) : event.summary);
      else if (event.type === 'messages.deleted') this.#gone.push(...event.ids);
      else if (this.scoped) this.#stale ||= isOfMailbox(event, this.listing.mailbox);
      else if (event.type === 'message.added') this.#arrive(event.summary);
      else if (event.type === 'refusal.added') this.#arrive(event.refusal);
    }
    if (this.#gone.length > 0 || this.#stale) this.#draw();
  }

  change(summary: Summary): void {
    const swap = (item: ListItem | undefined): ListItem | undefined => (item?.id === summary.id ? summary : item);
    if (this.#rows.replace(summary)) this.#draw();
    else {
      this.#held = this.#held.map(swap);
      this.#arrived = this.#arrived.map((item) => swap(item) ?? item);
    }
  }

  /** Shows marks at once, before the server has agreed; returns how it was, to go back. */
  mark(ids: readonly string[], marks: MessageMarks): readonly Summary[] {
    const before = ids.flatMap((id) => this.messageOf(id) ?? []);
    for (const summary of before) this.change(marked(summary, marks));
    return before;
  }

  /** Takes rows out at once. */
  drop(ids: readonly string[]): void {
    this.#gone.push(...ids);
    this.#sweep();
    this.#draw();
  }

  /** Takes out all that a deletion of everything takes: pinned messages stay, and so do refused attempts. */
  dropAll(): void {
    const staying = this.#rows.all().filter((item) => !isMessage(item) || item.pinned);
    this.#rows.clear(staying.length);
    this.#rows.fill(0, staying);
    this.#draw();
  }

  #arrive(item: Summary | RefusalSummary): void {
    if (!isMessage(item) && !this.listing.refused) return;
    if (this.#gone.length > 0) this.#sweep();
    // A fetch may have brought it already.
    if (this.#rows.indexOf(item.id) >= 0) return;
    this.hadMail ||= isMessage(item);
    if (this.#isNext(item.id)) {
      this.#arrived.push(item);
      // A hidden tab draws nothing, and yet mail arrives.
      if (this.#arrived.length >= MOST_HELD) this.#settle();
    } else if (!this.#elsewhere.includes(item.id)) this.#elsewhere.push(item.id);
    this.#draw();
  }

  /** Whether a new row stands before all others, or, oldest first, after all. */
  #isNext(id: string): boolean {
    if (this.listing.sort === '-received') {
      const newest = this.#arrived.at(-1) ?? this.#held[0] ?? this.#rows.at(0);
      return this.#rows.length === 0 || (newest !== undefined && newest.id < id);
    }
    if (this.listing.sort !== 'received') return false;
    const newest = this.#arrived.at(-1) ?? this.#rows.at(this.#rows.length - 1);
    return newest !== undefined && newest.id < id;
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

  /** What is deleted goes. */
  #sweep(): void {
    const gone = this.#gone;
    this.#gone = [];
    this.#arrived = without(this.#arrived, gone);
    this.#held = without(this.#held, gone);
    this.#elsewhere = this.#elsewhere.filter((id) => !gone.includes(id));
    // With a filter an unknown id may never have been in the list.
    if (this.#rows.remove(gone, this.q === '') > 0) this.#stale = true;
  }

  /** Arrivals become rows, or wait to become rows. */
  #settle(): void {
    if (this.#gone.length > 0) this.#sweep();
    if (this.listing.sort === 'received') this.#rows.append(this.#arrived);
    else this.#held = [...this.#arrived.reverse(), ...this.#held];
    this.#arrived = [];
    for (let i = MOST_HELD; i < this.#held.length; i++) this.#held[i] = undefined;
    // At the far end nothing moves.
    const waits = this.#holding && this.listing.sort !== 'received';
    if (!waits) this.release();
    if (this.#stale) this.#refetchSoon();
    this.heldCount = this.#held.length + (waits ? this.#elsewhere.length : 0);
  }

  #refetchSoon(): void {
    if (this.#loading) return; // what is told meanwhile is looked at again then
    const pause = this.scoped ? PAUSE_IN_MAILBOX : PAUSE;
    this.#again ??= setTimeout(() => void this.refetch(), Math.max(0, this.#loadedAt + pause - performance.now()));
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

  /** After a known row by that row's id, which stays right while mail arrives; after a jump, or sorted otherwise, by its place in the list. */
  async #fetchPage(hole: number, signal: AbortSignal, limit = PAGE): Promise<void> {
    const above = orderOf(this.listing) !== 'other' ? this.#rows.at(hole - 1) : undefined;
    const start = above || limit > PAGE ? hole : Math.max(0, hole - PAGE / 4);
    const shift = this.#shift;
    const waiting = (): number => this.#held.length + (this.listing.sort === '-received' ? this.#arrived.length : 0);
    const place = above ? { cursor: above.id } : { offset: start + waiting() };
    const page = await listMessages({ ...this.listing, limit, ...place }, signal);
    signal.throwIfAborted();
    const index = above ? this.#rows.indexOf(above.id) + 1 : start + this.#shift - shift;
    if (above && index === 0) return;
    const end = index + page.items.length;
    this.#rows.fill(index, page.items);
    if (page.next === null) this.#rows.resize(end);
    else if (page.total !== null) this.#rows.resize(Math.max(end + 1, page.total - waiting()));
  }
}
