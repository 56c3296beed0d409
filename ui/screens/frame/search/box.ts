// What the search box holds: finished terms, each on its own, and the text that is being written.

import { CHOICES, both, isField, termAt, termsOf, type Term } from '../../../query.ts';

export interface Box {
  readonly chips: readonly Term[];
  readonly draft: string;
}

const isChip = ({ field, value, source }: Term): boolean =>
  isField(field) && (CHOICES[field]?.includes(value.toLowerCase()) ?? true) && /^(-|NOT\s+)?[a-z]/i.test(source);

/** Only `field:value` becomes a chip; whatever else is there stays text. */
export function boxOf(query: string): Box {
  const terms = termsOf(query);
  if (!terms?.some(isChip)) return { chips: [], draft: query };
  return { chips: terms.filter(isChip), draft: both(...terms.filter((term) => !isChip(term)).map(({ source }) => source)) };
}

/** The query that it stands for; as it is written, if there is nothing but text. */
export const queryOf = ({ chips, draft }: Box): string => (chips.length === 0 ? draft : both(...chips.map(({ source }) => source), draft));

/** While somebody writes on, this is no query yet: a field without its value, half of a word that is one of a few, an open quote. */
export function isUnfinished(draft: string, caret: number): boolean {
  const term = termAt(draft, caret);
  if (!term || !(isField(term.field) || term.field === 'text')) return false;
  return !term.whole || CHOICES[term.field]?.includes(term.value.toLowerCase()) === false;
}

/** The text with the term at the caret written anew, and the caret behind it. */
export function rewritten(draft: string, caret: number, write: string): { draft: string; caret: number } {
  const { start, end } = termAt(draft, caret) ?? { start: caret, end: caret };
  return { draft: draft.slice(0, start) + write + draft.slice(end), caret: start + write.length };
}
