// The keys of SEARCH as they are written (RFC 9051 §6.4.4, RFC 5032, RFC 7162, RFC 8474, RFC 8514).

import { foldText } from '../../mail/content.ts';
import { parseDay } from '../fetch/date.ts';
import type { Cursor } from '../syntax/cursor.ts';

export type AddressField = 'from' | 'to' | 'cc' | 'bcc';

/** Texts are folded as `foldText` makes them, names of fields and flags are in lower case, times are ms. */
export type Key =
  | { readonly kind: 'and' | 'or'; readonly keys: readonly Key[] }
  | { readonly kind: 'not'; readonly key: Key }
  | { readonly kind: 'set'; readonly set: string; readonly byUid: boolean }
  | { readonly kind: 'flag'; readonly flag: string }
  | { readonly kind: 'recent' }
  | { readonly kind: 'address'; readonly field: AddressField; readonly text: string }
  | { readonly kind: 'subject' | 'body' | 'text'; readonly text: string }
  | { readonly kind: 'header'; readonly name: string; readonly text: string }
  | { readonly kind: 'date'; readonly of: 'internal' | 'sent' | 'saved'; readonly from: number; readonly to: number }
  | { readonly kind: 'larger' | 'smaller'; readonly size: number }
  | { readonly kind: 'older' | 'younger'; readonly age: number }
  | { readonly kind: 'modseq'; readonly modseq: number }
  | { readonly kind: 'emailid' | 'threadid'; readonly id: string };

/** Keys in keys: a deeper one is refused, so that no search can overflow the stack. */
const MAX_DEPTH = 500;
/** Keys of one search, all of which may be asked of every message. */
export const MAX_KEYS = 1_000;
const DAY = 24 * 60 * 60 * 1000;

export const EVERYTHING: Key = { kind: 'and', keys: [] };

const not = (key: Key): Key => ({ kind: 'not', key });
const flag = (name: string): Key => ({ kind: 'flag', flag: name });
const RECENT: Key = { kind: 'recent' };

/** Keys that are a word alone. */
const WORDS: ReadonlyMap<string, Key> = new Map<string, Key>([
  ['ALL', EVERYTHING],
  ['NEW', { kind: 'and', keys: [RECENT, not(flag('\\seen'))] }],
  ['OLD', not(RECENT)],
  ['RECENT', RECENT],
  ['SAVEDATESUPPORTED', EVERYTHING],
  ...['ANSWERED', 'DELETED', 'DRAFT', 'FLAGGED', 'SEEN'].flatMap((name): [string, Key][] => [
    [name, flag(`\\${name.toLowerCase()}`)],
    [`UN${name}`, not(flag(`\\${name.toLowerCase()}`))],
  ]),
]);

/** The argument of a key, after its space. */
type ReadKey = (cursor: Cursor, depth: number) => Key;

function readText(cursor: Cursor): string {
  return foldText(cursor.astring());
}

function readDay(cursor: Cursor): number {
  return parseDay(cursor.astring()) ?? cursor.fail('expected a date such as 24-Nov-2026');
}

const address =
  (field: AddressField): ReadKey =>
  (cursor) => ({ kind: 'address', field, text: readText(cursor) });

const text =
  (kind: 'subject' | 'body' | 'text'): ReadKey =>
  (cursor) => ({ kind, text: readText(cursor) });

type DateOf = Extract<Key, { kind: 'date' }>['of'];

/** BEFORE, ON and SINCE of one kind of date, by names with that prefix. */
function dates(prefix: string, of: DateOf): [string, ReadKey][] {
  return [
    [`${prefix}BEFORE`, (cursor) => ({ kind: 'date', of, from: -Infinity, to: readDay(cursor) })],
    [`${prefix}SINCE`, (cursor) => ({ kind: 'date', of, from: readDay(cursor), to: Infinity })],
    [
      `${prefix}ON`,
      (cursor) => {
        const day = readDay(cursor);
        return { kind: 'date', of, from: day, to: day + DAY };
      },
    ],
  ];
}

