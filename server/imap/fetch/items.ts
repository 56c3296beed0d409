// What a FETCH asks of each message: attributes, sections of the body, ranges of sections (RFC 9051 §6.4.5).

import type { Cursor } from '../syntax/cursor.ts';
import { imapString } from './string.ts';

export interface Section {
  /** Part number as written, empty for the message itself. */
  readonly part: string;
  readonly what: 'all' | 'header' | 'fields' | 'fields.not' | 'text' | 'mime';
  /** Field names in lower case. */
  readonly fields: readonly string[];
}

/** Octets `[origin, origin + length)` of a section. */
export interface Partial {
  readonly origin: number;
  readonly length: number;
}

/** Attributes that take nothing with them. */
export type Attribute =
  'UID' | 'FLAGS' | 'INTERNALDATE' | 'RFC822.SIZE' | 'ENVELOPE' | 'BODY' | 'BODYSTRUCTURE' | 'MODSEQ' | 'EMAILID' | 'THREADID' | 'SAVEDATE';

/** `label` is the name that the answer has. */
export type Item =
  | { readonly kind: 'attribute'; readonly label: Attribute }
  | { readonly kind: 'preview'; readonly label: string; readonly lazy: boolean }
  | {
      readonly kind: 'section' | 'binary';
      readonly label: string;
      readonly section: Section;
      readonly partial: Partial | null;
      /** Reading it marks the message as seen. */
      readonly marks: boolean;
    }
  | { readonly kind: 'binary.size'; readonly label: string; readonly part: string };

const attribute = (label: Attribute): Item => ({ kind: 'attribute', label });
const FAST = (['FLAGS', 'INTERNALDATE', 'RFC822.SIZE'] as const).map(attribute);
const ALL = [...FAST, attribute('ENVELOPE')];

const MACROS: ReadonlyMap<string, readonly Item[]> = new Map([
  ['FAST', FAST],
  ['ALL', ALL],
  ['FULL', [...ALL, attribute('BODY')]],
]);

const whole = (label: string, what: Section['what'], marks: boolean): Item => ({
  kind: 'section',
  label,
  section: { part: '', what, fields: [] },
  partial: null,
  marks,
});

const PLAIN: ReadonlyMap<string, Item> = new Map<string, Item>([
  ...(
    ['UID', 'FLAGS', 'INTERNALDATE', 'RFC822.SIZE', 'ENVELOPE', 'BODYSTRUCTURE', 'MODSEQ', 'EMAILID', 'THREADID', 'SAVEDATE'] as const
  ).map((label): [string, Item] => [label, attribute(label)]),
  ['RFC822', whole('RFC822', 'all', true)],
  ['RFC822.HEADER', whole('RFC822.HEADER', 'header', false)],
  ['RFC822.TEXT', whole('RFC822.TEXT', 'text', true)],
]);

const NAME = /[A-Za-z0-9.]+/y;
const PART = /[1-9]\d{0,8}(?:\.[1-9]\d{0,8})*/y;
const WORD = /HEADER\.FIELDS\.NOT|HEADER\.FIELDS|HEADER|TEXT|MIME/iy;

const WHAT: Readonly<Record<string, Section['what']>> = {
  'HEADER.FIELDS.NOT': 'fields.not',
  'HEADER.FIELDS': 'fields',
  HEADER: 'header',
  TEXT: 'text',
  MIME: 'mime',
};

/** A field name as it goes back to the client. */
const fieldName = (name: string): string => (/^[^\x00-\x20\x7f-\uffff(){%*"\\\]]+$/.test(name) ? name : imapString(name));

/** The text between the brackets, and what it means; words only where `words`. */
function readSection(cursor: Cursor, words: boolean): { section: Section; label: string } {
  cursor.expect('[');
  const part = cursor.match(PART) ?? '';
  const dotted = part !== '' && cursor.take('.');
  const word = words && (part === '' || dotted) ? (cursor.match(WORD) ?? '').toUpperCase() : '';
  if (dotted && word === '') cursor.fail('unknown section');
  const what = WHAT[word] ?? 'all';
  if (what === 'mime' && part === '') cursor.fail('MIME needs a part number');
  let label = part === '' || word === '' ? part + word : `${part}.${word}`;
  let names: string[] = [];
  if (what === 'fields' || what === 'fields.not') {
    cursor.space();
    names = cursor.list(() => cursor.astring(), 1);
    label += ` (${names.map(fieldName).join(' ')})`;
  }
  cursor.expect(']');
  return { section: { part, what, fields: names.map((name) => name.toLowerCase()) }, label: `[${label}]` };
}

function readPartial(cursor: Cursor): Partial | null {
  if (!cursor.take('<')) return null;
  const origin = cursor.number();
  cursor.expect('.');
  const length = cursor.nzNumber();
  cursor.expect('>');
  return { origin, length };
}

/** BODY[…] and BINARY[…], after the name. */
function readRanged(cursor: Cursor, kind: 'section' | 'binary', marks: boolean): Item {
  const { section, label } = readSection(cursor, kind === 'section');
  const partial = readPartial(cursor);
  const name = kind === 'section' ? 'BODY' : 'BINARY';
  return { kind, label: `${name}${label}${partial ? `<${partial.origin}>` : ''}`, section, partial, marks };
}

const RANGED: Readonly<Record<string, (cursor: Cursor) => Item>> = {
  BODY: (cursor) => readRanged(cursor, 'section', true),
  'BODY.PEEK': (cursor) => readRanged(cursor, 'section', false),
  BINARY: (cursor) => readRanged(cursor, 'binary', true),
  'BINARY.PEEK': (cursor) => readRanged(cursor, 'binary', false),
  'BINARY.SIZE'(cursor) {
    const { section, label } = readSection(cursor, false);
    return { kind: 'binary.size', label: `BINARY.SIZE${label}`, part: section.part };
  },
};

/** `PREVIEW (LAZY)` (RFC 8970 §3.2), after the name; the bracket may as well begin something else. */
function readPreview(cursor: Cursor): Item {
  return { kind: 'preview', label: 'PREVIEW', lazy: cursor.take(' (LAZY)') };
}

function readItem(cursor: Cursor, name: string): Item {
  if (cursor.peek() === '[') {
    const ranged = Object.hasOwn(RANGED, name) ? RANGED[name] : undefined;
    return ranged ? ranged(cursor) : cursor.fail(`${name} has no sections`);
  }
  if (name === 'PREVIEW') return readPreview(cursor);
  return (name === 'BODY' ? attribute('BODY') : PLAIN.get(name)) ?? cursor.fail(`unknown data item ${name}`);
}

const nameOf = (cursor: Cursor): string => (cursor.match(NAME) ?? cursor.fail('expected a data item')).toUpperCase();

/** Items of one FETCH: each is asked of every message, and no client has use for so many. */
const MAX_ITEMS = 200;

/** One item, a macro, or a list of items; each once. */
export function readItems(cursor: Cursor): Item[] {
  if (cursor.peek() === '(') {
    const items = cursor.list(() => readItem(cursor, nameOf(cursor)), 1);
    if (items.length > MAX_ITEMS) cursor.fail(`more than ${MAX_ITEMS} data items`);
    const labels = new Set<string>();
    return items.filter(({ label }) => !labels.has(label) && labels.add(label));
  }
  const name = nameOf(cursor);
  return [...(MACROS.get(name) ?? [readItem(cursor, name)])];
}
