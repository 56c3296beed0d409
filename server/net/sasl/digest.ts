// Proofs of a password by MD5: CRAM-MD5 (RFC 2195) and POP3's APOP (RFC 1939 §7).

import { createHash, createHmac, randomBytes } from 'node:crypto';
import type { Mechanism, Users } from './mechanism.ts';
import { same, textOf } from './mechanism.ts';

const DIGEST = /^[0-9a-f]{32}$/i;

/** A text in angle brackets that no client has seen before; also what stands in POP3's greeting for APOP. */
export const timestamp = (host: string): string => `<${randomBytes(12).toString('hex')}.${Date.now()}@${host}>`;

/** The name where `digest` (in hex) is what `proof` makes of the user's password. */
function proven(users: Users, name: string, digest: string, proof: (secret: string) => Buffer): string | null {
  if (!DIGEST.test(digest) || name === '') return null;
  const secret = users.secretOf(name);
  // For a user who is not there the same is done: the time must not tell.
  const wanted = proof(secret ?? '');
  if (secret === undefined) return null;
  return secret === null || same(Buffer.from(digest, 'hex'), wanted) ? name : null;
}

export const cramMd5: Mechanism = async (answer, users) => {
  const challenge = timestamp('mailrig.test');
  const reply = textOf(await answer(challenge)) ?? '';
  // A name may hold spaces, a digest none.
  const space = reply.lastIndexOf(' ');
  if (space < 0) return null;
  return proven(users, reply.slice(0, space), reply.slice(space + 1), (secret) => createHmac('md5', secret).update(challenge).digest());
};

/** `banner` is the timestamp of the greeting, with its brackets. Answers the name, null where the digest is wrong. */
export const apop = (users: Users, name: string, digest: string, banner: string): string | null =>
  proven(users, name, digest, (secret) =>
    createHash('md5')
      .update(banner + secret)
      .digest(),
  );
