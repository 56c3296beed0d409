// XOAUTH2 (Google's) and OAUTHBEARER (RFC 7628): a bearer token is sent in place of a password.

import type { Answer, Mechanism, Users } from './mechanism.ts';
import { textOf } from './mechanism.ts';

/** A failure is told as a challenge; the client answers it with something empty, and only then is it refused (RFC 7628 §3.2.3). */
async function judge(
  answer: Answer,
  users: Users,
  name: string | undefined,
  token: string | undefined,
  failure: object,
): Promise<string | null> {
  const user = name === undefined || token === undefined ? null : users.login(name, token);
  if (user === null) await answer(JSON.stringify(failure));
  return user;
}

const SEPARATOR = '\x01';

const XOAUTH2 = /^user=([^\x01]+)\x01auth=Bearer ([\x21-\x7e]+)\x01\x01$/i;

export const xoauth2: Mechanism = async (answer, users) => {
  const [, name, token] = XOAUTH2.exec(textOf(await answer('')) ?? '') ?? [];
  return judge(answer, users, name, token, { status: '401', schemes: 'bearer', scope: 'mail' });
};

/** The name as it stands in a GS2 header (RFC 5801 §4): `=2C` is a comma, `=3D` an equals sign. Null where it is malformed. */
export const saslName = (text: string): string | null => (/=(?!2C|3D)/.test(text) ? null : text.replace(/=2C/g, ',').replace(/=3D/g, '='));

export const oauthBearer: Mechanism = async (answer, users) => {
  const [header = '', ...pairs] = (textOf(await answer('')) ?? '').split(SEPARATOR);
  const [, identity] = /^[ny],a=([^,]+),$/.exec(header) ?? [];
  const bearer = pairs.map((pair) => /^auth=Bearer ([\x21-\x7e]+)$/i.exec(pair)?.[1]).find((token) => token !== undefined);
  const whole = pairs.length >= 3 && pairs.at(-1) === '' && pairs.at(-2) === '';
  const name = identity === undefined || !whole ? null : saslName(identity);
  return judge(answer, users, name ?? undefined, bearer, { status: 'invalid_token', scope: 'mail' });
};
