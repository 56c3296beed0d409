// Our own certificates as clients judge them: Node's TLS, and the rules of RFC 5280.

import { once } from 'node:events';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer } from 'node:tls';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAuthority, hostIdentity, issueCertificate, serverIdentity } from '../../../server/net/certificates.ts';
import type { Authority, Certificates, Flaw } from '../../../server/net/certificates.ts';
import { createTls } from '../../../server/net/tls.ts';

const createCertificates = async (names: readonly string[]): Promise<Certificates> =>
  issueCertificate(await createAuthority(names), serverIdentity(names));

let authority: Authority;
let made: Certificates;
beforeAll(async () => {
  const names = ['mail.shop.example', '192.0.2.7', '2001:db8::7'];
  authority = await createAuthority(names);
  made = await issueCertificate(authority, serverIdentity(names));
});

/** The error with which a client that trusts only `ca` refuses the server, null where it does not. */
async function refusal(certificates: Certificates, servername: string): Promise<string | null> {
  const server = createServer({ cert: certificates.chain, key: certificates.key });
  server.on('tlsClientError', () => undefined);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ port, host: '127.0.0.1', servername, ca: certificates.ca });
  const error = await new Promise<Error | null>((resolve) => {
    socket.once('secureConnect', () => resolve(null));
    socket.once('error', resolve);
  });
  socket.destroy();
  server.close();
  return error === null ? null : ((error as NodeJS.ErrnoException).code ?? error.message);
}

describe('the server certificate', () => {
  it.each(['localhost', 'mailrig.test', 'mx1.mailrig.test', 'mail.shop.example'])('is good for %s', async (name) => {
    expect(await refusal(made, name)).toBe(null);
  });

  it.each(['127.0.0.1', '::1', '192.0.2.7', '2001:db8::7'])('is good for the address %s', (address) => {
    expect(new X509Certificate(made.chain).checkIP(address)).toBe(address);
  });

  it('is not good for other names', async () => {
    expect(await refusal(made, 'bank.example')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
  });

  it('is signed by the authority and lasts for a year', () => {
    const leaf = new X509Certificate(made.chain);
    const ca = new X509Certificate(made.ca);
    expect(leaf.checkIssued(ca) && leaf.verify(ca.publicKey)).toBe(true);
    expect([leaf.ca, ca.ca]).toEqual([false, true]);
    const days = (Date.parse(leaf.validTo) - Date.parse(leaf.validFrom)) / 86_400_000;
    expect(days).toBeGreaterThan(360);
    expect(days).toBeLessThan(398);
    for (const { serialNumber } of [leaf, ca]) expect(serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
  });

  it('is another one each time', async () => {
    const other = await createCertificates([]);
    expect(new X509Certificate(other.chain).serialNumber).not.toBe(new X509Certificate(made.chain).serialNumber);
    expect(await refusal({ ...other, ca: made.ca }, 'localhost')).toMatch(/UNABLE_TO_VERIFY|SELF_SIGNED|SIGNATURE/);
  });
});

describe('the certificate of a host', () => {
  const issue = async (flaw?: Flaw): Promise<Certificates> =>
    issueCertificate(authority, hostIdentity('mx1.bücher.test', '127.0.0.2'), flaw);

  it('is good for its name and its address, and for no other', async () => {
    const leaf = new X509Certificate((await issue()).chain);
    expect(leaf.subject).toBe('CN=mx1.xn--bcher-kva.test');
    expect(leaf.subjectAltName).toBe(
      'DNS:mx1.xn--bcher-kva.test, IP Address:127.0.0.2, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1',
    );
    expect(leaf.verify(new X509Certificate(made.ca).publicKey)).toBe(true);
  });

  it.each([
    ['expired', 'CERT_HAS_EXPIRED'],
    ['wrong-host', 'ERR_TLS_CERT_ALTNAME_INVALID'],
    ['self-signed', 'DEPTH_ZERO_SELF_SIGNED_CERT'],
  ] as const)('is refused where it is %s', async (flaw, code) => {
    expect(await refusal(await issue(flaw), 'mx1.xn--bcher-kva.test')).toBe(code);
    expect(await refusal(await issue(), 'mx1.xn--bcher-kva.test')).toBe(null);
  });
});

describe('the authority', () => {
  it('is constrained to local names: a critical extension says so', () => {
    const { raw } = new X509Certificate(made.ca);
    // OID 2.5.29.30, then TRUE, as DER.
    const at = raw.indexOf(Buffer.from('0603551d1e0101ff', 'hex'));
    expect(at).toBeGreaterThan(0);
    const extension = raw.subarray(at).toString('latin1');
    for (const name of ['localhost', 'test', 'mail.shop.example']) expect(extension).toContain(name);
    expect(extension).toContain(Buffer.from([0x87, 8, 127, 0, 0, 0, 255, 0, 0, 0]).toString('latin1'));
  });
});

describe('certificates that are given', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'mailrig-tls-'));
    const other = await createCertificates([]);
    await writeFile(file('cert.pem'), made.chain);
    await writeFile(file('key.pem'), made.key);
    await writeFile(file('other.pem'), other.key);
    await writeFile(file('text.pem'), 'hello');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('are read, and there is no authority to hand out', async () => {
    const tls = createTls({ cert: file('cert.pem'), key: file('key.pem'), names: [] });
    expect(await tls.caPem()).toBe(null);
    expect(await tls.context()).toBe(await tls.context());
  });

  it.each([
    ['missing.pem', 'key.pem', /^certificate .*missing\.pem: ENOENT/],
    ['text.pem', 'key.pem', /^certificate .*text\.pem: /],
    ['cert.pem', 'missing.pem', /^key .*missing\.pem: ENOENT/],
    ['cert.pem', 'text.pem', /^key .*text\.pem: /],
    ['cert.pem', 'other.pem', /^key .*other\.pem does not belong to certificate .*cert\.pem$/],
  ])('%s with %s are refused by name', async (cert, key, message) => {
    await expect(createTls({ cert: file(cert), key: file(key), names: [] }).context()).rejects.toThrow(message);
  });
});
