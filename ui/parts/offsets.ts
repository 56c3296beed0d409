// Where rows of one height stand in a long list, with headings before some of them: arithmetic only, nothing is measured.

export interface Offsets {
  /** px of the whole list. */
  readonly full: number;
  /** Where a row begins, below its heading. */
  topOf(index: number): number;
  /** The row at a place, or the one whose heading is there. */
  at(px: number): number;
  /** How many headings stand above a row, its own included. */
  headingsTo(index: number): number;
}

/** `breaks`: the indices of the rows that have a heading, ascending. */
export function offsets(count: number, height: number, breaks: readonly number[], heading: number): Offsets {
  /** How many breaks there are for which `isBefore` is true; they come first. */
  function countOf(isBefore: (row: number, nth: number) => boolean): number {
    let low = 0;
    let high = breaks.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(breaks[middle] ?? Infinity, middle)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
  const headingsTo = (index: number): number => countOf((row) => row <= index);

  return {
    full: count * height + breaks.length * heading,
    headingsTo,
    topOf: (index) => index * height + headingsTo(index) * heading,
    at(px) {
      const passed = countOf((row, nth) => row * height + nth * heading <= px);
      const row = Math.floor((px - passed * heading) / height);
      // Within the heading itself the row is the one below it.
      return Math.max(0, Math.min(count - 1, Math.max(row, breaks[passed - 1] ?? 0)));
    },
  };
}
