// Sorting many rows without holding up the loop: short lists are sorted natively, and merged in slices.

import { pause, sliceOver } from './slices.ts';

export type Compare<T> = (a: T, b: T) => number;

/** Rows that are sorted natively in one go, 2 ms; sorted lists of them are merged. */
const SORTED_AT_ONCE = 2_000;

/** One sorted list of two. */
export async function merge<T>(a: readonly T[], b: readonly T[], compare: Compare<T>): Promise<readonly T[]> {
  if (a.length === 0 || b.length === 0) return a.length === 0 ? b : a;
  const merged: T[] = [];
  for (let [i, j] = [0, 0]; i < a.length || j < b.length;) {
    if (i < a.length && (j >= b.length || compare(a[i] as T, b[j] as T) <= 0)) merged.push(a[i++] as T);
    else merged.push(b[j++] as T);
    if ((merged.length & 511) === 0 && sliceOver()) await pause();
  }
  return merged;
}

/** Items as rows in order; `rowOf` is asked once for each. */
export async function sortInSlices<I, R>(items: readonly I[], rowOf: (item: I) => R, compare: Compare<R>): Promise<readonly R[]> {
  let lists: (readonly R[])[] = [];
  for (let at = 0; at < items.length; at += SORTED_AT_ONCE) {
    lists.push(
      items
        .slice(at, at + SORTED_AT_ONCE)
        .map(rowOf)
        .sort(compare),
    );
    if (sliceOver()) await pause();
  }
  while (lists.length > 1) {
    const merged: (readonly R[])[] = [];
    for (let i = 0; i < lists.length; i += 2) merged.push(await merge(lists[i] ?? [], lists[i + 1] ?? [], compare));
    lists = merged;
  }
  return lists[0] ?? [];
}
