// What TLS needs: the certificate given by its files, or one of our own, made when it is first asked for.

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { SecureContext } from 'node:tls';
import { createSecureContext } from 'node:tls';
import { createCertificates } from './certificates.ts';

export interface Tls {
  /** Made once, at the first call. Throws an Error that names the file where it cannot be read. */
  context(): Promise<SecureContext>;
  /** Our own authority's certificate; null where the certificate was given. */
  caPem(): Promise<string | null>;
}

export interface TlsOptions {
  /** Files (PEM), both or none. */
  readonly cert: string | null;
  readonly key: string | null;
  /** Further host names and IP addresses for our own certificate. */
  readonly names: readonly string[];
}

interface Material {
  readonly context: SecureContext;
  readonly ca: string | null;
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
  return { context: createSecureContext({ cert: certificate.pem, key: privateKey.pem }), ca: null };
}

async function own(names: readonly string[]): Promise<Material> {
  const { chain, key, ca } = await createCertificates(names);
  return { context: createSecureContext({ cert: chain, key }), ca };
}

export function createTls({ cert, key, names }: TlsOptions): Tls {
  let made: Promise<Material> | undefined;
  const material = (): Promise<Material> => (made ??= cert !== null && key !== null ? given(cert, key) : own(names));
  return {
    context: async () => (await material()).context,
    caPem: async () => (await material()).ca,
  };
}
