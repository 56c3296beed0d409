// What only some live readers follow: events of it are numbered while anybody does, and not each of many in a row.

export interface Followed {
  add(what: string | null): void;
  remove(what: string | null): void;
  has(what: string): boolean;
}

/** Counts who follows what; null is nothing. */
export function createFollowed(): Followed {
  const counts = new Map<string, number>();
  return {
    add(what) {
      if (what !== null) counts.set(what, (counts.get(what) ?? 0) + 1);
    },
    remove(what) {
      if (what === null) return;
      const others = (counts.get(what) ?? 1) - 1;
      if (others > 0) counts.set(what, others);
      else counts.delete(what);
    },
    has: (what) => counts.has(what),
  };
}

/** Tells of a thing at once, and then at most once in `every` ms, however often it changes meanwhile. */
export function coalesced<T>(every: number, tell: (what: T) => void): (what: T) => void {
  /** Told of a moment ago; true where it has changed again since. */
  const recent = new Map<T, boolean>();
  function changed(what: T): void {
    if (recent.has(what)) return void recent.set(what, true);
    recent.set(what, false);
    tell(what);
    setTimeout(() => {
      const again = recent.get(what) === true;
      recent.delete(what);
      if (again) changed(what);
    }, every).unref();
  }
  return changed;
}
