// What the search box proposes: earlier searches, fields, and values with how many messages have them.

import type { Facet, Facets } from '../../../../server/http/contract/types.ts';
import { CHOICES, both, termAt, termText, termsOf } from '../../../query.ts';
import { text } from '../../../text.ts';
import { queryOf, type Box } from './box.ts';

export interface Suggestion {
  readonly group: 'savedSearches' | 'recentSearches' | 'searchFields' | 'searchValues';
  readonly word: string;
  readonly meaning?: string;
  readonly count?: number | undefined;
  /** What choosing it does: opens a search, or writes a term in place of the one at the caret. */
  readonly does: { readonly open: string } | { readonly search: string } | { readonly write: string; readonly finished: boolean };
}

export interface Known {
  readonly box: Box;
  readonly caret: number;
  /** Counted in the rest of the query; undefined until known. */
  readonly facets: Facets | undefined;
  readonly saved: readonly { readonly name: string; readonly search: string }[];
  readonly recent: readonly string[];
  readonly today: string;
}

const MOST = 8;

type FacetName = Exclude<keyof Facets, 'refusals'>;
/** Field → where its values are counted. */
const FACETS: Readonly<Record<string, FacetName>> = {
  from: 'senders',
  sender: 'senders',
  to: 'recipients',
  rcpt: 'recipients',
  domain: 'domains',
  user: 'users',
  tag: 'tags',
  is: 'states',
  state: 'states',
};

const TIMES = ['10m', '1h', '1d', '7d'];
const SIZES = ['10kb', '100kb', '1mb', '10mb'];

/** Where the values for the term at the caret are counted. */
export interface CountedFor {
  readonly name: FacetName;
  /** The query without that term. */
  readonly rest: string;
  /** With what is typed of it, for when more values exist than are counted at once. */
  readonly narrow: string;
}

export function countedFor({ chips, draft }: Box, caret: number): CountedFor | undefined {
  const term = termAt(draft, caret);
  const name = term && FACETS[term.field];
  if (!name) return undefined;
  // Between ORs and in parentheses the rest is what the chips say.
  const others = `${draft.slice(0, term.start).replace(/(-|NOT\s+)$/, '')} ${draft.slice(term.end)}`.trim();
  const rest = queryOf({ chips, draft: termsOf(others) ? others : '' });
  return { name, rest, narrow: term.value === '' ? rest : both(rest, termText(term.field, term.value)) };
}

function valuesOf(field: string, { facets, today }: Known): readonly { value: string; count?: number | undefined; meaning?: string }[] {
  const name = FACETS[field];
  const counted: readonly Facet[] = (name && facets?.[name]) ?? [];
  const choices = CHOICES[field];
  if (choices && name)
    return choices.map((value) => ({ value, count: facets && (counted.find((facet) => facet.value === value)?.count ?? 0) }));
  if (choices) return choices.map((value) => ({ value }));
  if (field === 'after' || field === 'before') return [{ value: today, meaning: text.today }, ...TIMES.map((value) => ({ value }))];
  if (field === 'larger' || field === 'smaller') return SIZES.map((value) => ({ value }));
  return counted.filter(({ value }) => value !== '');
}

const fields = (start: string): Suggestion[] =>
  Object.entries(text.fields)
    .filter(([name]) => name.startsWith(start))
    .map(([name, meaning]) => ({ group: 'searchFields', word: `${name}:`, meaning, does: { write: `${name}:`, finished: false } }));

const earlier = ({ saved, recent }: Known): Suggestion[] => [
  ...saved.map(({ name, search }) => ({ group: 'savedSearches', word: name, does: { open: search } }) as const),
  ...recent.map((query) => ({ group: 'recentSearches', word: query, does: { search: query } }) as const),
];

/** In the order of the groups. */
export function suggest(known: Known): Suggestion[] {
  const { box, caret } = known;
  const term = termAt(box.draft, caret);
  if (queryOf(box).trim() === '') return [...earlier(known), ...fields('')];
  if (!term) return fields('');
  // What begins with a quote is meant as text.
  if (term.field === 'text') return box.draft[term.start] === '"' ? [] : fields(term.value.toLowerCase());
  const typed = term.value.toLowerCase();
  const found = valuesOf(term.field, known).filter(({ value }) => value.toLowerCase().includes(typed));
  if (found.length === 1 && found[0]?.value.toLowerCase() === typed) return [];
  return found.slice(0, MOST).map(({ value, ...more }) => {
    const write = termText(term.field, value);
    return { group: 'searchValues', word: write, ...more, does: { write, finished: true } };
  });
}
