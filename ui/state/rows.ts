// A long list of which only some is known: rows in the order of the list, holes where nothing was fetched yet.

export interface Identified {
  /** Sorts as text by arrival. */
  readonly id: string;
}

/** How ids follow each other: newest first, oldest first, or, sorted by something else, in no order that the page could tell. */
export type Order = 'falling' | 'rising' | 'other';

/** Holes stay. */
export function without<T extends Identified | undefined>(items: readonly T[], ids: Iterable<string>): T[] {
  const gone = new Set(ids);
  return items.filter((item) => !item || !gone.has(item.id));
}

interface Places {
  readonly of: ReadonlyMap<string, number>;
  /** Where the known rows are, ascending. */
  readonly known: readonly number[];
}

export class Rows<T extends Identified> {
  #items: (T | undefined)[] = [];
  #known = 0;
  #order: Order = 'falling';
  /** Made when it is asked for, forgotten with every change of places. */
  #places: Places | undefined;

  get length(): number {
    return this.#items.length;
  }

  /** How many rows are not holes. */
  get known(): number {
    return this.#known;
  }

  at(index: number): T | undefined {
    return this.#items[index];
  }

  /** -1 when it is not known. */
  indexOf(id: string): number {
    return this.#placed().of.get(id) ?? -1;
  }

  /** The known ones, in the order of the list. */
  all(): T[] {
    return this.#items.filter((item) => item !== undefined);
  }

  clear(length = 0, order = this.#order): void {
    this.#items = new Array<T | undefined>(length).fill(undefined);
    this.#order = order;
    this.#known = 0;
    this.#places = undefined;
  }

  /** Grows with holes, or cuts off, at the far end. */
  resize(length: number): void {
    this.#places = undefined;
    while (this.#items.length > length) if (this.#items.pop()) this.#known--;
    while (this.#items.length < length) this.#items.push(undefined);
  }

  /** New rows before all others, in the order of the list. */
  prepend(items: readonly (T | undefined)[]): void {
    this.#items = [...items, ...this.#items];
    this.#count(items);
  }

  /** New rows after all others. */
  append(items: readonly T[]): void {
    this.#items.push(...items);
    this.#count(items);
  }

  /** Puts fetched rows in their place. What was known and contradicts them, by being elsewhere or out of order, becomes a hole. */
  fill(start: number, items: readonly T[]): void {
    const first = items[0];
    const last = items.at(-1);
    if (!first || !last) return;
    const end = start + items.length;
    const { of } = this.#placed();
    for (const { id } of items) {
      const before = of.get(id);
      if (before !== undefined && (before < start || before >= end)) this.#set(before, undefined);
    }
    this.resize(Math.max(this.length, end));
    if (this.#order !== 'other') {
      for (let i = start - 1; i >= 0 && this.#contradicts(i, (id) => !this.#precedes(id, first.id)); i--) this.#set(i, undefined);
      for (let i = end; i < this.length && this.#contradicts(i, (id) => !this.#precedes(last.id, id)); i++) this.#set(i, undefined);
    }
    items.forEach((item, i) => this.#set(start + i, item));
  }

  replace(item: T): boolean {
    const index = this.indexOf(item.id);
    if (index >= 0) this.#items[index] = item;
    return index >= 0;
  }

  /**
   * Takes rows out; `guess` lets an unknown one go with a hole of the run of holes that it must be in.
   * Answers how many may have been in holes of which nobody can tell.
   */
  remove(ids: Iterable<string>, guess: boolean): number {
    const gone = new Set<number>();
    /** Where a run of holes begins → how many of it go. */
    const holes = new Map<number, number>();
    let unsure = 0;
    for (const id of new Set(ids)) {
      const index = this.indexOf(id);
      const run = index < 0 ? this.#runAround(id) : -1;
      if (index >= 0) gone.add(index);
      else if (run >= 0 && guess && this.#order !== 'other') holes.set(run, (holes.get(run) ?? 0) + 1);
      else if (run >= 0) unsure++;
    }
    if (gone.size === 0 && holes.size === 0) return unsure;
    let going = 0;
    this.#items = this.#items.filter((item, i, items) => {
      if (item) return !gone.has(i);
      if (i === 0 || items[i - 1]) going = holes.get(i) ?? 0;
      return going-- <= 0;
    });
    this.#known -= gone.size;
    this.#places = undefined;
    return unsure;
  }

  /** The first hole from `first` to `last`, -1 when all of that is known. */
  hole(first: number, last: number): number {
    for (let i = Math.max(0, first); i <= last && i < this.length; i++) if (!this.#items[i]) return i;
    return -1;
  }

  /** Forgets what is more than `reach` rows away from `first`…`last`. */
  forget(first: number, last: number, reach: number): void {
    for (let i = 0; i < this.length; i++) if (i < first - reach || i > last + reach) this.#set(i, undefined);
  }

  #precedes(id: string, other: string): boolean {
    return this.#order === 'rising' ? id < other : id > other;
  }

  #contradicts(index: number, wrong: (id: string) => boolean): boolean {
    const item = this.#items[index];
    // A hole says nothing; what lies beyond it may still be wrong.
    return item === undefined || wrong(item.id);
  }

  #count(items: readonly (T | undefined)[]): void {
    for (const item of items) if (item) this.#known++;
    this.#places = undefined;
  }

  #set(index: number, item: T | undefined): void {
    if (this.#items[index]) this.#known--;
    if (item) this.#known++;
    this.#items[index] = item;
    this.#places = undefined;
  }

  #placed(): Places {
    if (this.#places) return this.#places;
    const of = new Map<string, number>();
    const known: number[] = [];
    for (let i = 0; i < this.#items.length; i++) {
      const item = this.#items[i];
      if (!item) continue;
      of.set(item.id, i);
      known.push(i);
    }
    this.#places = { of, known };
    return this.#places;
  }

  /** Where the run of holes begins in which an unknown id must be; -1 when its neighbours are known and it is not between them. */
  #runAround(id: string): number {
    if (this.#order === 'other') return this.#known < this.length ? 0 : -1;
    const { known } = this.#placed();
    let low = 0;
    let high = known.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = this.#items[known[middle] ?? -1];
      if (item && this.#precedes(item.id, id)) low = middle + 1;
      else high = middle;
    }
    const start = (known[low - 1] ?? -1) + 1;
    return start < (known[low] ?? this.length) ? start : -1;
  }
}
