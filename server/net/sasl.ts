// Logging in by SASL (RFC 4422): one function for each mechanism, which asks and waits for the answer.

import { cramMd5 } from './sasl/digest.ts';
import { Abandoned } from './sasl/mechanism.ts';
import type { AuthFailure, Mechanism, Users } from './sasl/mechanism.ts';
import { oauthBearer, xoauth2 } from './sasl/oauth.ts';
import { login, plain } from './sasl/plain.ts';
import { scram } from './sasl/scram.ts';

export { apop, timestamp } from './sasl/digest.ts';
export type { AuthFailure, Users } from './sasl/mechanism.ts';

/** Sends a challenge and gives the answer, both as the protocol carries them: base64. */
export type Ask = (challenge: string) => Promise<string>;

export type AuthOutcome = { readonly user: string } | { readonly failure: AuthFailure };

interface Offer {
  readonly run: Mechanism;
  /** Cannot be done without knowing the password: here the server proves that it does. */
  readonly needsList?: true;
}

/** In the order of preference. */
const MECHANISMS: ReadonlyMap<string, Offer> = new Map<string, Offer>([
  ['PLAIN', { run: plain }],
  ['LOGIN', { run: login }],
  ['CRAM-MD5', { run: cramMd5 }],
  ['SCRAM-SHA-1', { run: scram('sha1'), needsList: true }],
  ['SCRAM-SHA-256', { run: scram('sha256'), needsList: true }],
  ['XOAUTH2', { run: xoauth2 }],
  ['OAUTHBEARER', { run: oauthBearer }],
]);

const isOffered = ({ needsList }: Offer, users: Users): boolean => needsList !== true || users.listed;

/** The names of the mechanisms by which these users can log in, in the order of preference. */
export const mechanismsFor = (users: Users): readonly string[] =>
  Array.from(MECHANISMS).flatMap(([name, offer]) => (isOffered(offer, users) ? name : []));

function decode(answer: string): Buffer {
  if (answer === '*') throw new Abandoned('cancelled');
  if (!/^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(answer)) throw new Abandoned('bad-base64');
  return Buffer.from(answer, 'base64');
}

/**
 * `initial` is the initial response as it stood in the command, null where there was none; `=` is an empty one (RFC 4954 §4).
 * What `ask` throws (the connection ended) is passed on.
 */
export async function authenticate(mechanism: string, initial: string | null, ask: Ask, users: Users): Promise<AuthOutcome> {
  const offer = MECHANISMS.get(mechanism.toUpperCase());
  if (offer === undefined || !isOffered(offer, users)) return { failure: 'unknown-mechanism' };
  let early = initial === '=' ? '' : initial;
  try {
    const user = await offer.run(async (challenge) => {
      const reply = early ?? (await ask(Buffer.from(challenge).toString('base64')));
      early = null;
      return decode(reply);
    }, users);
    return user === null ? { failure: 'rejected' } : { user };
  } catch (error) {
    if (error instanceof Abandoned) return { failure: error.failure };
    throw error;
  }
}
