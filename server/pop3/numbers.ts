// Message numbers, as commands name them (RFC 1939 §5).

import { ParseError } from '../base/errors.ts';
import type { Entry } from '../store/state.ts';
import type { Maildrop } from './maildrop.ts';
import type { Reply } from './replies.ts';
import { refused } from './replies.ts';

const DIGITS = /^[0-9]{1,10}$/;

export const NO_SUCH_MESSAGE = refused('No such message');
const DELETED = refused('That message is marked as deleted');

/** A number from 0; throws ParseError. */
export function parseNumber(text: string): number {
  if (!DIGITS.test(text)) throw new ParseError('a number was expected', 1);
  return Number(text);
}

export interface Numbered {
  readonly number: number;
  /** In the maildrop, from 0. */
  readonly place: number;
  readonly entry: Entry;
}

/** Why there is none of that number. Throws ParseError. */
export function checkMessage(maildrop: Maildrop, text: string): Reply | null {
  const message = messageOf(maildrop, text);
  return 'line' in message ? message : null;
}

/** The message of that number, or the refusal where there is none. Throws ParseError. */
export function messageOf({ entries, deleted }: Maildrop, text: string): Numbered | Reply {
  const number = parseNumber(text);
  const entry = entries[number - 1];
  if (entry === undefined) return NO_SUCH_MESSAGE;
  return deleted.has(number - 1) ? DELETED : { number, place: number - 1, entry };
}
