// An ordered list that grows at its end: found by key in O(log n), cheap to drop from at either end.

/** Items in ascending order of a key that never changes. */
export class Sequence<T, K extends number | string> implements Iterable<T> {
  #items: T[] = [];
  #head = 0; // items before it are dropped: a full shift() of 100,000 pointers for every pruned message would cost more than the message
  readonly #key: (item: T) => K;

  constructor(key: (item: T) => K) {
    this.#key = key;
  }

  get length(): number {
    return this.#items.length - this.#head;
  }

  /** Item at a position from 0, or from the end with a negative one. */
  at(position: number): T | undefined {
    return position < 0 ? (-position > this.length ? undefined : this.#items.at(position)) : this.#items[this.#head + position];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  /** Puts an item back where its key belongs. */
  insert(item: T): void {
    this.#items.splice(this.#head + this.lowerBound(this.#key(item)), 0, item);
  }

  /** Position of the first item whose key is `key` or more; `length` if there is none. */
  lowerBound(key: K): number {
    let low = this.#head;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#key(this.#items[middle] as T) < key) low = middle + 1;
      else high = middle;
    }
    return low - this.#head;
  }

  /** Position of the item with that key, -1 if there is none. */
  indexOf(key: K): number {
    const position = this.lowerBound(key);
    const item = this.at(position);
    return item !== undefined && this.#key(item) === key ? position : -1;
  }

  get(key: K): T | undefined {
    const position = this.indexOf(key);
    return position < 0 ? undefined : this.at(position);
  }

  /** Drops the item with that key; false if it was not there. */
  remove(key: K): boolean {
    const position = this.indexOf(key);
    if (position < 0) return false;
    if (position === 0) {
      this.#items[this.#head++] = undefined as T;
      if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
        this.#items = this.#items.slice(this.#head);
        this.#head = 0;
      }
    } else this.#items.splice(this.#head + position, 1);
    return true;
  }

  /** Drops all items with one of those keys: the oldest ones at no cost, others in one pass when there are many. */
  removeAll(keys: ReadonlySet<K>): void {
    let left = keys.size;
    for (let first = this.at(0); first !== undefined && keys.has(this.#key(first)); first = this.at(0)) {
      this.remove(this.#key(first));
      left--;
    }
    if (left === 0) return;
    if (left < 8) {
      for (const key of keys) this.remove(key);
      return;
    }
    this.#items = this.slice().filter((item) => !keys.has(this.#key(item)));
    this.#head = 0;
  }

  /** Drops all items whose key is less than `key`. */
  dropBelow(key: K): void {
    this.#items = this.slice(this.lowerBound(key));
    this.#head = 0;
  }

  slice(start = 0, end = this.length): T[] {
    return this.#items.slice(this.#head + Math.max(0, start), this.#head + Math.max(0, end));
  }

  *[Symbol.iterator](): Iterator<T> {
    for (let i = this.#head; i < this.#items.length; i++) yield this.#items[i] as T;
  }
}
