// What SEARCH, SORT and THREAD have in common: a charset, and the keys.

import type { Completion } from '../command.ts';
import { no } from '../command.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { countKeys, EVERYTHING, MAX_KEYS, readKeys } from './keys.ts';
import type { Key } from './keys.ts';

/** `key` is not read where the charset is unknown: its strings mean nothing. */
export interface Program {
  readonly key: Key;
  readonly knownCharset: boolean;
}

/** Strings are read as UTF-8 either way, which has US-ASCII in it. */
const CHARSETS = ['US-ASCII', 'UTF-8'];

/** Keys after their space, to the end of the command. */
export function readProgram(cursor: Cursor, charset: string | null): Program {
  cursor.space();
  if (charset !== null && !CHARSETS.includes(charset.toUpperCase())) return { key: EVERYTHING, knownCharset: false };
  const key = readKeys(cursor);
  cursor.end();
  if (countKeys(key) > MAX_KEYS) cursor.fail(`more than ${MAX_KEYS} search keys`);
  return { key, knownCharset: true };
}

export const badCharset = (): Completion => no('That charset is not known', `BADCHARSET (${CHARSETS.join(' ')})`);
