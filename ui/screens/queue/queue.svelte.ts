// What is on its way, and what came of it: fetched as far as it is looked at, and kept in step with what happens.

import { SvelteSet } from 'svelte/reactivity';
import type { Delivery, LiveEvent, QueueCounts } from '../../../server/http/contract/types.ts';
import { Failure } from '../../api/client.ts';
import { listDeliveries, orderDelivery } from '../../api/deliveries.ts';
import { byUrgency, canOrder, isOpen, type Order } from './told.ts';

const PAGE = 200;
/** Of those that are on the way all are fetched, up to so many pages. */
const LARGE_PAGE = 500;
const MOST_PAGES = 4;
/** Between two fetches while something happens, ms: many deliveries change at once. */
const PAUSE = 400;
/** Orders that are on their way at a time. */
const AT_ONCE = 8;

const OPEN = 'is:open';
const OVER = 'is:over';
export class Queue {
  status: 'loading' | 'ready' | 'failed' = $state('loading');
  failure: Failure | undefined = $state.raw();
  /** What the server says of a filter that it cannot read; the list before it stays. */
  findFailure: Failure | undefined = $state.raw();
  rows: readonly Delivery[] = $state.raw([]);
  counts: QueueCounts | undefined = $state.raw();
  /** Told whenever the list is fetched anew. */
  loaded: (() => void) | undefined;
  /** Ids. */
  readonly ticked = new SvelteSet<string>();
  activeId: string | null = $state(null);

  #find = '';
  #next: string | null = null;
  #loading: AbortController | undefined;
  #loadedAt = -PAUSE;
  #again: ReturnType<typeof setTimeout> | undefined;
  #fetching = false;

  indexOf(id: string | null): number {
    return id === null ? -1 : this.rows.findIndex((row) => row.id === id);
  }

  /** The ticked ones, else the marked one. */
  get chosen(): readonly Delivery[] {
    if (this.ticked.size > 0) return this.rows.filter(({ id }) => this.ticked.has(id));
    return this.rows.filter(({ id }) => id === this.activeId);
  }

  /** Throws nothing. */
  async load(find = this.#find): Promise<void> {
    if (find !== this.#find) this.ticked.clear();
    this.#find = find;
    this.stop();
    const loading = new AbortController();
    this.#loading = loading;
    this.#loadedAt = performance.now();
    try {
      const q = find.trim();
      const [open, over] = await Promise.all([
        q === '' ? this.#everyOpen(loading.signal) : [],
        listDeliveries({ q: q === '' ? OVER : q, limit: PAGE }, loading.signal),
      ]);
      if (loading.signal.aborted) return;
      this.#next = over.next;
      // A fate may have changed between the two answers.
      const all = [...open.filter(({ id }) => !over.items.some((other) => other.id === id)), ...over.items];
      this.rows = all.sort(byUrgency);
      this.counts = over.counts;
      this.loaded?.();
      for (const id of this.ticked) if (!all.some((delivery) => delivery.id === id)) this.ticked.delete(id);
      Object.assign(this, { status: 'ready', failure: undefined, findFailure: undefined });
    } catch (error) {
      if (loading.signal.aborted || !(error instanceof Failure)) return;
      if (error.status === 400) this.findFailure = error;
      if (error.status === 400 && this.status === 'ready') return;
      Object.assign(this, { failure: error, status: this.status === 'ready' && error.status === 0 ? 'ready' : 'failed' });
    } finally {
      if (this.#loading === loading) this.#loading = undefined;
    }
  }

  async #everyOpen(signal: AbortSignal): Promise<Delivery[]> {
    const found: Delivery[] = [];
    let cursor: string | null | undefined;
    for (let i = 0; i < MOST_PAGES && cursor !== null; i++) {
      const page = await listDeliveries({ q: OPEN, limit: LARGE_PAGE, ...(cursor !== undefined && { cursor }) }, signal);
      found.push(...page.items);
      cursor = page.next;
    }
    return found;
  }

  /** The rows in view: fetches more where they come near the end. */
  look(_first: number, last: number): void {
    if (last >= this.rows.length - PAGE / 4 && this.#next !== null) void this.#fetchMore(this.#next);
  }

  async #fetchMore(cursor: string): Promise<void> {
    if (this.#fetching || this.#loading) return;
    this.#fetching = true;
    const find = this.#find;
    try {
      const page = await listDeliveries({ q: find.trim() || OVER, limit: PAGE, cursor }, new AbortController().signal);
      if (find !== this.#find) return;
      this.#next = page.next;
      this.rows = [...this.rows, ...page.items.filter(({ id }) => this.indexOf(id) < 0)].sort(byUrgency);
    } catch {
      // The next look tries again.
    } finally {
      this.#fetching = false;
    }
  }

  receive(events: readonly LiveEvent[] | 'gap'): void {
    if (events === 'gap') return void this.load();
    if (events.some(({ type }) => /^(?:delivery|receiver|reset|messages\.deleted)/.test(type))) this.soon();
  }

  /** Fetched again, once for all that happens meanwhile. */
  soon(): void {
    this.#again ??= setTimeout(() => void this.load(), Math.max(0, this.#loadedAt + PAUSE - performance.now()));
  }

  tick(id: string): void {
    if (!this.ticked.delete(id)) this.ticked.add(id);
  }

  tickAll(): void {
    const open = this.rows.filter(isOpen);
    const every = open.every(({ id }) => this.ticked.has(id));
    this.ticked.clear();
    if (!every) for (const { id } of open) this.ticked.add(id);
  }

  /** Resolves to how many it was done to. @throws Failure, of the first that did not work */
  async order(order: Order, deliveries: readonly Delivery[]): Promise<number> {
    const meant = deliveries.filter((delivery) => canOrder(order, delivery));
    let failed: Failure | undefined;
    let done = 0;
    const one = async ({ id }: Delivery): Promise<void> => {
      try {
        await orderDelivery(id, order);
        done++;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        failed ??= error;
      }
    };
    for (let i = 0; i < meant.length; i += AT_ONCE) await Promise.all(meant.slice(i, i + AT_ONCE).map(one));
    await this.load();
    if (failed !== undefined && done === 0) throw failed;
    return done;
  }

  stop(): void {
    this.#loading?.abort();
    clearTimeout(this.#again);
    this.#again = undefined;
  }
}
