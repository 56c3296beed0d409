// What TLS needs: the certificate given by its files, or one of our own, made when it is first asked for.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import type { Log } from '../base/log.ts';
import { keepAuthority, readAuthority } from './authority.ts';
import { createAuthority, hostIdentity, issueCertificate, serverIdentity } from './certificates.ts';
import type { Authority, Flaw, Identity } from './certificates.ts';

/** Each made once, at the first call. Throws an Error that names the file where it cannot be read. */
export type SecureContexts = (flaw?: Flaw) => Promise<SecureContext>;

export interface Tls {
  readonly context: SecureContexts;
  /** Of a host that has a name of its own; the certificate that was given is shown there too. */
  contextsOf(host: string, address: string): SecureContexts;
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

/** What all certificates come from. */
type Root =
  | { readonly authority: Authority }
  /** It was given, and there is no other. */
  | { readonly authority: null; readonly context: SecureContext };

async function readPem<T>(path: string, what: string, parse: (pem: Buffer) => T): Promise<{ pem: Buffer; parsed: T }> {
  try {
    const pem = await readFile(path);
    return { pem, parsed: parse(pem) };
  } catch (error) {
    throw new Error(`${what} ${path}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

async function given(cert: string, key: string): Promise<Root> {
  const certificate = await readPem(cert, 'certificate', (pem) => new X509Certificate(pem));
  const privateKey = await readPem(key, 'key', (pem) => createPrivateKey(pem));
  if (!certificate.parsed.checkPrivateKey(privateKey.parsed)) throw new Error(`key ${key} does not belong to certificate ${cert}`);
  return { authority: null, context: createSecureContext({ cert: certificate.pem, key: privateKey.pem }) };
}

const own = async ({ names, kept }: TlsOptions): Promise<Root> => ({
  authority: kept ? await keepAuthority({ ...kept, names }) : await createAuthority(names),
});

async function contextOf(root: Root, identity: Identity, flaw: Flaw | undefined): Promise<SecureContext> {
  if (root.authority === null && flaw === undefined) return root.context;
  // Nobody is to trust a flawed one: any authority will do where we have none.
  const { chain, key } = await issueCertificate(root.authority ?? (await createAuthority([])), identity, flaw);
  return createSecureContext({ cert: chain, key });
}

/** At the first call, and again after one that failed: it may go better next time, a disk may have been full. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () =>
    (made ??= make().catch((error: unknown) => {
      made = undefined;
      throw error;
    }));
}

export function createTls(options: TlsOptions): Tls {
  const { cert, key, kept, names } = options;
  const rootOf = once(() => (cert !== null && key !== null ? given(cert, key) : own(options)));

  function contextsFor(identity: Identity): SecureContexts {
    const known = new Map<Flaw | undefined, () => Promise<SecureContext>>();
    return (flaw) => {
      const context = known.get(flaw) ?? once(async () => contextOf(await rootOf(), identity, flaw));
      known.set(flaw, context);
      return context();
    };
  }

  return {
    async check() {
      if (cert !== null) await rootOf();
      // Making a certificate takes longer, and can wait until somebody asks for it.
      else if (kept) await readAuthority(kept.folder);
    },
    context: contextsFor(serverIdentity(names)),
    contextsOf: (host, address) => contextsFor(hostIdentity(host, address)),
    caPem: async () => (await rootOf()).authority?.certificate ?? null,
  };
}
