// A binary heap of what is to be done at a time: the earliest first, those of the same time in the order in which they came.

export interface Timed {
  readonly at: number;
  readonly number: number;
  /** Taken back: it is thrown away when its turn comes, or when there are too many of them. */
  off: boolean;
}

/** So many may lie about before they are looked for. */
const LEFT = 1000;

const before = (a: Timed, b: Timed): boolean => a.at < b.at || (a.at === b.at && a.number < b.number);

export class Heap<T extends Timed> {
  #items: T[] = [];
  #off = 0;

  /** Of those that have not been taken back. */
  get first(): T | undefined {
    while (this.#items[0]?.off === true) this.shift();
    return this.#items[0];
  }

  /** In order, without those taken back. */
  sorted(): T[] {
    return this.#items.filter(({ off }) => !off).sort((a, b) => (before(a, b) ? -1 : 1));
  }

  /** The first `count` of them, in order, at no more than their own cost: a child is looked at when its parent has been. */
  least(count: number): T[] {
    const items = this.#items;
    const found: T[] = [];
    const open = new Heap<Timed & { readonly index: number }>();
    const look = (index: number): void => {
      const item = items[index];
      if (item !== undefined) open.push({ at: item.at, number: item.number, off: false, index });
    };
    look(0);
    for (let next = open.shift(); next !== undefined && found.length < count; next = open.shift()) {
      const item = items[next.index];
      if (item?.off === false) found.push(item);
      look(2 * next.index + 1);
      look(2 * next.index + 2);
    }
    return found;
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(item, items[parent] as T)) break;
      items[at] = items[parent] as T;
      at = parent;
    }
    items[at] = item;
  }

  shift(): T | undefined {
    const [first] = this.#items;
    const last = this.#items.pop();
    if (first?.off === true) this.#off--;
    if (first === undefined || last === undefined || this.#items.length === 0) return first;
    this.#sink(last);
    return first;
  }

  /** Once for each item that is here. */
  takeBack(item: T): void {
    item.off = true;
    this.#off++;
    // What is sorted is a heap.
    if (this.#off > LEFT && this.#off > this.#items.length / 2) [this.#items, this.#off] = [this.sorted(), 0];
  }

  #sink(item: T): void {
    const items = this.#items;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= items.length) break;
      if (child + 1 < items.length && before(items[child + 1] as T, items[child] as T)) child++;
      if (!before(items[child] as T, item)) break;
      items[at] = items[child] as T;
      at = child;
    }
    items[at] = item;
  }
}
