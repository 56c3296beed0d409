// A long list of which only some is known: rows newest first, holes where nothing was fetched yet.

export interface Identified {
  /** Sorts as text by arrival. */
  readonly id: string;
}

/** Where an id is, or, when `known` is false, before which index it belongs; `hole` when that place is unknown ground. */
interface Place {
  readonly index: number;
  readonly known: boolean;
  readonly hole: boolean;
}

/** Holes stay. */
export function without<T extends Identified | undefined>(items: readonly T[], ids: readonly string[]): T[] {
  const gone = new Set(ids);
  return items.filter((item) => !item || !gone.has(item.id));
}

export class Rows<T extends Identified> {
  #items: (T | undefined)[] = [];
  #known = 0;

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
    const place = this.#locate(id);
    return place.known ? place.index : -1;
  }

  clear(length = 0): void {
    this.#items = new Array<T | undefined>(length).fill(undefined);
    this.#known = 0;
  }

  /** Grows with holes, or cuts off, at the old end. */
  resize(length: number): void {
    while (this.#items.length > length) if (this.#items.pop()) this.#known--;
    while (this.#items.length < length) this.#items.push(undefined);
  }

  /** New rows before all others, newest first. */
  prepend(items: readonly (T | undefined)[]): void {
    this.#items = [...items, ...this.#items];
    for (const item of items) if (item) this.#known++;
  }

  /** Puts fetched rows in their place. What was known and contradicts them, by being elsewhere or out of order, becomes a hole. */
  fill(start: number, items: readonly T[]): void {
    const first = items[0];
    const last = items.at(-1);
    if (!first || !last) return;
    this.resize(Math.max(this.length, start + items.length));
    for (let i = start - 1; i >= 0 && this.#contradicts(i, (id) => id <= first.id); i--) this.#set(i, undefined);
    for (let i = start + items.length; i < this.length && this.#contradicts(i, (id) => id >= last.id); i++) this.#set(i, undefined);
    items.forEach((item, i) => this.#set(start + i, item));
  }

  replace(item: T): boolean {
    const index = this.indexOf(item.id);
    if (index >= 0) this.#items[index] = item;
    return index >= 0;
  }

  /** Takes rows out; `guess` lets an unknown one go with the hole that it must be in. */
  remove(ids: readonly string[], guess: boolean): void {
    for (const id of ids) {
      const place = this.#locate(id);
      if (!place.known && !(guess && place.hole)) continue;
      if (place.known) this.#known--;
      this.#items.splice(place.index, 1);
    }
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

  #contradicts(index: number, wrong: (id: string) => boolean): boolean {
    const item = this.#items[index];
    // A hole says nothing; what lies beyond it may still be wrong.
    return item === undefined || wrong(item.id);
  }

  #set(index: number, item: T | undefined): void {
    if (this.#items[index]) this.#known--;
    if (item) this.#known++;
    this.#items[index] = item;
  }

  /** Binary search that steps over holes to the nearest known row. */
  #locate(id: string): Place {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      let probe = middle;
      while (probe < high && !this.#items[probe]) probe++;
      if (probe === high) for (probe = middle - 1; probe >= low && !this.#items[probe];) probe--;
      const item = this.#items[probe];
      if (probe < low || !item) return { index: low, known: false, hole: true };
      if (item.id === id) return { index: probe, known: true, hole: false };
      if (item.id > id) low = probe + 1;
      else high = probe;
    }
    return { index: low, known: false, hole: false };
  }
}
