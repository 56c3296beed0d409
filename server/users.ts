// Who may log in: anybody, or those of a file.

import { createHash, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ParseError, Unusable } from './base/errors.ts';
import { accountOf } from './mail/address.ts';
import type { Users } from './net/sasl.ts';
import { EVERYONE } from './store/state.ts';

/** Passwords by account. */
export type UserList = ReadonlyMap<string, string>;

/**
 * Lines are `name:password`; empty ones and those that begin with `#` are skipped. The name is an account or `*`, the password
 * is all that follows the first colon. Throws ParseError with the column; `line` (from 1) is in its message.
 */
export function parseUsers(text: string): UserList {
  const users = new Map<string, string>();
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r?\n/)
    .entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const fail = (message: string, column: number): never => {
      throw new ParseError(`line ${index + 1}, column ${column}: ${message}`, column);
    };
    const colon = line.indexOf(':');
    if (colon < 0) fail('":" expected between name and password', line.length + 1);
    const name = line.slice(0, colon).trim();
    if (name === '') fail('name expected before ":"', 1);
    const control = line.search(/[\x00-\x1f\x7f]/);
    if (control >= 0) fail('control characters are in no name and no password', control + 1);
    if (colon === line.length - 1) fail('password expected after ":"', colon + 2);
    const account = accountOf(name);
    if (users.has(account)) fail(`${account} stands here twice`, 1);
    users.set(account, line.slice(colon + 1));
  }
  return users;
}

/** Throws Unusable, which names the file and the place in it. */
export async function readUsers(file: string): Promise<UserList> {
  try {
    return parseUsers(new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Unusable(error instanceof ParseError ? `${file}, ${reason}` : `${file} cannot be read: ${reason}`);
  }
}

const digest = (text: string): Buffer => createHash('sha256').update(text.normalize('NFKC')).digest();
const same = (given: string, wanted: string): boolean => timingSafeEqual(digest(given), digest(wanted));

/** Octets of the longest address that RFC 5321 §4.5.3.1 allows: nobody has a longer name. */
const LONGEST_NAME = 64 + 1 + 255;

/** Whether an account can have that name. */
const isName = (account: string): boolean => account !== '' && Buffer.byteLength(account) <= LONGEST_NAME && !/\p{Cc}/u.test(account);

/** `list` null: anybody, with any password, but for account `*` with `everyone` where that is given. */
export function createUsers(list: UserList | null, everyone: string | null = null): Users {
  const secretOf = (user: string): string | null | undefined => {
    const account = accountOf(user);
    if (list !== null) return list.get(account);
    return account === EVERYONE ? everyone : null;
  };
  return {
    listed: list !== null,
    secretOf,
    login(user, password) {
      const secret = secretOf(user);
      if (secret === undefined || !isName(accountOf(user))) return null;
      return secret === null || same(password, secret) ? user : null;
    },
  };
}
