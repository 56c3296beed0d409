// A certificate authority of our own and a certificate for this server, made in memory: good for local names only.

import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';

export interface Certificates {
  /** PEM: the certificate, then the authority's. */
  readonly chain: string;
  readonly key: string;
  /** PEM, for clients to trust. */
  readonly ca: string;
}

/** What the authority may vouch for: whoever trusts it trusts it for nothing else. */
const PERMITTED_DOMAINS = ['localhost', 'test'];
const LOOPBACK_V4 = [127, 0, 0, 0, 255, 0, 0, 0];
const LOOPBACK_V6 = [...Array<number>(15).fill(0), 1, ...Array<number>(16).fill(255)];

const NAMES = ['localhost', 'mailrig.test', '*.mailrig.test'];
const LOOPBACK = ['127.0.0.1', '::1'];

const YEAR = 365 * 86_400_000;
const ALGORITHM = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

/** One element in DER; the content is shorter than 64 kB. */
function der(tag: number, content: Uint8Array): Buffer {
  const { length } = content;
  const size = length < 128 ? [length] : length < 256 ? [0x81, length] : [0x82, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

const sequence = (...items: Uint8Array[]): Buffer => der(0x30, Buffer.concat(items));

/** RFC 5280 §4.2.1.10: permittedSubtrees [0], each with a dNSName [2] or an iPAddress [7] with its mask. */
function nameConstraints(domains: readonly string[], networks: readonly (readonly number[])[]): Buffer {
  const names = domains.map((domain) => sequence(der(0x82, Buffer.from(domain))));
  const blocks = networks.map((network) => sequence(der(0x87, Buffer.from(network))));
  return sequence(der(0xa0, Buffer.concat([...names, ...blocks])));
}

const networkOf = (address: string, bytes: Uint8Array): number[] => [...bytes, ...Array<number>(isIP(address) === 6 ? 16 : 4).fill(255)];

/** `names` are further host names and IP addresses of this server. */
export async function createCertificates(names: readonly string[]): Promise<Certificates> {
  // The library refuses to load before this one.
  await import('reflect-metadata');
  const x509 = await import('@peculiar/x509');
  const generate = (): Promise<webcrypto.CryptoKeyPair> => webcrypto.subtle.generateKey(ALGORITHM, true, ['sign', 'verify']);
  const [caKeys, keys] = await Promise.all([generate(), generate()]);

  const now = Date.now();
  const notBefore = new Date(now - 86_400_000);
  const hosts = names.filter((name) => isIP(name) === 0);
  const addresses = names.filter((name) => isIP(name) !== 0);
  const bytesOf = (address: string): Uint8Array => Buffer.from(new x509.GeneralName('ip', address).rawData).subarray(2);

  const ca = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=Mailrig local authority, O=Mailrig',
    notBefore,
    notAfter: new Date(now + 10 * YEAR),
    signingAlgorithm: ALGORITHM,
    keys: caKeys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(caKeys.publicKey),
      new x509.Extension(
        '2.5.29.30',
        true,
        nameConstraints(
          [...PERMITTED_DOMAINS, ...hosts.map((host) => host.replace(/^\*\./, ''))],
          [LOOPBACK_V4, LOOPBACK_V6, ...addresses.map((address) => networkOf(address, bytesOf(address)))],
        ),
      ),
    ],
  });

  const leaf = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: 'CN=mailrig.test',
    issuer: ca.subject,
    notBefore,
    // Some clients refuse a server certificate that is valid for longer.
    notAfter: new Date(now + YEAR),
    signingAlgorithm: ALGORITHM,
    publicKey: keys.publicKey,
    signingKey: caKeys.privateKey,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...[...NAMES, ...hosts].map((value) => ({ type: 'dns' as const, value })),
        ...[...LOOPBACK, ...addresses].map((value) => ({ type: 'ip' as const, value })),
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
      await x509.AuthorityKeyIdentifierExtension.create(caKeys.publicKey),
    ],
  });

  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const caPem = `${ca.toString('pem')}\n`;
  return { chain: `${leaf.toString('pem')}\n${caPem}`, key: pem('PRIVATE KEY', pkcs8), ca: caPem };
}

/** 16 octets; the first bit is 0 so that the number is positive, the second is 1 so that its length is fixed. */
function serial(): string {
  const octets = webcrypto.getRandomValues(new Uint8Array(16));
  octets[0] = ((octets[0] ?? 0) & 0x3f) | 0x40;
  return Buffer.from(octets).toString('hex');
}

const pem = (label: string, octets: Buffer): string =>
  `-----BEGIN ${label}-----\n${(octets.toString('base64').match(/.{1,64}/g) ?? []).join('\n')}\n-----END ${label}-----\n`;
