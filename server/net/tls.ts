// What TLS needs: the certificate given by its files, or one of our own, made when it is first asked for.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { Log } from '../base/log.ts';
import { keepAuthority, readAuthority } from './authority.ts';
import { createAuthority, issueCertificate } from './certificates.ts';
import type { Authority, Flaw } from './certificates.ts';

export interface Tls {
  /** Each made once, at the first call. Throws an Error that names the file where it cannot be read. */
  context(flaw?: Flaw): Promise<SecureContext>;
  /** Our own authority's certificate; null where the certificate was given. */
  caPem(): Promise<string | null>;
  /** Reads what lies in files, so that what is wrong with it is said before anybody waits for it. */
  check(): Promise<void>;
}

export interface TlsOptions {
  /** Files (PEM), both or none. */
  readonly cert: string | null;
  readonly key: string | null;
  /** Further host names and IP addresses for our own certificate. */
  readonly names: readonly string[];
  /** The folder in which our own authority is kept; without one it is gone with this process. */
  readonly kept?: { readonly folder: string; readonly log: Pick<Log, 'info' | 'warn'> } | undefined;
}

interface Material {
  readonly context: SecureContext;
  readonly ca: string | null;
  /** Ours; null where the certificate was given. */
  readonly authority: Authority | null;
}

async function readPem<T>(path: string, what: string, parse: (pem: Buffer) => T): Promise<{ pem: Buffer; parsed: T }> {
  try {
    const pem = await readFile(path);
    return { pem, parsed: parse(pem) };
  } catch (error) {
    throw new Error(`${what} ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function given(cert: string, key: string): Promise<Material> {
  const certificate = await readPem(cert, 'certificate', (pem) => new X509Certificate(pem));
  const privateKey = await readPem(key, 'key', (pem) => createPrivateKey(pem));
  if (!certificate.parsed.checkPrivateKey(privateKey.parsed)) throw new Error(`key ${key} does not belong to certificate ${cert}`);
  return { context: createSecureContext({ cert: certificate.pem, key: privateKey.pem }), ca: null, authority: null };
}

async function own({ names, kept }: TlsOptions): Promise<Material> {
  const authority = kept ? await keepAuthority({ ...kept, names }) : await createAuthority(names);
  const { chain, key, ca } = await issueCertificate(authority, names);
  return { context: createSecureContext({ cert: chain, key }), ca, authority };
}

/** Nobody is to trust it: any authority will do where we have none. */
async function flawed(authority: Authority | null, names: readonly string[], flaw: Flaw): Promise<SecureContext> {
  const { chain, key } = await issueCertificate(authority ?? (await createAuthority(names)), names, flaw);
  return createSecureContext({ cert: chain, key });
}

export function createTls(options: TlsOptions): Tls {
  const { cert, key, kept } = options;
  const make = (): Promise<Material> => (cert !== null && key !== null ? given(cert, key) : own(options));
  let made: Promise<Material> | undefined;
  const material = (): Promise<Material> =>
    (made ??= make().catch((error: unknown) => {
      // It may go better next time: a disk may have been full.
      made = undefined;
      throw error;
    }));
  const bad = new Map<Flaw, Promise<SecureContext>>();
  const badContext = (flaw: Flaw): Promise<SecureContext> => {
    const context = bad.get(flaw) ?? material().then(({ authority }) => flawed(authority, options.names, flaw));
    bad.set(flaw, context);
    context.catch(() => bad.delete(flaw));
    return context;
  };
  return {
    async check() {
      if (cert !== null) await material();
      // Making a certificate takes longer, and can wait until somebody asks for it.
      else if (kept) await readAuthority(kept.folder);
    },
    context: async (flaw) => (flaw === undefined ? (await material()).context : badContext(flaw)),
    caPem: async () => (await material()).ca,
  };
}
