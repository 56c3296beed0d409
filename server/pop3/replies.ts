// What the server says: `+OK` or `-ERR`, with a response code where there is one (RFC 2449 §8, RFC 3206).

import type { RefusalCode } from '../base/errors.ts';
import type { AuthFailure } from '../net/sasl.ts';

export type ResponseCode = 'IN-USE' | 'AUTH' | 'SYS/TEMP' | 'SYS/PERM';

export interface Reply {
  /** As it goes over the wire, without its end. */
  readonly line: string;
  /** The client has done something wrong: counts against `maxErrors`. */
  readonly mistake: boolean;
  /** How the session ends after it. */
  readonly parting?: 'close' | 'reset';
  /** Whose words they are, where they are a fault's. */
  readonly faultId?: string;
}

const reply = (line: string, mistake = false): Reply => ({ line, mistake });
const codeOf = (code: ResponseCode | null): string => (code === null ? '' : `[${code}] `);

export const ok = (text: string): Reply => reply(`+OK ${text}`);
export const refused = (text: string, code: ResponseCode | null = null): Reply => reply(`-ERR ${codeOf(code)}${text}`);
export const mistake = (text: string, code: ResponseCode | null = null): Reply => reply(`-ERR ${codeOf(code)}${text}`, true);
export const syntax = (text: string): Reply => mistake(`Syntax: ${text}`);
export const closing = (answer: Reply): Reply => ({ ...answer, parting: 'close' });

/** Numbers with their words: `1 message`. */
export const counted = (count: number, word: string): string => `${count} ${word}${count === 1 ? '' : 's'}`;

export const UNKNOWN_COMMAND = mistake('Unknown command');
export const LINE_TOO_LONG = mistake('Line too long');
export const CONTROL_CHARACTERS = mistake('Control characters are not allowed in a command');
export const INVALID_UTF8 = mistake('Not valid UTF-8');
export const TOO_MANY_ERRORS = closing(refused('Too many errors'));
export const LOCAL_ERROR = refused('Something went wrong here', 'SYS/TEMP');

export const LOGIN_FIRST = mistake('Log in first');
export const ALREADY_LOGGED_IN = mistake('Already logged in');
export const TLS_FIRST = mistake('Send STLS first: logins need TLS here');
export const IN_USE = refused('Another session has this maildrop open', 'IN-USE');
export const BAD_LOGIN = mistake('Invalid user name or password', 'AUTH');

export const AUTH_FAILURES: Readonly<Record<AuthFailure, Reply>> = {
  'unknown-mechanism': mistake('Unknown authentication mechanism'),
  cancelled: refused('Authentication cancelled'),
  'bad-base64': mistake('Cannot decode the response as base64'),
  rejected: BAD_LOGIN,
  unauthorized: mistake('Acting for somebody else is not offered', 'AUTH'),
};

const REFUSALS: Readonly<Record<RefusalCode, ResponseCode | null>> = {
  malformed: null,
  'not-found': null,
  gone: null,
  conflict: null,
  'too-large': 'SYS/PERM',
  unprocessable: 'SYS/PERM',
  'storage-full': 'SYS/TEMP',
  busy: 'SYS/TEMP',
  unavailable: 'SYS/TEMP',
  'auth-required': null,
  'auth-failed': 'AUTH',
  forbidden: 'SYS/PERM',
};

/** Control characters in a text from below must not make a second line of it. */
const oneLine = (text: string): string => text.replace(/[\x00-\x1f\x7f]+/g, ' ').slice(0, 400);

export const refusalReply = (code: RefusalCode, text: string): Reply => refused(oneLine(text), REFUSALS[code]);