const id =
  (kind: 'emailid' | 'threadid'): ReadKey =>
  (cursor) => ({ kind, id: cursor.astring() });

const seconds =
  (kind: 'older' | 'younger'): ReadKey =>
  (cursor) => ({ kind, age: cursor.nzNumber() * 1000 });

/** `MODSEQ "/flags/\\draft" all 620162338`: modseqs are per message here, so that the name of a flag says nothing more (RFC 7162 §3.1.5). */
function readModseq(cursor: Cursor): Key {
  if (cursor.nextIsString()) {
    cursor.string();
    cursor.space();
    if (!cursor.take('all ') && !cursor.take('priv ') && !cursor.take('shared ')) cursor.fail('expected priv, shared or all');
  }
  return { kind: 'modseq', modseq: cursor.number() };
}

const ARGUMENTS: ReadonlyMap<string, ReadKey> = new Map<string, ReadKey>([
  ['FROM', address('from')],
  ['TO', address('to')],
  ['CC', address('cc')],
  ['BCC', address('bcc')],
  ['SUBJECT', text('subject')],
  ['BODY', text('body')],
  ['TEXT', text('text')],
  [
    'HEADER',
    (cursor) => {
      const name = cursor.astring().toLowerCase();
      cursor.space();
      return { kind: 'header', name, text: readText(cursor) };
    },
  ],
  ['KEYWORD', (cursor) => flag(cursor.flag().toLowerCase())],
  ['UNKEYWORD', (cursor) => not(flag(cursor.flag().toLowerCase()))],
  ['LARGER', (cursor) => ({ kind: 'larger', size: cursor.number() })],
  ['SMALLER', (cursor) => ({ kind: 'smaller', size: cursor.number() })],
  ['OLDER', seconds('older')],
  ['YOUNGER', seconds('younger')],
  ['UID', (cursor) => ({ kind: 'set', set: cursor.sequenceSet(), byUid: true })],
  ['MODSEQ', readModseq],
  ['EMAILID', id('emailid')],
  ['THREADID', id('threadid')],
  ['NOT', (cursor, depth) => not(readKey(cursor, depth + 1))],
  [
    'OR',
    (cursor, depth) => {
      const first = readKey(cursor, depth + 1);
      cursor.space();
      return { kind: 'or', keys: [first, readKey(cursor, depth + 1)] };
    },
  ],
  ...dates('', 'internal'),
  ...dates('SENT', 'sent'),
  ...dates('SAVED', 'saved'),
]);

const NAME = /[A-Za-z]+/y;

function readKey(cursor: Cursor, depth: number): Key {
  if (depth > MAX_DEPTH) cursor.fail('the search is too deep');
  if (cursor.take('(')) {
    const key = readKeys(cursor, depth + 1);
    cursor.expect(')');
    return key;
  }
  const name = cursor.match(NAME)?.toUpperCase();
  if (name === undefined) return { kind: 'set', set: cursor.sequenceSet(), byUid: false };
  const word = WORDS.get(name);
  if (word) return word;
  const read = ARGUMENTS.get(name) ?? cursor.fail(`unknown search key ${name}`);
  cursor.space();
  return read(cursor, depth);
}

/** Keys apart by spaces, all of which must hold. */
export function readKeys(cursor: Cursor, depth = 0): Key {
  const keys = [readKey(cursor, depth)];
  while (cursor.take(' ')) keys.push(readKey(cursor, depth));
  return keys.length === 1 && keys[0] ? keys[0] : { kind: 'and', keys };
}

/** How many questions a search asks of a message at most. */
export function countKeys(key: Key): number {
  if (key.kind === 'not') return countKeys(key.key);
  return 'keys' in key ? key.keys.reduce((sum, each) => sum + countKeys(each), 1) : 1;
}

/** Whether a key asks for modseqs, which are then told with the result. */
export function asksModseq(key: Key): boolean {
  if (key.kind === 'not') return asksModseq(key.key);
  return key.kind === 'modseq' || ('keys' in key && key.keys.some(asksModseq));
}
