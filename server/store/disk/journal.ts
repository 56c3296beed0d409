// The journal on disk: every commit one record, generations that begin with a snapshot, replay that trusts nothing.

import { join } from 'node:path';
import { Refusal, Unusable } from '../../base/errors.ts';
import type { Change } from '../changes.ts';
import type { Journal } from '../journal.ts';
import { createAppender } from './appender.ts';
import type { Appender, Durability } from './appender.ts';
import type { File, Files } from './files.ts';
import { nextRecord, readRecord, record, RECORD_HEAD } from './record.ts';

const JOURNAL = /^journal\.(\d+)$/;
const SNAPSHOT = /^snapshot\.(\d+)$/;
const PARTIAL = /^snapshot\.\d+\.partial$/;

/** The folder cannot be used as it is: says what is wrong, where, and what to do. */
export class DamagedStore extends Unusable {
  override readonly name = 'DamagedStore';
}

export const journalName = (generation: number): string => `journal.${generation}`;
export const snapshotName = (generation: number): string => `snapshot.${generation}`;

export interface Generations {
  /** The newest complete snapshot, null where there is none. */
  readonly snapshot: number | null;
  /** The journals to replay on it, oldest first. */
  readonly journals: readonly number[];
  /** Files that a later snapshot has made useless. */
  readonly old: readonly string[];
}

const numbers = (names: readonly string[], pattern: RegExp): number[] =>
  names
    .flatMap((name) => pattern.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);

/** Which files of a folder make the state. Throws DamagedStore where one of them is missing. */
export function generationsIn(names: readonly string[]): Generations {
  const snapshot = numbers(names, SNAPSHOT).at(-1) ?? null;
  const first = snapshot ?? 1;
  const journals = numbers(names, JOURNAL).filter((number) => number >= first);
  journals.forEach((number, i) => {
    if (number !== first + i) throw new DamagedStore(`${journalName(first + i)} is missing. Put it back, or start with another folder.`);
  });
  const old = names.filter((name) => {
    const number = Number((JOURNAL.exec(name) ?? SNAPSHOT.exec(name))?.[1] ?? Infinity);
    return PARTIAL.test(name) || number < first;
  });
  return { snapshot, journals, old };
}

const READ = 8 * 1024 * 1024;

/**
 * Gives each record of a file in order. Answers where the whole records end: less than the file's size only where
 * `mayBeTorn` and nothing whole follows. Throws DamagedStore with the position otherwise.
 */
export async function replayFile(file: File, name: string, mayBeTorn: boolean, take: (payload: Buffer) => void): Promise<number> {
  const size = await file.size();
  let position = 0;
  let bytes: Buffer = Buffer.alloc(0); // from `position` on
  while (position < size) {
    const payload = readRecord(bytes, 0);
    if (payload !== null) {
      take(payload);
      position += RECORD_HEAD + payload.length;
      bytes = bytes.subarray(RECORD_HEAD + payload.length);
      continue;
    }
    const have = position + bytes.length;
    if (have < size) {
      // Twice what is there at least, so that a record larger than one read is found in few steps.
      const more = await file.read(have, Math.min(size - have, Math.max(READ, bytes.length)));
      bytes = Buffer.concat([bytes, more]);
      continue;
    }
    const next = nextRecord(bytes, 0);
    if (mayBeTorn && next < 0) return position;
    const where = next < 0 ? `at octet ${position}` : `between octets ${position} and ${position + next}`;
    throw new DamagedStore(
      `${name} is damaged ${where}. Put back a copy of it, or move it away together with what is newer to go on without those changes.`,
    );
  }
  return position;
}

export interface DiskJournal extends Journal {
  /** Octets of the present generation. */
  readonly size: number;
  readonly generation: number;
  /** Goes on in a new file once everything before is written and applied. Throws Refusal `storage-full`. */
  rotate(): Promise<number>;
  /** Resolves when everything appended so far is written. */
  idle(): Promise<void>;
  /** fdatasync of what is written. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface JournalOptions {
  readonly files: Files;
  readonly folder: string;
  readonly durability: Durability;
  readonly generation: number;
  /** Where the whole records of that generation end. */
  readonly end: number;
}

/** One turn of the loop: whoever was told that their append is done has applied it by then. */
const applied = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export async function openJournal({ files, folder, durability, generation: first, end }: JournalOptions): Promise<DiskJournal> {
  let generation = first;
  let file = await files.open(join(folder, journalName(generation)));
  if ((await file.size()) > end) await file.truncate(end);
  let appender: Appender = createAppender({ file, name: journalName(generation), end, durability });
  // While a generation ends, new appends wait for the next one.
  let turning: Promise<unknown> | null = null;

  async function append(changes: readonly Change[]): Promise<void> {
    while (turning) await turning.catch(() => undefined);
    await appender.append([record(Buffer.from(JSON.stringify(changes)))]);
  }

  async function turn(): Promise<number> {
    await appender.idle();
    await applied();
    const next = generation + 1;
    const name = journalName(next);
    const nextFile = await files.open(join(folder, name)).catch((error: unknown) => {
      throw new Refusal('storage-full', `cannot start ${name}: ${String(error)}`);
    });
    await nextFile.truncate(0);
    await files.syncFolder(folder);
    if (durability === 'process') await file.sync(); // the snapshot that follows must not be newer than what is behind it
    await file.close();
    file = nextFile;
    generation = next;
    appender = createAppender({ file, name, end: 0, durability });
    return next;
  }

  return {
    append,
    get size() {
      return appender.end;
    },
    get generation() {
      return generation;
    },
    async rotate() {
      while (turning) await turning;
      turning = turn().finally(() => (turning = null));
      return turning as Promise<number>;
    },
    idle: () => appender.idle(),
    sync: () => appender.sync(),
    async close() {
      while (turning) await turning.catch(() => undefined);
      await appender.idle();
      await file.close();
    },
  };
}
