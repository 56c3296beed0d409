// Zip files: written as a stream, read by their directory; what is needed of them and no more (APPNOTE 6.3.10, with zip64).

import { promisify } from 'node:util';
import { crc32, deflateRaw, deflateRawSync, inflateRaw, inflateRawSync } from 'node:zlib';
import { Refusal } from '../base/errors.ts';
import { textOf } from './header.ts';

const deflateElsewhere = promisify(deflateRaw);
const inflateElsewhere = promisify(inflateRaw);
/** Octets from which another thread is worth the way there. */
const LARGE = 16 * 1024;
const deflate = (data: Buffer): Buffer | Promise<Buffer> => (data.length < LARGE ? deflateRawSync(data) : deflateElsewhere(data));

/** Null where it is no deflate, or of another size. */
async function inflate(packed: Buffer, size: number): Promise<Buffer | null> {
  const limit = { maxOutputLength: Math.max(1, size) };
  try {
    return size < LARGE && packed.length < LARGE ? inflateRawSync(packed, limit) : await inflateElsewhere(packed, limit);
  } catch {
    return null;
  }
}

// Sizes in octets of the fields of each record (§4.3.7, §4.3.12, §4.3.14 to §4.3.16, §4.5.3); numbers are little-endian.
const LOCAL = [4, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2];
const CENTRAL = [4, 2, 2, 2, 2, 2, 2, 4, 4, 4, 2, 2, 2, 2, 2, 4, 4];
const END64 = [4, 8, 2, 2, 4, 4, 8, 8, 8, 8];
const LOCATOR64 = [4, 4, 8, 4];
const END = [4, 2, 2, 2, 2, 4, 4, 2];
const EXTRA64 = [2, 2, 8];
const SIGNATURE = { local: 0x04034b50, central: 0x02014b50, end64: 0x06064b50, locator64: 0x07064b50, end: 0x06054b50 };

const STORED = 0;
const DEFLATED = 8;
const UTF8_NAME = 0x0800;
const ENCRYPTED = 1;
const BY_UNIX = 3 << 8;
const PLAIN_FILE = 0o100644 * 0x10000;
const MOST16 = 0xffff;
const MOST32 = 0xffffffff;

const octets = (layout: readonly number[]): number => layout.reduce((sum, size) => sum + size, 0);

function record(layout: readonly number[], values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(octets(layout));
  let at = 0;
  for (const [i, size] of layout.entries()) {
    bytes.writeUIntLE(values[i] ?? 0, at, Math.min(size, 6));
    at += size;
  }
  return bytes;
}

/** The numbers of a record; all are 0 where the bytes end before it does. */
function fields(layout: readonly number[], bytes: Buffer, start = 0): number[] {
  if (start < 0 || bytes.length < start + octets(layout)) return layout.map(() => 0);
  let at = start;
  return layout.map((size) => (at += size) && (size === 8 ? Number(bytes.readBigUInt64LE(at - 8)) : bytes.readUIntLE(at - size, size)));
}

export interface ZipFile {
  /** With `/` between folders. */
  readonly name: string;
  readonly data: Buffer;
  /** Its time, ms since 1970. */
  readonly at: number;
}

