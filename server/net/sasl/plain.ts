// PLAIN (RFC 4616) and LOGIN (draft-murchison-sasl-login): the password itself is sent.

import type { Mechanism } from './mechanism.ts';
import { Abandoned, textOf } from './mechanism.ts';

/** Authorization identity NUL name NUL password. Acting for somebody else is not offered. */
export const plain: Mechanism = async (answer, users) => {
  const parts = textOf(await answer(''))?.split('\0');
  const [identity, name, password, more] = parts ?? [];
  if (name === undefined || password === undefined || more !== undefined) return null;
  const user = users.login(name, password);
  if (user !== null && identity !== '' && identity !== name) throw new Abandoned('unauthorized');
  return user;
};

export const login: Mechanism = async (answer, users) => {
  const name = textOf(await answer('Username:'));
  const password = textOf(await answer('Password:'));
  return name === null || password === null ? null : users.login(name, password);
};
