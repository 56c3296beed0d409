// What a client asks NOTIFY for: of which mailboxes it wants to hear what (RFC 5465 §6, §8). Pure.

import { DELIMITER } from '../../store/mailbox-names.ts';
import { readItems } from '../fetch/items.ts';
import type { Item } from '../fetch/items.ts';
import { readName } from '../names.ts';
import type { Extension } from '../session.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { EVENTS } from './order.ts';
import type { EventGroup, EventName, Filter, Selected } from './order.ts';

/** As they stand in BADEVENT. */
export const SUPPORTED = EVENTS.join(' ');

const KNOWN: ReadonlyMap<string, EventName> = new Map(EVENTS.map((name) => [name.toLowerCase(), name]));

/** Of message annotations and metadata there are none here; they are asked for by the same rules (RFC 5465 §5). */
const MESSAGE_EVENTS: readonly string[] = ['messagenew', 'messageexpunge', 'flagchange', 'annotationchange'];

export interface Asked {
  readonly groups: readonly EventGroup[];
  /** What the mailboxes have now is told first. */
  readonly status: boolean;
  /** There are events among them that are never told here. */
  readonly unsupported: boolean;
}

function readNames(cursor: Cursor, enabled: ReadonlySet<Extension>): string[] {
  cursor.space();
  return cursor.peek() === '(' ? cursor.list(() => readName(cursor, enabled), 1) : [readName(cursor, enabled)];
}

function readMailboxes(cursor: Cursor, enabled: ReadonlySet<Extension>): Selected | Filter {
  const word = cursor.atom().toLowerCase();
  if (word === 'selected' || word === 'selected-delayed') return word;
  if (word === 'inboxes') return (name) => name === 'INBOX';
  if (word === 'personal') return () => true;
  if (word === 'subscribed') return (_, subscribed) => subscribed;
  if (word !== 'subtree' && word !== 'mailboxes') return cursor.fail(`unknown mailboxes ${word}`);
  const names = readNames(cursor, enabled);
  if (word === 'mailboxes') return (name) => names.includes(name);
  return (name) => names.some((top) => name === top || name.startsWith(top + DELIMITER));
}

/** An event in the client's words, and what it wants of a new message. */
function readEvent(cursor: Cursor): { word: string; items: readonly Item[] } {
  const word = cursor.atom().toLowerCase();
  if (word !== 'messagenew' || !cursor.nextIs(' (')) return { word, items: [] };
  cursor.space();
  return { word, items: readItems(cursor) };
}

function readEvents(cursor: Cursor): { word: string; items: readonly Item[] }[] {
  if (cursor.peek() === '(') return cursor.list(() => readEvent(cursor), 1);
  const events = [readEvent(cursor)];
  if (events[0]?.word === 'none') return [];
  // RFC 5465's own examples leave the brackets out.
  while (cursor.take(' ')) events.push(readEvent(cursor));
  return events;
}

/** What may stand together (RFC 5465 §5, §6.1, §8). */
function check(cursor: Cursor, mailboxes: Selected | Filter, words: readonly string[], withItems: boolean): void {
  const has = (word: string): boolean => words.includes(word);
  const both = has('messagenew') && has('messageexpunge');
  if (words.some((word) => MESSAGE_EVENTS.includes(word)) && !both)
    cursor.fail('MessageNew and MessageExpunge go together, all others with them');
  if (typeof mailboxes === 'function') {
    if (withItems) cursor.fail('data items go with the selected mailbox only');
  } else if (words.some((word) => KNOWN.has(word) && !MESSAGE_EVENTS.includes(word)))
    cursor.fail('of the selected mailbox only its messages are told');
}

/** After `NOTIFY`. Throws ParseError. */
export function readAsked(cursor: Cursor, enabled: ReadonlySet<Extension>): Asked {
  cursor.space();
  if (cursor.take('NONE')) {
    cursor.end();
    return { groups: [], status: false, unsupported: false };
  }
  cursor.expect('SET ');
  const status = cursor.take('STATUS ');
  const groups: EventGroup[] = [];
  let unsupported = false;
  do {
    if (groups.length > 0) cursor.space();
    cursor.expect('(');
    const mailboxes = readMailboxes(cursor, enabled);
    cursor.space();
    const events = readEvents(cursor);
    cursor.expect(')');
    const words = events.map(({ word }) => word);
    const items = events.flatMap((event) => event.items);
    check(cursor, mailboxes, words, items.length > 0);
    unsupported ||= words.some((word) => !KNOWN.has(word));
    groups.push({ mailboxes, events: new Set(words.flatMap((word) => KNOWN.get(word) ?? [])), items });
  } while (!cursor.done);
  if (groups.filter(({ mailboxes }) => typeof mailboxes === 'string').length > 1) cursor.fail('the selected mailbox is named twice');
  return { groups, status, unsupported };
}
