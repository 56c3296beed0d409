// Which values of a facet are listed, and in which order.

import type { Facet } from '../../../../server/http/contract/types.ts';

export interface Listed {
  readonly value: string;
  /** Null where it is not counted: what was typed by hand may be part of several. */
  readonly count: number | null;
  readonly chosen: 'yes' | 'not' | null;
}

export interface Choice {
  readonly value: string;
  readonly negated: boolean;
}

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * The `most` largest, and those that are chosen. While `order` is given, somebody points at them: they stay where they are, and only
 * their numbers change.
 */
export function listed(facets: readonly Facet[], choices: readonly Choice[], most: number, order?: readonly string[]): Listed[] {
  const values = [
    ...(order ??
      facets
        .filter(({ value }) => value !== '')
        .slice(0, most)
        .map(({ value }) => value)),
  ];
  for (const { value } of choices) if (!values.some((other) => same(other, value))) values.push(value);
  return values.map((value) => {
    const choice = choices.find((other) => same(other.value, value));
    const count = facets.find((facet) => same(facet.value, value))?.count ?? (choice ? null : 0);
    return { value, count, chosen: choice ? (choice.negated ? 'not' : 'yes') : null };
  });
}
