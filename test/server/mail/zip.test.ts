import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { unzipped, zip, zipEntries } from '../../../server/mail/zip.ts';
import type { ZipFile, ZipSource } from '../../../server/mail/zip.ts';
import { all, hostileBytes } from './chunks.ts';

const AT = Date.UTC(2026, 1, 2, 12, 30, 42);
const LIMIT = 1_000_000;

const source = (bytes: Buffer): ZipSource => ({ size: bytes.length, read: (start, end) => Promise.resolve(bytes.subarray(start, end)) });
async function* given(files: readonly [string, Buffer][]): AsyncGenerator<ZipFile> {
  for (const [name, data] of files) yield await Promise.resolve({ name, data, at: AT });
}
const packed = async (...files: [string, Buffer][]): Promise<Buffer> => Buffer.concat(await all(zip(given(files))));
const text = (value: string): Buffer => Buffer.from(value);

async function unpack(bytes: Buffer, limit = LIMIT): Promise<[string, string][]> {
  const from = source(bytes);
  const entries = await zipEntries(from, LIMIT);
  return Promise.all(
    entries.map(async (entry): Promise<[string, string]> => [entry.name, (await unzipped(from, entry, limit)).toString('latin1')]),
  );
}

describe('a zip', () => {
  it('gives back what was put in', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 9 }), hostileBytes)), async (files) => {
        expect(await unpack(await packed(...files))).toEqual(files.map(([name, data]) => [name, data.toString('latin1')]));
      }),
      { numRuns: 50 },
    );
  });

  it('is read by other programs, and theirs here', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'mailrig-'));
    try {
      writeFileSync(join(folder, 'a.zip'), await packed(['ü-ü.eml', text('x'.repeat(1000))], ['b.eml', text('')]));
      const python = `
import zipfile, sys
z = zipfile.ZipFile('a.zip'); assert z.testzip() is None
print([(i.filename, i.file_size, i.date_time) for i in z.infolist()])
with open('b.zip', 'wb') as f:
  class Pipe:
    def write(self, b): return f.write(b)
    def flush(self): pass
  with zipfile.ZipFile(Pipe(), 'w', zipfile.ZIP_DEFLATED) as z:
    z.writestr('folder/', '')
    z.writestr('folder/one.eml', 'one' * 100)
    with z.open(zipfile.ZipInfo('two.eml'), 'w', force_zip64=True) as e: e.write(b'two')
sys.stdout.flush()`;
      const said = execFileSync('python3', ['-c', python], { cwd: folder, encoding: 'utf8' });
      expect(said.trim()).toBe("[('ü-ü.eml', 1000, (2026, 2, 2, 12, 30, 42)), ('b.eml', 0, (2026, 2, 2, 12, 30, 42))]");
      expect(await unpack(readFileSync(join(folder, 'b.zip')))).toEqual([
        ['folder/', ''],
        ['folder/one.eml', 'one'.repeat(100)],
        ['two.eml', 'two'],
      ]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('of more files than 16 bits count has them all', async () => {
    const files = Array.from({ length: 70_000 }, (_, i): [string, Buffer] => [String(i), text('')]);
    const bytes = await packed(...files);
    const entries = await zipEntries(source(bytes), 10_000_000);
    expect([entries.length, entries.at(-1)?.name]).toEqual([70_000, '69999']);
  });
});

/** A zip of one file whose octets at an offset from the mark are others. */
async function spoiled(mark: string, offset: number, ...octets: number[]): Promise<Buffer> {
  const bytes = await packed(['a.eml', text('Hello Hello Hello Hello Hello')], ['b.eml', text('b')]);
  const at = bytes.indexOf(Buffer.from(mark, 'latin1')) + offset;
  bytes.set(octets, at);
  return bytes;
}

describe('a zip that cannot be read says why', () => {
  it.each<[string, () => Promise<Buffer>, string]>([
    ['no zip', () => Promise.resolve(text('From a')), 'its directory is missing'],
    ['empty', () => Promise.resolve(text('')), 'its directory is missing'],
    ['encrypted', () => spoiled('PK\x01\x02', 8, 1), 'a.eml is encrypted'],
    ['packed in an unknown way', () => spoiled('PK\x01\x02', 10, 14), 'a.eml is packed by method 14, which is not read here'],
    ['with another checksum', () => spoiled('PK\x01\x02', 16, 0), 'a.eml is damaged'],
    ['with another size', () => spoiled('PK\x01\x02', 24, 1), 'a.eml is damaged'],
    ['with bytes that are no deflate', () => spoiled('a.eml', 5, 255, 255), 'a.eml is damaged'],
    ['that says it holds a giant', () => spoiled('PK\x01\x02', 24, 0, 0, 0, 0x7f), 'a.eml is larger than 1000000 octets'],
    ['with a local header elsewhere', () => spoiled('PK\x01\x02', 42, 1), 'a.eml is damaged'],
    ['with files that overlap', async () => spoiled('PK\x01\x02', 20, 0xff), 'its files overlap'],
    ['with a directory outside', () => spoiled('PK\x05\x06', 16, 0xff, 0xff), 'its directory lies outside'],
    ['with a directory that is none', () => spoiled('PK\x05\x06', 16, 0), 'its directory is damaged'],
    ['cut', async () => (await packed(['a.eml', text('a')])).subarray(0, 60), 'its directory is missing'],
  ])('%s', async (_what, make, reason) => {
    await expect(unpack(await make())).rejects.toThrow(reason);
  });

  it('a bomb is stopped at the limit', async () => {
    await expect(unpack(await packed(['a', Buffer.alloc(2000)]), 1999)).rejects.toThrow('a is larger than 1999 octets');
  });

  it('anything at all is read or refused, never a bug', async () => {
    const whole = await packed(['a.eml', text('Hello Hello Hello Hello')], ['b.eml', text('b')]);
    await fc.assert(
      fc.asyncProperty(fc.array(fc.tuple(fc.nat(whole.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), async (changes) => {
        const bytes = Buffer.from(whole);
        for (const [at, octet] of changes) bytes[at] = octet;
        const outcome = await unpack(bytes).catch((error: Error) => error.name);
        expect(Array.isArray(outcome) || outcome === 'Refusal').toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
