// How a command is completed: the tagged line, and what is said where something thrown ends it (RFC 5530).

import { ParseError, Refusal } from '../base/errors.ts';
import type { RefusalCode } from '../base/errors.ts';
import { LineTooLong } from '../net/ended.ts';
import { bad, no } from './command.ts';
import type { Completion } from './command.ts';

const CODES: Readonly<Record<RefusalCode, string>> = {
  malformed: 'CLIENTBUG',
  'not-found': 'NONEXISTENT',
  gone: 'NONEXISTENT',
  conflict: 'CANNOT',
  'too-large': 'TOOBIG',
  unprocessable: 'CANNOT',
  'storage-full': 'OVERQUOTA',
  busy: 'LIMIT',
  unavailable: 'UNAVAILABLE',
  'auth-required': 'AUTHORIZATIONFAILED',
  'auth-failed': 'AUTHENTICATIONFAILED',
  forbidden: 'NOPERM',
};

/** Nothing of a text may begin a line of its own. */
const oneLine = (text: string): string => text.replace(/[\r\n\0]+/g, ' ');

export const completionLine = (tag: string, { status, code, text }: Completion): string =>
  `${tag} ${status} ${code === undefined ? '' : `[${code}] `}${oneLine(text)}`;

/** Null for a bug: its words are not for the client. */
export function completionOf(error: unknown): Completion | null {
  if (error instanceof ParseError) return bad(`${error.message} (at ${error.column})`);
  if (error instanceof LineTooLong) return bad('The line is too long');
  if (error instanceof Refusal) return no(error.message, CODES[error.code]);
  return null;
}

export const BUG = no('Something went wrong here', 'SERVERBUG');