/** Time and date as MS-DOS has them, in two seconds since 1980; in UTC here. */
function dosTime(at: number): [time: number, date: number] {
  const date = new Date(Math.max(at, Date.UTC(1980)));
  const time = (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1);
  return [time, ((Math.min(date.getUTCFullYear(), 2107) - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate()];
}

/** The bytes of a zip with these files; of each only its row of the directory is held until the end. */
export async function* zip(files: AsyncIterable<ZipFile>): AsyncGenerator<Buffer> {
  const directory: Buffer[] = [];
  let count = 0;
  let offset = 0;
  for await (const { name, data, at } of files) {
    if (data.length >= MOST32) throw new Refusal('too-large', `${name} is too large for a zip file`);
    const packed = await deflate(data);
    const shorter = packed.length < data.length;
    const body = shorter ? packed : data;
    const title = Buffer.from(name);
    const facts = [UTF8_NAME, shorter ? DEFLATED : STORED, ...dosTime(at), crc32(data), body.length, data.length, title.length];
    const extra = offset < MOST32 ? Buffer.alloc(0) : record(EXTRA64, [1, 8, offset]);
    const version = extra.length > 0 ? 45 : 20;
    const row = [SIGNATURE.central, BY_UNIX | version, version, ...facts, extra.length, 0, 0, 0, PLAIN_FILE, Math.min(offset, MOST32)];
    directory.push(record(CENTRAL, row), title, extra);
    const head = record(LOCAL, [SIGNATURE.local, 20, ...facts, 0]);
    yield Buffer.concat([head, title]);
    yield body;
    offset += head.length + title.length + body.length;
    count++;
  }
  const rows = Buffer.concat(directory);
  yield rows;
  const end64 = offset + rows.length;
  if (count >= MOST16 || end64 >= MOST32) {
    yield record(END64, [SIGNATURE.end64, octets(END64) - 12, BY_UNIX | 45, 45, 0, 0, count, count, rows.length, offset]);
    yield record(LOCATOR64, [SIGNATURE.locator64, 0, end64, 1]);
  }
  const short = Math.min(count, MOST16);
  yield record(END, [SIGNATURE.end, 0, 0, short, short, Math.min(rows.length, MOST32), Math.min(offset, MOST32), 0]);
}

/** Bytes that can be read in any order. */
export interface ZipSource {
  readonly size: number;
  /** Exactly the octets `[start, end)`, which lie within. */
  read(start: number, end: number): Promise<Buffer>;
}

export interface ZipEntry {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
  /** Octets in the zip, and unpacked. */
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

const damaged = (why: string): Refusal => new Refusal('unprocessable', `this is no zip file that can be read: ${why}`);

/** Where the directory lies. */
async function findDirectory({ size, read }: ZipSource): Promise<[start: number, end: number]> {
  const tailStart = Math.max(0, size - octets(END) - MOST16);
  const tail = await read(tailStart, size);
  const mark = Buffer.alloc(4);
  mark.writeUInt32LE(SIGNATURE.end);
  const at = tail.lastIndexOf(mark);
  if (at < 0) throw damaged('its directory is missing');
  const [, , , , count = 0, length = 0, start = 0] = fields(END, tail, at);
  if (count < MOST16 && length < MOST32 && start < MOST32) return [start, start + length];
  const [signature, , end64 = 0] = fields(LOCATOR64, tail, at - octets(LOCATOR64));
  if (signature !== SIGNATURE.locator64) return [start, start + length];
  if (end64 + octets(END64) > size) throw damaged('its directory lies outside');
  const [signature64, , , , , , , , length64 = 0, start64 = 0] = fields(END64, await read(end64, end64 + octets(END64)));
  if (signature64 !== SIGNATURE.end64) throw damaged('its directory is missing');
  return [start64, start64 + length64];
}

/** Sizes and offset where 32 bits do not hold them: 8 octets for each that is full, in this order (§4.5.3). */
function widened(values: readonly number[], extra: Buffer): number[] {
  for (let at = 0; at + 4 <= extra.length;) {
    const [id, length = 0] = fields([2, 2], extra, at);
    let next = at + 4;
    if (id === 1) return values.map((value) => (value === MOST32 ? (fields([8], extra, (next += 8) - 8)[0] ?? 0) : value));
    at += 4 + length;
  }
  return [...values];
}

/**
 * The files that the directory names, in its order. `limit` is the most octets of a directory. Throws Refusal
 * `unprocessable` for what is no zip, and for files that share bytes, which only a bomb has.
 */
export async function zipEntries(source: ZipSource, limit: number): Promise<ZipEntry[]> {
  const [start, end] = await findDirectory(source);
  if (end > source.size) throw damaged('its directory lies outside');
  if (end - start > limit) throw new Refusal('too-large', `the directory of the zip file is larger than ${limit} octets`);
  const rows = await source.read(start, end);
  const entries: ZipEntry[] = [];
  for (let at = 0; at < rows.length;) {
    const [
      signature,
      ,
      ,
      flags = 0,
      method = 0,
      ,
      ,
      crc = 0,
      packed = 0,
      size = 0,
      nameLength = 0,
      extraLength = 0,
      commentLength = 0,
      ,
      ,
      ,
      offset = 0,
    ] = fields(CENTRAL, rows, at);
    if (signature !== SIGNATURE.central) throw damaged('its directory is damaged');
    const nameEnd = at + octets(CENTRAL) + nameLength;
    const [wideSize = 0, widePacked = 0, wideOffset = 0] = widened([size, packed, offset], rows.subarray(nameEnd, nameEnd + extraLength));
    const name = textOf(rows.subarray(nameEnd - nameLength, nameEnd));
    entries.push({ name, flags, method, crc, packed: widePacked, size: wideSize, offset: wideOffset });
    at = nameEnd + extraLength + commentLength;
  }
  const byOffset = entries.toSorted((a, b) => a.offset - b.offset);
  for (const [i, { offset, packed }] of byOffset.entries()) {
    if (offset + octets(LOCAL) + packed > (byOffset[i + 1]?.offset ?? start)) throw damaged('its files overlap');
  }
  return entries;
}

/** A file of the zip. Throws Refusal `too-large` beyond `limit` octets (0 = unlimited), `unprocessable` where it cannot be read. */
export async function unzipped({ read }: ZipSource, entry: ZipEntry, limit: number): Promise<Buffer> {
  const { name, flags, method, crc, packed, size, offset } = entry;
  const fail = (why: string): Refusal => new Refusal('unprocessable', `${name} ${why}`);
  const most = limit > 0 ? limit : MOST32;
  if (flags & ENCRYPTED) throw fail('is encrypted');
  if (method !== STORED && method !== DEFLATED) throw fail(`is packed by method ${method}, which is not read here`);
  if (size > most || packed > most + (most >>> 8) + 1024)
    throw new Refusal('too-large', `${name} is larger than ${most} octets`, { limit: most });
  const [signature, , , , , , , , , nameLength = 0, extraLength = 0] = fields(LOCAL, await read(offset, offset + octets(LOCAL)));
  if (signature !== SIGNATURE.local) throw fail('is damaged');
  const start = offset + octets(LOCAL) + nameLength + extraLength;
  const body = await read(start, start + packed).catch(() => Buffer.alloc(0));
  const data = method === STORED ? body : await inflate(body, size);
  if (data?.length !== size || crc32(data) !== crc) throw fail('is damaged');
  return data;
}
