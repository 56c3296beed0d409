// A memory of what was computed, that forgets the oldest when it grows too heavy.

export interface Bounded<K, V> {
  get(key: K): V | undefined;
  /** `weight` in octets, or what the limit counts. */
  set(key: K, value: V, weight: number): void;
}

/** Not the least used goes but the oldest: a walk over more than fits would find nothing either way, and reading stays cheap. */
export function bounded<K, V>(limit: number): Bounded<K, V> {
  const known = new Map<K, { readonly value: V; readonly weight: number }>();
  let total = 0;
  return {
    get: (key) => known.get(key)?.value,
    set(key, value, weight) {
      total += weight - (known.get(key)?.weight ?? 0);
      known.delete(key);
      known.set(key, { value, weight });
      for (const [oldest, item] of known) {
        if (total <= limit) return;
        known.delete(oldest);
        total -= item.weight;
      }
    },
  };
}
