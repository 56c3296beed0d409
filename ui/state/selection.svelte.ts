// The ticked rows: some by their ids, or everything that matches.

import { SvelteSet } from 'svelte/reactivity';

export class Selection {
  /** Checkboxes are shown on every row, also while none is ticked. */
  picking = $state(false);
  /** A tag for them is being written. */
  tagging = $state(false);
  /** All that match, also what is not known here: acts go by the query. */
  everything = $state(false);
  readonly #ids = new SvelteSet<string>();
  /** Where a range begins, and what was ticked besides it. */
  #origin: string | null = null;
  #besides: readonly string[] = [];

  get size(): number {
    return this.#ids.size;
  }

  get any(): boolean {
    return this.everything || this.#ids.size > 0;
  }

  get ids(): readonly string[] {
    return [...this.#ids];
  }

  get origin(): string | null {
    return this.#origin;
  }

  has(id: string): boolean {
    return this.everything || this.#ids.has(id);
  }

  toggle(id: string): void {
    // The known rows are what is left of everything when one of it is taken out.
    this.everything = false;
    if (!this.#ids.delete(id)) this.#ids.add(id);
    this.#begin(id);
  }

  /** Ticks the rows of a range, and no longer those of the range before that began at the same row. */
  extend(range: readonly string[], origin: string): void {
    if (origin !== this.#origin) this.#begin(origin);
    this.#set([...this.#besides, ...range]);
  }

  /** `whole`: there is no more that matches than `known`. */
  all(known: readonly string[], whole: boolean): void {
    this.#set(known);
    this.#begin(null);
    this.everything = !whole;
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.#ids.delete(id);
    this.#besides = this.#besides.filter((id) => this.#ids.has(id));
  }

  clear(): void {
    Object.assign(this, { picking: false, tagging: false });
    this.#set([]);
    this.#begin(null);
  }

  #begin(origin: string | null): void {
    this.#origin = origin;
    this.#besides = this.ids;
  }

  #set(ids: readonly string[]): void {
    this.everything = false;
    this.#ids.clear();
    for (const id of ids) this.#ids.add(id);
  }
}
