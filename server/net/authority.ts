// The certificate authority that is kept in a folder: made once, so that who trusts it need not do so again after a restart.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf, Unusable } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { readWhole, writeWhole } from '../base/whole-file.ts';
import { createAuthority, permits } from './certificates.ts';
import type { Authority } from './certificates.ts';

export const CERTIFICATE_FILE = 'ca.pem';
export const KEY_FILE = 'ca.key';

const DAY = 86_400_000;
/** It is made anew when it would end within this time. */
const LEAST_LEFT = 30 * DAY;

export interface AuthorityOptions {
  readonly folder: string;
  /** What it must be able to vouch for, beside local names. */
  readonly names: readonly string[];
  readonly log: Pick<Log, 'info' | 'warn'>;
  /** Real time, ms. */
  readonly now?: () => number;
}

/** The two files, and what to do when they are not good. */
function filesIn(folder: string): { readonly certificate: string; readonly key: string; readonly advice: string } {
  const [certificate, key] = [join(folder, CERTIFICATE_FILE), join(folder, KEY_FILE)];
  return { certificate, key, advice: `Put back a copy, or remove ${certificate} and ${key}: an authority is then made anew.` };
}

function parsed<T>(path: string, advice: string, parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    throw new Unusable(`${path} is damaged: ${reasonOf(error)}. ${advice}`);
  }
}

/** Null where there is none yet. Throws Unusable, which names the file and says what to do. */
export async function readAuthority(folder: string): Promise<Authority | null> {
  const { certificate, key, advice } = filesIn(folder);
  const [certificatePem, keyPem] = [await readWhole(certificate), await readWhole(key)];
  // A key alone is one whose certificate never got there: nobody can have trusted it.
  if (certificatePem === null) return null;
  if (keyPem === null) throw new Unusable(`${key} is missing, and ${certificate} is worth nothing without it. ${advice}`);
  const x509 = parsed(certificate, advice, () => new X509Certificate(certificatePem));
  const privateKey = parsed(key, advice, () => createPrivateKey(keyPem));
  if (!x509.ca) throw new Unusable(`${certificate} is no certificate of an authority. ${advice}`);
  if (privateKey.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Unusable(`${key} is no key on the curve P-256. ${advice}`);
  if (!x509.checkPrivateKey(privateKey)) throw new Unusable(`${key} does not belong to ${certificate}. ${advice}`);
  return { certificate: certificatePem, key: keyPem };
}

/** Why an authority can no longer be used; null where it can. */
function obstacle({ certificate }: Authority, { names, now = Date.now }: AuthorityOptions): string | null {
  const ends = Date.parse(new X509Certificate(certificate).validTo);
  if (ends - now() < LEAST_LEFT) return `it is valid until ${new Date(ends).toISOString()} only`;
  const missing = names.filter((name) => !permits(certificate, name));
  return missing.length === 0 ? null : `it may not vouch for ${missing.join(', ')}`;
}

/** Each file is whole or not there, and the certificate never stands beside another's key. */
async function writeAuthority(folder: string, made: Authority): Promise<void> {
  const { certificate, key } = filesIn(folder);
  await rm(certificate, { force: true });
  await writeWhole(key, made.key);
  await writeWhole(certificate, made.certificate);
}

/** The one that is kept, or a new one where there is none or it is of no more use. Throws Unusable. */
export async function keepAuthority(options: AuthorityOptions): Promise<Authority> {
  const { folder, names, log } = options;
  const kept = await readAuthority(folder);
  const why = kept && obstacle(kept, options);
  if (kept && why === null) return kept;
  const made = await createAuthority(names);
  const { certificate, key } = filesIn(folder);
  await writeAuthority(folder, made).catch((error: unknown) => {
    throw new Unusable(`${certificate} and ${key} cannot be written: ${reasonOf(error)}`);
  });
  if (why === null) log.info(`a certificate authority was made: ${certificate}`);
  else log.warn(`the certificate authority was made anew, since ${why}; trust its new certificate: ${certificate}`);
  return made;
}
