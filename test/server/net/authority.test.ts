import { X509Certificate } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Unusable } from '../../../server/base/errors.ts';
import { CERTIFICATE_FILE, keepAuthority, KEY_FILE, readAuthority } from '../../../server/net/authority.ts';
import type { AuthorityOptions } from '../../../server/net/authority.ts';
import { createAuthority, issueCertificate, permits, serverIdentity } from '../../../server/net/certificates.ts';
import type { Authority } from '../../../server/net/certificates.ts';

const DAY = 86_400_000;

let folder: string;
let said: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mailrig-ca-'));
  said = [];
});
afterEach(() => rm(folder, { recursive: true }));

const path = (name: string): string => join(folder, name);
const keep = (options: Partial<AuthorityOptions> = {}): Promise<Authority> =>
  keepAuthority({
    folder,
    names: ['mailrig.test'],
    log: { info: (line) => said.push(`info ${line}`), warn: (line) => said.push(`warn ${line}`) },
    ...options,
  });

describe('the authority in a folder', () => {
  it('is made once, for its owner alone, and is the same ever after', async () => {
    const made = await keep();
    expect(await keep()).toEqual(made);
    expect(await readAuthority(folder)).toEqual(made);
    for (const name of [CERTIFICATE_FILE, KEY_FILE]) expect((await stat(path(name))).mode & 0o777).toBe(0o600);
    expect(said).toEqual([`info a certificate authority was made: ${path(CERTIFICATE_FILE)}`]);
  });

  it('signs a new certificate at every start, which who trusts it trusts', async () => {
    const [first, second] = [
      await issueCertificate(await keep(), serverIdentity([])),
      await issueCertificate(await keep(), serverIdentity([])),
    ];
    const ca = new X509Certificate(first.ca);
    for (const { chain } of [first, second]) expect(new X509Certificate(chain).verify(ca.publicKey)).toBe(true);
    expect(second.key).not.toBe(first.key);
  });

  it('is made anew when it is about to end, and that is said', async () => {
    const made = await keep();
    const ends = Date.parse(new X509Certificate(made.certificate).validTo);
    expect(await keep({ now: () => ends - 31 * DAY })).toEqual(made);
    const renewed = await keep({ now: () => ends - 29 * DAY });
    expect(renewed).not.toEqual(made);
    expect(await readAuthority(folder)).toEqual(renewed);
    expect(said[1]).toMatch(/^warn .*made anew, since it is valid until \d{4}-.* only; trust its new certificate: .*ca\.pem$/);
  });

  it('is made anew for a name that it may not vouch for, and kept for fewer', async () => {
    const made = await keep({ names: ['mx1.shop.test'] });
    expect(await keep({ names: ['other.test', '127.0.0.1'] })).toEqual(made);
    const wider = await keep({ names: ['mail.shop.example'] });
    expect(wider).not.toEqual(made);
    expect(said[1]).toContain('since it may not vouch for mail.shop.example;');
    expect(await keep()).toEqual(wider);
  });

  it('whose certificate never got there is made anew', async () => {
    const { key } = await keep();
    await rm(path(CERTIFICATE_FILE));
    expect((await keep()).key).not.toBe(key);
  });

  it.each<[string, string, string | null, RegExp]>([
    ['a key that is gone', KEY_FILE, null, /ca\.key is missing, .*remove/],
    ['a damaged key', KEY_FILE, '-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n', /ca\.key is damaged: .*remove/],
    ['an empty key', KEY_FILE, '', /ca\.key is damaged: .*remove/],
    ['a damaged certificate', CERTIFICATE_FILE, 'hello', /ca\.pem is damaged: .*remove/],
  ])('with %s is refused by name, with what to do', async (_what, name, content, message) => {
    await keep();
    if (content === null) await rm(path(name));
    else await writeFile(path(name), content);
    await expect(keep()).rejects.toThrow(Unusable);
    await expect(keep()).rejects.toThrow(message);
    if (content !== null) expect(await readFile(path(name), 'utf8')).toBe(content);
  });

  it.each<[string, (other: Authority, leaf: { chain: string; key: string }) => Promise<void>, RegExp]>([
    ["another one's key", (other) => writeFile(path(KEY_FILE), other.key), /ca\.key does not belong to .*ca\.pem/],
    [
      'a certificate of a server',
      (_other, { chain }) => writeFile(path(CERTIFICATE_FILE), chain),
      /ca\.pem is no certificate of an authority/,
    ],
  ])('with %s is refused', async (_what, spoil, message) => {
    const made = await keep();
    await spoil(await createAuthority([]), await issueCertificate(made, serverIdentity([])));
    await expect(keep()).rejects.toThrow(message);
  });

  it('that cannot be read is refused by name', async () => {
    await keep();
    // The rights of a file mean nothing to root.
    await rm(path(KEY_FILE));
    await mkdir(path(KEY_FILE));
    await expect(keep()).rejects.toThrow(/ca\.key cannot be read: EISDIR/);
  });

  it('that cannot be written is refused by name', async () => {
    await expect(keep({ folder: path('nowhere') })).rejects.toThrow(/nowhere.ca\.pem and .*ca\.key cannot be written: ENOENT/);
  });
});

describe('an authority for mail.shop.example, 192.0.2.7 and 2001:db8::7', () => {
  it.each([
    ['localhost', true],
    ['mailrig.test', true],
    ['*.mailrig.test', true],
    ['mail.shop.example', true],
    ['mx.mail.shop.example', true],
    ['shop.example', false],
    ['example', false],
    ['nottest', false],
    ['192.0.2.7', true],
    ['192.0.2.8', false],
    ['2001:db8::7', true],
    ['2001:0db8:0:0:0:0:0:7', true],
    ['2001:db8::8', false],
  ])('may vouch for %s: %s', async (name, expected) => {
    const { certificate } = await createAuthority(['mail.shop.example', '192.0.2.7', '2001:db8::7']);
    expect(permits(certificate, name)).toBe(expected);
  });

  it.each(['127.0.0.1', '127.8.9.10', '::1'])('may vouch for the loopback %s', async (address) => {
    expect(permits((await createAuthority([])).certificate, address)).toBe(true);
  });
});
