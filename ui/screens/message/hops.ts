// Reads the way that a message says it came: its Received fields, each a hop, with what passed between them (RFC 5321 §4.4).

import type { Header } from '../../../server/http/contract/types.ts';

export interface Hop {
  /** Who handed it over, by its own word and by what the receiver saw. */
  readonly from: string | null;
  readonly by: string | null;
  readonly with: string | null;
  /** `TLS 1.3, TLS_AES_256_GCM_SHA384`, as much as is said; null in clear text, or where nothing is said. */
  readonly tls: string | null;
  readonly for: string | null;
  /** ms */
  readonly at: number | null;
  /** ms since the hop before; null where one of the two times is missing, negative where a clock is wrong. */
  readonly delay: number | null;
}

const CLAUSES = ['from', 'by', 'via', 'with', 'id', 'for', 'tls'] as const;
type Clause = (typeof CLAUSES)[number];
const isClause = (word: string): word is Clause => (CLAUSES as readonly string[]).includes(word);

interface Said {
  words: string[];
  comments: string[];
}

/** Words and whole comments, which may hold comments. */
function tokens(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let token = '';
  const end = (): void => {
    if (token !== '') found.push(token);
    token = '';
  };
  for (const char of text) {
    if (char === '(' && depth++ === 0) end();
    if (depth === 0 && /\s/.test(char)) end();
    else token += char;
    if (char === ')' && depth > 0 && --depth === 0) end();
  }
  end();
  return found;
}

function clauses(text: string): Map<Clause, Said> {
  const found = new Map<Clause, Said>();
  let open: Said = { words: [], comments: [] };
  for (const token of tokens(text)) {
    const word = token.toLowerCase();
    if (token.startsWith('(')) open.comments.push(token.replace(/^\(|\)$/g, ''));
    else if (isClause(word) && !found.has(word)) found.set(word, (open = { words: [], comments: [] }));
    else open.words.push(token);
  }
  return found;
}

const ADDRESS = /\[((?:IPv6:)?[\da-f.:]+)\]|(?:^|[\s(])((?:\d{1,3}\.){3}\d{1,3}|[\da-f]*:[\da-f:]+:[\da-f.]+)(?:[\s)]|$)/i;

/** `web-1 (10.0.0.5)`: the name that was given, and the address that was seen. */
function sender({ words, comments }: Said): string | null {
  const name = words.join(' ');
  const [, bracketed, bare] = ADDRESS.exec(comments.join(' ')) ?? [];
  const address = bracketed ?? bare;
  if (name === '') return address ?? null;
  return address === undefined || name.includes(address) ? name : `${name} (${address})`;
}

const VERSION = /\bTLSv?(\d)(?:[._](\d))?\b/i;
const CIPHER = /\bcipher[= ]([A-Z0-9][\w-]+)/;

function tlsOf(text: string, said: ReadonlyMap<Clause, Said>): string | null {
  const comments = [...said.values()].flatMap((clause) => clause.comments).join(' ');
  const [, major, minor] = VERSION.exec(comments) ?? [];
  const version = major === undefined ? undefined : `TLS ${major}.${minor ?? '0'}`;
  const cipher = CIPHER.exec(comments)?.[1] ?? said.get('tls')?.words[0];
  if (version !== undefined || cipher !== undefined) return [version ?? 'TLS', cipher].filter(Boolean).join(', ');
  // The S of ESMTPS says it too (RFC 3848).
  return /\bwith\s+(utf8)?(e?smtp|lmtp)sa?\b/i.test(text) ? 'TLS' : null;
}

const textOf = (said: Said | undefined): string | null => (said && said.words.length > 0 ? said.words.join(' ') : null);

function timeOf(text: string): number | null {
  const time = Date.parse(
    text
      .replace(/\([^()]*\)/g, ' ')
      .replace(/\s+/g, ' ')
      .trim(),
  );
  return Number.isNaN(time) ? null : time;
}

function read(value: string): Omit<Hop, 'delay'> {
  const end = value.lastIndexOf(';');
  const text = end < 0 ? value : value.slice(0, end);
  const said = clauses(text);
  const from = said.get('from');
  return {
    from: from ? sender(from) : null,
    by: textOf(said.get('by')),
    with: textOf(said.get('with')),
    tls: tlsOf(text, said),
    for: textOf(said.get('for'))?.replace(/^<|>$/g, '') ?? null,
    at: end < 0 ? null : timeOf(value.slice(end + 1)),
  };
}

/** From the first hop to the last: each server puts its field above those before it. */
export function hopsOf(headers: readonly Pick<Header, 'name' | 'value'>[]): Hop[] {
  const found = headers.filter(({ name }) => name.toLowerCase() === 'received').map(({ value }) => read(value));
  return found.reverse().map((hop, i, all) => {
    const before = all[i - 1]?.at ?? null;
    return { ...hop, delay: hop.at === null || before === null ? null : hop.at - before };
  });
}

const UNITS: readonly (readonly [ms: number, unit: string])[] = [
  [86_400_000, 'd'],
  [3_600_000, 'h'],
  [60_000, 'min'],
  [1000, 's'],
];

/** The two largest units: `2 h 5 min`. */
export function lasting(ms: number): string {
  const parts: string[] = [];
  let rest = ms;
  for (const [unit, name] of UNITS) {
    const count = Math.floor(rest / unit);
    rest -= count * unit;
    if (count > 0) parts.push(`${count} ${name}`);
    else if (parts.length > 0) break;
    if (parts.length === 2) break;
  }
  return parts.join(' ') || '0 s';
}
