// Which names LIST shows: those that its selection wants, and with RECURSIVEMATCH what lies above them (RFC 5258 §3.1, §3.5). Pure.

import { parentsOf } from '../../store/mailbox-names.ts';
import type { Named } from './tree.ts';

export interface Chosen {
  readonly named: Named;
  /** Wanted itself, not only for what lies below it. */
  readonly itself: boolean;
  /** The selection wants something below it too. */
  readonly above: boolean;
}

/** What is asked of each name. */
export interface Choice {
  wanted(named: Named): boolean;
  fits(name: string): boolean;
  readonly recursive: boolean;
}

export function chosen(names: readonly Named[], { wanted, fits, recursive }: Choice): Chosen[] {
  const fitting = names.filter(({ name }) => fits(name));
  if (!recursive) return fitting.filter(wanted).map((named) => ({ named, itself: true, above: false }));
  const above = new Set<string>();
  // A name that is not wanted itself only stands for those below that are not shown (RFC 5258 §3.5).
  const standing = new Set<string>();
  for (const named of names.filter(wanted)) {
    const shown = fits(named.name);
    for (const parent of parentsOf(named.name)) {
      above.add(parent);
      if (!shown) standing.add(parent);
    }
  }
  return fitting
    .filter((named) => wanted(named) || standing.has(named.name))
    .map((named) => ({ named, itself: wanted(named), above: above.has(named.name) }));
}
