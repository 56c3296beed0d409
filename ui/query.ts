// Reads a query as far as the page needs it, to show its terms, take them out and put them in; what is wrong in it is for the server to say.

import { text } from './text.ts';

/** `text` is a free word or phrase, `group` what stands in parentheses. */
export interface Term {
  /** As it stands in the query, with what negates it. */
  readonly source: string;
  readonly negated: boolean;
  readonly field: string;
  readonly value: string;
}

interface Token {
  readonly kind: 'open' | 'close' | 'not' | 'or' | 'and' | 'term';
  readonly start: number;
  readonly end: number;
  readonly field: string;
  readonly value: string;
  /** False while a value or the end of its quotes is missing. */
  readonly whole: boolean;
}

export const CHOICES: Readonly<Record<string, readonly string[]>> = {
  is: ['unread', 'read', 'starred', 'pinned'],
  has: ['attachment', 'html', 'link', 'code'],
  state: Object.keys(text.states),
};

export const isField = (name: string): boolean => Object.hasOwn(text.fields, name);

const FIELD_NAME = /([a-z][a-z-]{0,38}):/iy;
const QUOTED = /"((?:[^"\\]|\\.)*)("|\\?$)/sy;
const BARE = /[^\s()"]+/y;
const OPERATORS: Readonly<Record<string, Token['kind']>> = { OR: 'or', AND: 'and', NOT: 'not' };

const matchAt = (pattern: RegExp, query: string, at: number): RegExpExecArray | null => {
  pattern.lastIndex = at;
  return pattern.exec(query);
};

function readTerm(query: string, start: number): Token {
  const name = matchAt(FIELD_NAME, query, start);
  const at = start + (name?.[0].length ?? 0);
  const bare = matchAt(BARE, query, at);
  const quoted = matchAt(QUOTED, query, bare?.[0].endsWith('=') && name?.[1]?.toLowerCase() === 'header' ? at + bare[0].length : at);
  const value = (bare?.[0] ?? '') + (quoted?.[1] ?? '').replace(/\\(.)/gs, '$1');
  const end = at + (bare?.[0].length ?? 0) + (quoted?.[0].length ?? 0);
  const kind = name || quoted ? 'term' : (OPERATORS[value] ?? 'term');
  const whole = (quoted?.[2] ?? '"') === '"' && (!name || value !== '');
  return { kind, start, end, field: name?.[1]?.toLowerCase() ?? 'text', value, whole };
}

function tokens(query: string): Token[] {
  const found: Token[] = [];
  const sign = (kind: Token['kind'], start: number): Token => ({ kind, start, end: start + 1, field: 'text', value: '', whole: true });
  for (let at = 0; at < query.length; at = found.at(-1)?.end ?? at) {
    at += /^\s*/.exec(query.slice(at))?.[0].length ?? 0;
    const char = query[at];
    if (char === undefined) break;
    if (char === '(' || char === ')') found.push(sign(char === '(' ? 'open' : 'close', at));
    else if (char === '-' && /\S/.test(query[at + 1] ?? '')) found.push(sign('not', at));
    else found.push(readTerm(query, at));
  }
  return found;
}

/** Index of the parenthesis that closes the one at `open`, -1 when none does. */
function closing(list: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < list.length; i++) {
    if (list[i]?.kind === 'open') depth++;
    if (list[i]?.kind === 'close' && --depth === 0) return i;
  }
  return -1;
}

/** What must match all at once, in order; null when the query says something else (OR) or something is missing in it. */
export function termsOf(query: string): Term[] | null {
  const list = tokens(query);
  const found: Term[] = [];
  for (let i = 0; i < list.length; i++) {
    const { start = 0, kind } = list[i] ?? {};
    if (kind === 'and' && found.length > 0) continue;
    const first = i;
    while (list[i]?.kind === 'not') i++;
    const negated = (i - first) % 2 === 1;
    const token = list[i];
    if (token?.kind === 'open') {
      const close = closing(list, i);
      const end = list[close]?.end;
      if (end === undefined) return null;
      i = close;
      found.push({ source: query.slice(start, end), negated, field: 'group', value: query.slice(token.end, end - 1) });
    } else if (token?.kind === 'term' && token.whole)
      found.push({ source: query.slice(start, token.end), negated, field: token.field, value: token.value });
    else return null;
  }
  return found;
}

/** The term that the caret is in or just behind; `start` is after what negates it. */
export const termAt = (query: string, caret: number): Omit<Token, 'kind'> | undefined =>
  tokens(query).find(({ kind, start, end }) => kind === 'term' && start <= caret && caret <= end);

/** `from:acme`, in quotes where the value asks for them. */
export const termText = (field: string, value: string): string =>
  `${field}:${/^[^\s()"]+$/.test(value) ? value : `"${value.replace(/["\\]/g, '\\$&')}"`}`;

/** All of them together; what has an OR of its own, or cannot be read, is put in parentheses. */
export const both = (...queries: readonly string[]): string => {
  const given = queries.map((query) => query.trim()).filter(Boolean);
  return given.length === 1 ? (given[0] ?? '') : given.map((query) => (termsOf(query) ? query : `(${query})`)).join(' ');
};

/** Without the terms that are `out`; a query that is no plain list of terms stays as it is. */
export const without = (query: string, out: (term: Term) => boolean): string => {
  const terms = termsOf(query);
  return terms?.some(out) ? both(...terms.filter((term) => !out(term)).map(({ source }) => source)) : query;
};

export const isTerm = (term: Term, field: string, value: string): boolean =>
  term.field === field && term.value.toLowerCase() === value.toLowerCase();

/** With a term, or without it when it is there. `alone`: in place of other values of its field. */
export function toggled(query: string, field: string, value: string, { negated = false, alone = false } = {}): string {
  const had = termsOf(query)?.some((term) => isTerm(term, field, value) && term.negated === negated);
  const rest = without(query, (term) => isTerm(term, field, value) || (alone && term.field === field && !term.negated && !negated));
  return had ? rest : both(rest, (negated ? '-' : '') + termText(field, value));
}
