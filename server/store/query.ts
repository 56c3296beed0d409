// The query grammar of every list, wait, filter and search: text to a tree, with the column of what is wrong.

import { ParseError } from '../base/errors.ts';
import { nearest } from '../base/nearest.ts';
import { parseSize } from '../base/size.ts';
import { FIELDS, parseMoment } from './fields.ts';
import type { Field } from './fields.ts';

type Fields = Readonly<Record<string, Field>>;

export interface Term {
  readonly kind: 'term';
  /** A name of the fields, or `text` for a free word or phrase. */
  readonly field: string;
  readonly value: string;
  /** Where the term begins in the query, from 1. */
  readonly column: number;
}

export type Query =
  { readonly kind: 'and' | 'or'; readonly terms: readonly Query[] } | { readonly kind: 'not'; readonly term: Query } | Term;

interface Token {
  readonly kind: 'open' | 'close' | 'not' | 'or' | 'and' | 'word' | 'end';
  readonly field: string | null;
  readonly value: string;
  readonly column: number;
}

const MAX_DEPTH = 50;
const FIELD_NAME = /^([a-z][a-z-]*):/i;
const QUOTED = /"((?:[^"\\]|\\.)*)"/y;
const BARE = /[^\s()"]+/y;

/** Reads `"a phrase"` (with `\"` inside) or a run without spaces and parentheses. */
function readValue(text: string, at: number): { value: string; end: number; quoted: boolean } {
  if (text[at] === '"') {
    QUOTED.lastIndex = at;
    const match = QUOTED.exec(text);
    if (!match) throw new ParseError('the quote is never closed', at + 1);
    return { value: (match[1] ?? '').replace(/\\(.)/g, '$1'), end: QUOTED.lastIndex, quoted: true };
  }
  BARE.lastIndex = at;
  const match = BARE.exec(text);
  return { value: match?.[0] ?? '', end: match ? BARE.lastIndex : at, quoted: false };
}

function readWord(text: string, at: number, fields: Fields): { token: Token; end: number } {
  const column = at + 1;
  const name = FIELD_NAME.exec(text.slice(at, at + 40))?.[1];
  if (name === undefined) {
    const { value, end, quoted } = readValue(text, at);
    if (!quoted && (value === 'OR' || value === 'AND' || value === 'NOT')) {
      return { token: { kind: value.toLowerCase() as 'or' | 'and' | 'not', field: null, value, column }, end };
    }
    return { token: { kind: 'word', field: 'text', value, column }, end };
  }
  const field = name.toLowerCase();
  if (!Object.hasOwn(fields, field)) {
    const hint = nearest(field, Object.keys(fields));
    throw new ParseError(`unknown field "${name}"${hint ? `; did you mean "${hint}:"?` : ''} (in quotes it is searched as text)`, column);
  }
  let { value, end } = readValue(text, at + name.length + 1);
  // header:Name="a value"
  if (field === 'header' && value.endsWith('=') && text[end] === '"') {
    const rest = readValue(text, end);
    value += rest.value;
    end = rest.end;
  }
  if (value === '') throw new ParseError(`"${field}:" wants a value`, column);
  return { token: { kind: 'word', field, value, column }, end };
}

function tokens(text: string, fields: Fields): Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const char = text[at] ?? '';
    const column = at + 1;
    if (/\s/.test(char)) at++;
    else if (char === '(' || char === ')') {
      found.push({ kind: char === '(' ? 'open' : 'close', field: null, value: char, column });
      at++;
    } else if (char === '-' && at + 1 < text.length && !/\s/.test(text[at + 1] ?? '')) {
      found.push({ kind: 'not', field: null, value: char, column });
      at++;
    } else {
      const { token, end } = readWord(text, at, fields);
      found.push(token);
      at = end;
    }
  }
  return [...found, { kind: 'end', field: null, value: '', column: text.length + 1 }];
}

function checkValue({ field, value, column }: Term, fields: Fields): void {
  const { kind, choices } = fields[field] ?? { kind: 'text' as const };
  const at = column + field.length + 1;
  if (choices && !choices.includes(value.toLowerCase())) {
    throw new ParseError(`"${field}:" is one of ${choices.join(', ')}, not "${value}"`, at);
  }
  if (kind === 'time' && parseMoment(value, 0) === null) throw new ParseError(`"${value}" is no date, time or length of time`, at);
  if (kind === 'size' && parseSize(value) === null) throw new ParseError(`"${value}" is no size, such as 10kb or 1mb`, at);
  if (kind === 'header' && value.startsWith('=')) throw new ParseError('"header:" wants Name=value', at);
}

/** `fields` are those of messages unless given. Throws ParseError with the column (from 1). The empty text matches everything: `and` of nothing. */
export function parseQuery(text: string, fields: Fields = FIELDS): Query {
  const list = tokens(text, fields);
  let position = 0;
  let depth = 0;
  const peek = (): Token => list[position] as Token;

  function deeper(column: number): void {
    if (++depth > MAX_DEPTH) throw new ParseError('nested too deeply', column);
  }

  function either(): Query {
    const terms = [all()];
    while (peek().kind === 'or') {
      position++;
      terms.push(all());
    }
    return terms.length === 1 ? (terms[0] as Query) : { kind: 'or', terms };
  }

  function all(): Query {
    const start = peek();
    const terms: Query[] = [];
    for (;;) {
      const { kind, column } = peek();
      if (kind === 'and') {
        if (terms.length === 0) throw new ParseError('nothing before AND', column);
        position++;
      } else if (kind === 'end' || kind === 'close' || kind === 'or') break;
      else terms.push(one());
    }
    if (terms.length === 0 && (start.kind === 'or' || list[position - 1]?.kind === 'or')) {
      throw new ParseError('OR wants something on both sides', start.column);
    }
    return terms.length === 1 ? (terms[0] as Query) : { kind: 'and', terms };
  }

  function one(): Query {
    const token = peek();
    position++;
    switch (token.kind) {
      case 'not': {
        const next = peek().kind;
        if (next === 'end' || next === 'close') throw new ParseError('nothing to negate', token.column);
        deeper(token.column);
        const term = one();
        depth--;
        return { kind: 'not', term };
      }
      case 'open': {
        deeper(token.column);
        const inner = either();
        if (peek().kind !== 'close') throw new ParseError('the parenthesis is never closed', token.column);
        position++;
        depth--;
        return inner;
      }
      case 'word': {
        const term: Term = { kind: 'term', field: token.field ?? 'text', value: token.value, column: token.column };
        checkValue(term, fields);
        return term;
      }
      default:
        throw new ParseError(`unexpected "${token.value}"`, token.column);
    }
  }

  const query = either();
  if (peek().kind !== 'end') throw new ParseError(`unexpected "${peek().value}"`, peek().column);
  return query;
}
