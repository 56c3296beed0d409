// SCRAM (RFC 5802, RFC 7677): both sides prove that they know the password, and nobody who listens learns it.

import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import type { Mechanism } from './mechanism.ts';
import { same, textOf } from './mechanism.ts';
import { saslName } from './oauth.ts';

export type ScramHash = 'sha1' | 'sha256';

export interface ScramParts {
  /** The server's share of the nonce: printable, no comma. */
  nonce(): string;
  salt(user: string): Buffer;
  readonly iterations: number;
}

/** The least that RFC 7677 §4 allows: who tests logs in often. */
const ITERATIONS = 4096;
const OCTETS: Readonly<Record<ScramHash, number>> = { sha1: 20, sha256: 32 };
const SECRET = randomBytes(32);

/** The salt of a user is always the same, also of one who does not exist: nobody learns who does. */
const PARTS: ScramParts = {
  nonce: () => randomBytes(18).toString('base64'),
  salt: (user) => createHmac('sha256', SECRET).update(user).digest().subarray(0, 16),
  iterations: ITERATIONS,
};

const derive = promisify(pbkdf2);

/** Null for what may not be in a password. */
async function prepared(text: string): Promise<string | null> {
  const { default: saslprep } = await import('@mongodb-js/saslprep');
  try {
    return saslprep(text, { allowUnassigned: true });
  } catch {
    return null;
  }
}

const CLIENT_FIRST = /^([ny],(?:a=([^,]*))?,)(n=([^,]+),r=([\x21-\x2b\x2d-\x7e]+)(?:,.*)?)$/;
const CLIENT_FINAL = /^((?:c=([A-Za-z0-9+/=]+),r=([\x21-\x2b\x2d-\x7e]+))(?:,[^p].*)?),p=([A-Za-z0-9+/=]+)$/;

interface Keys {
  readonly client: Buffer;
  readonly server: Buffer;
}

export const scram = (hash: ScramHash, parts: ScramParts = PARTS): Mechanism => {
  const hmac = (key: Buffer, text: string): Buffer => createHmac(hash, key).update(text).digest();

  async function keysOf(password: string, salt: Buffer): Promise<Keys> {
    const salted = await derive(password, salt, parts.iterations, OCTETS[hash], hash);
    return { client: hmac(salted, 'Client Key'), server: hmac(salted, 'Server Key') };
  }

  return async (answer, users) => {
    // A channel binding (`p=`) and mandatory extensions (`m=`) are not offered: they do not fit the pattern.
    const [, header, identity, bare, encoded, clientNonce] = CLIENT_FIRST.exec(textOf(await answer('')) ?? '') ?? [];
    if (header === undefined || bare === undefined || encoded === undefined || clientNonce === undefined) return null;
    const name = saslName(encoded);
    if (name === null || (identity && saslName(identity) !== name)) return null;

    const nonce = clientNonce + parts.nonce();
    const salt = parts.salt(name);
    const serverFirst = `r=${nonce},s=${salt.toString('base64')},i=${parts.iterations}`;
    const [, unproven, binding, repeated, proof] = CLIENT_FINAL.exec(textOf(await answer(serverFirst)) ?? '') ?? [];
    if (unproven === undefined || binding === undefined || proof === undefined) return null;

    const secret = users.secretOf(name);
    const password = await prepared(secret ?? '');
    const keys = await keysOf(password ?? '', salt);
    const message = `${bare},${serverFirst},${unproven}`;
    const stored = createHash(hash).update(keys.client).digest();
    const signature = hmac(stored, message);
    const wanted = Buffer.from(keys.client.map((octet, i) => octet ^ (signature[i] ?? 0)));
    const good = same(Buffer.from(proof, 'base64'), wanted);
    if (typeof secret !== 'string' || password === null || !good) return null;
    if (repeated !== nonce || Buffer.from(binding, 'base64').toString() !== header) return null;
    await answer(`v=${hmac(keys.server, message).toString('base64')}`);
    return name;
  };
};
