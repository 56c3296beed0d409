// A certificate authority of our own and a certificate for this server: good for local names only.

import { createPrivateKey, webcrypto, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import type * as X509 from '@peculiar/x509';
import { asciiName } from '../base/host-name.ts';

/** PEM, both. */
export interface Authority {
  readonly certificate: string;
  readonly key: string;
}

export interface Certificates {
  /** PEM: the certificate, then the authority's. */
  readonly chain: string;
  readonly key: string;
  /** PEM, for clients to trust. */
  readonly ca: string;
}

/** What is wrong with a certificate that a fault shows. */
export type Flaw = 'expired' | 'wrong-host' | 'self-signed';

/** What the authority may vouch for: whoever trusts it trusts it for nothing else. */
const PERMITTED_DOMAINS = ['localhost', 'test'];
const LOOPBACK_V4 = [127, 0, 0, 0, 255, 0, 0, 0];
const LOOPBACK_V6 = [...Array<number>(15).fill(0), 1, ...Array<number>(16).fill(255)];

/** Whom a certificate is for. */
export interface Identity {
  /** What it is known as. */
  readonly name: string;
  /** All host names and IP addresses that it answers to. */
  readonly names: readonly string[];
}

const LOCAL = ['localhost', '127.0.0.1', '::1'];
const SERVER = 'mailrig.test';
const ELSEWHERE: Identity = { name: 'elsewhere.test', names: ['elsewhere.test'] };

/** This server; `names` are further host names and IP addresses of it. */
export const serverIdentity = (names: readonly string[]): Identity => ({
  name: SERVER,
  names: [SERVER, `*.${SERVER}`, ...LOCAL, ...names],
});

/** A host of its own name on this machine. */
export function hostIdentity(host: string, address: string): Identity {
  const name = asciiName(host);
  return { name, names: [name, address, ...LOCAL] };
}

/** RFC 5280, ub-common-name; clients compare the other names only. */
const LONGEST_NAME = 64;

const DAY = 86_400_000;
const MONTH = 30 * DAY;
const YEAR = 365 * DAY;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** One element in DER; the content is shorter than 64 kB. */
function der(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...items: Uint8Array[]): Buffer => der(0x30, Buffer.concat(items));

/** One subtree that may be vouched for: a dNSName [2], or an iPAddress [7] with its mask (RFC 5280 §4.2.1.10). */
const domainTree = (domain: string): Buffer => sequence(der(0x82, Buffer.from(domain)));
const networkTree = (network: readonly number[]): Buffer => sequence(der(0x87, Buffer.from(network)));

/** permittedSubtrees [0]. */
const nameConstraints = (trees: readonly Buffer[]): Buffer => sequence(der(0xa0, Buffer.concat(trees)));

/** The library refuses to load before the one that it needs. */
async function loadLibrary(): Promise<typeof X509> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

const isAddress = (name: string): boolean => isIP(name) !== 0;

/** The octets of an IP address. */
function octetsOf(address: string): number[] {
  if (isIP(address) === 4) return address.split('.').map(Number);
  const [head = '', tail] = new URL(`http://[${address}]/`).hostname.slice(1, -1).split('::');
  const groups = (text = ''): number[] => (text === '' ? [] : text.split(':').map((group) => parseInt(group, 16)));
  const [first, last] = [groups(head), groups(tail)];
  return [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last].flatMap((group) => [group >> 8, group & 255]);
}

/** The subtree of one name and what lies below it, or of one address. */
const treeOf = (name: string): Buffer =>
  isAddress(name) ? networkTree([...octetsOf(name), ...octetsOf(name).fill(255)]) : domainTree(name.replace(/^\*\./, ''));

/** Whether the authority may vouch for a host name or an IP address. */
export function permits(certificate: string, name: string): boolean {
  const { raw } = new X509Certificate(certificate);
  if (isAddress(name)) return raw.includes(treeOf(name)) || name.startsWith('127.');
  const labels = name.replace(/^\*\./, '').split('.');
  return labels.some((_, i) => raw.includes(domainTree(labels.slice(i).join('.'))));
}

const generateKeys = (): Promise<webcrypto.CryptoKeyPair> => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);

async function keyPem({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return pem('PRIVATE KEY', Buffer.from(await webcrypto.subtle.exportKey('pkcs8', privateKey)));
}

/** It may vouch for local names, and for `names`: further host names and IP addresses. */
export async function createAuthority(names: readonly string[]): Promise<Authority> {
  const x509 = await loadLibrary();
  const keys = await generateKeys();
  const now = Date.now();
  const trees = [
    ...PERMITTED_DOMAINS.map(domainTree),
    ...names.filter((name) => !isAddress(name)).map(treeOf),
    ...[LOOPBACK_V4, LOOPBACK_V6].map(networkTree),
    ...names.filter(isAddress).map(treeOf),
  ];
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=Mailrig local authority, O=Mailrig',
    notBefore: new Date(now - DAY),
    notAfter: new Date(now + 10 * YEAR),
    signingAlgorithm: ALGORITHM,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      new x509.Extension('2.5.29.30', true, nameConstraints(trees)),
    ],
  });
  return { certificate: `${certificate.toString('pem')}\n`, key: await keyPem(keys) };
}

export async function issueCertificate(authority: Authority, identity: Identity, flaw?: Flaw): Promise<Certificates> {
  const x509 = await loadLibrary();
  const keys = await generateKeys();
  const now = Date.now();
  const ca = new x509.X509Certificate(authority.certificate);
  const caKey = createPrivateKey(authority.key).export({ format: 'der', type: 'pkcs8' });
  const signingKey = await webcrypto.subtle.importKey('pkcs8', caKey, ALGORITHM, false, ['sign']);
  const shown = flaw === 'wrong-host' ? ELSEWHERE : identity;
  const name = `CN=${shown.name.slice(0, LONGEST_NAME)}`;
  const itself = flaw === 'self-signed';
  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: name,
    issuer: itself ? name : ca.subject,
    notBefore: new Date(now - (flaw === 'expired' ? 2 * MONTH : DAY)),
    // Some clients refuse a server certificate that is valid for longer.
    notAfter: new Date(flaw === 'expired' ? now - MONTH : now + YEAR),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: itself ? keys.privateKey : signingKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...[...new Set(shown.names)].map((value) => ({ type: isAddress(value) ? ('ip' as const) : ('dns' as const), value })),
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(itself ? keys.publicKey : ca.publicKey),
    ],
  });
  const chain = `${leaf.toString('pem')}\n${itself ? '' : authority.certificate}`;
  return { chain, key: await keyPem(keys), ca: authority.certificate };
}

/** 16 octets; the first bit is 0 so that the number is positive, the second is 1 so that its length is fixed. */
function serial(): string {
  const octets = webcrypto.getRandomValues(new Uint8Array(16));
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(octets).toString('hex');
}

const pem = (label: string, octets: Buffer): string =>
  `-----BEGIN ${label}-----\n${(octets.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
