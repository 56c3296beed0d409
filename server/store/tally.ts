// Counting values: how often each occurs, and which occur most.

import { compareKeys } from './order.ts';

export interface Counted {
  readonly value: string;
  readonly count: number;
}

const compare = (a: Counted, b: Counted): number => b.count - a.count || compareKeys(a.value, b.value);

export class Tally {
  readonly #counts = new Map<string, { count: number }>();

  /** Counts each of the values once, or takes it away again with -1; in which order does not matter. */
  add(values: readonly string[], by: 1 | -1 = 1): void {
    // Most often it is one, and a set for it would cost more than the counting.
    if (values.length === 1) this.#add(values[0] ?? '', by);
    else if (values.length > 1) for (const value of new Set(values)) this.#add(value, by);
  }

  #add(value: string, by: number): void {
    const known = this.#counts.get(value);
    if (!known) this.#counts.set(value, { count: by });
    else if ((known.count += by) === 0) this.#counts.delete(value);
  }

  /** The largest first, and by value among equals. There may be many more values than are asked for: they are not all sorted. */
  largest(size: number): Counted[] {
    const found: Counted[] = [];
    for (const [value, { count }] of this.#counts) {
      const one = { value, count };
      const last = found[size - 1];
      if (count <= 0 || (last && compare(last, one) < 0)) continue;
      let at = found.length;
      while (at > 0 && compare(found[at - 1] ?? one, one) > 0) at--;
      found.splice(at, 0, one);
      if (found.length > size) found.pop();
    }
    return found;
  }
}
