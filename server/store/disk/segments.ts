// Raw bytes in append-only files: all that waits goes out in one write, a file goes when nothing in it lives.

import { join } from 'node:path';
import { Refusal } from '../../base/errors.ts';
import type { Bodies, BodyRef } from '../bodies.ts';
import { createAppender } from './appender.ts';
import type { Appender, Durability } from './appender.ts';
import type { File, Files } from './files.ts';
import { readRecord, recordHead, RECORD_HEAD } from './record.ts';

const SEGMENT = /^(\d{6,})\.seg$/;

const segmentName = (number: number): string => `${String(number).padStart(6, '0')}.seg`;

interface Segment {
  readonly file: Promise<File>;
  /** Octets of bodies that something refers to. */
  live: number;
  /** Octets of the file. */
  size: number;
}

export interface Segments extends Bodies {
  /** Says at start which bodies the state refers to; segments without any are removed. */
  adopt(refs: Iterable<BodyRef>): Promise<void>;
  /** Full segments of which less than half lives, and that are worth rewriting. */
  sparse(): number[];
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface SegmentOptions {
  readonly files: Files;
  readonly folder: string;
  /** The folder in errors: `bodies`. */
  readonly title: string;
  readonly durability: Durability;
  /** A segment of that many octets is full; a larger body has one of its own. */
  readonly segmentSize: number;
  /** Called before a segment is removed: what made it useless must be safe by then. */
  readonly beforeRemoval: () => Promise<void>;
}

export async function openSegments({ files, folder, title, durability, segmentSize, beforeRemoval }: SegmentOptions): Promise<Segments> {
  await files.makeFolder(folder);
  const segments = new Map<number, Segment>();
  const numbers = (await files.list(folder)).flatMap((name) => SEGMENT.exec(name)?.[1] ?? []).map(Number);
  for (const number of numbers) {
    segments.set(number, {
      file: files.open(join(folder, segmentName(number))),
      live: 0,
      size: await files.size(join(folder, segmentName(number))),
    });
  }
  /** The segment that is written to; never one of an earlier run, whose end may be torn. */
  interface Open {
    readonly number: number;
    readonly appender: Appender;
  }
  let newest = Math.max(0, ...numbers);
  let current: Open | null = null;
  let opening: Promise<Open> | null = null;

  async function nextSegment(): Promise<Open> {
    const number = newest + 1;
    const name = segmentName(number);
    const file = await files.open(join(folder, name)).catch((error: unknown) => {
      throw new Refusal('storage-full', `cannot make ${title}/${name}: ${String(error)}`);
    });
    if (durability === 'power') await files.syncFolder(folder);
    segments.set(number, { file: Promise.resolve(file), live: 0, size: 0 });
    newest = number;
    const full = current;
    current = { number, appender: createAppender({ file, name: `${title}/${name}`, end: 0, durability }) };
    if (full) void full.appender.idle().then(() => removeIfDead(full.number));
    return current;
  }

  const hasRoom = (open: Open | null): open is Open => open !== null && open.appender.end < segmentSize;

  async function room(): Promise<Open> {
    while (!hasRoom(current)) {
      opening ??= nextSegment().finally(() => (opening = null));
      await opening;
    }
    return current;
  }

  async function put(raw: Buffer): Promise<BodyRef> {
    const { number, appender } = hasRoom(current) ? current : await room();
    const segment = segments.get(number) as Segment;
    segment.live += raw.length;
    try {
      const start = await appender.append([recordHead(raw), raw]);
      segment.size = appender.end;
      return { segment: number, offset: start + RECORD_HEAD, length: raw.length };
    } catch (error) {
      segment.live -= raw.length;
      throw error;
    }
  }

  async function get(ref: BodyRef, start = 0, end = ref.length): Promise<Buffer> {
    const from = Math.min(Math.max(0, start), ref.length);
    const to = Math.max(from, Math.min(end, ref.length));
    const segment = segments.get(ref.segment);
    const where = `${title}/${segmentName(ref.segment)}`;
    if (!segment) throw new Error(`${where} is missing`);
    const file = await segment.file;
    if (from > 0 || to < ref.length) return file.read(ref.offset + from, to - from);
    const bytes = await file.read(ref.offset - RECORD_HEAD, RECORD_HEAD + ref.length);
    const payload = readRecord(bytes, 0);
    if (payload?.length !== ref.length) throw new Error(`${where} is damaged in the record at octet ${ref.offset - RECORD_HEAD}`);
    return payload;
  }

  async function removeIfDead(number: number): Promise<void> {
    const segment = segments.get(number);
    if (!segment || segment.live > 0 || number === current?.number) return;
    segments.delete(number);
    await beforeRemoval();
    await (await segment.file).close();
    await files.remove(join(folder, segmentName(number)));
  }

  async function drop(refs: readonly BodyRef[]): Promise<void> {
    const touched = new Set<number>();
    for (const { segment: number, length } of refs) {
      const segment = segments.get(number);
      if (segment) segment.live -= length;
      touched.add(number);
    }
    for (const number of touched) await removeIfDead(number);
  }

  return {
    put,
    get,
    drop,
    async adopt(refs) {
      for (const { segment, length } of refs) {
        const owner = segments.get(segment);
        if (owner) owner.live += length;
      }
      for (const number of [...segments.keys()]) await removeIfDead(number);
    },
    sparse: () =>
      [...segments].filter(([number, { live, size }]) => number !== current?.number && live * 2 < size).map(([number]) => number),
    async sync() {
      await current?.appender.sync();
    },
    async close() {
      await current?.appender.idle();
      for (const { file } of segments.values()) await (await file).close();
      segments.clear();
    },
  };
}
