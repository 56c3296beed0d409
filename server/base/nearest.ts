// Which known name a mistyped one was meant to be.

/** Insertions, deletions, changes and swaps of neighbours between two texts (optimal string alignment). */
export function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + cost);
      if (a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) best = Math.min(best, (before[j - 2] ?? best) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}

const letters = (name: string): string => name.toLowerCase().replace(/[-_]/g, '');

/** The name closest to `wrong`, ignoring case and dashes; null when none is close enough to be a slip. */
export function nearest(wrong: string, names: readonly string[]): string | null {
  const given = letters(wrong).slice(0, 64);
  const [best] = names.map((name) => ({ name, steps: distance(given, letters(name)) })).sort((a, b) => a.steps - b.steps);
  return best && best.steps <= Math.max(1, given.length / 4) ? best.name : null;
}
