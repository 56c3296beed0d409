// A store in a folder: what is in it becomes the state, and every change from then on is kept there.

import { join } from 'node:path';
import type { Adapter } from 'lowdb';
import type { Log } from '../../base/log.ts';
import { apply } from '../apply.ts';
import type { Bodies, BodyRef } from '../bodies.ts';
import type { Change } from '../changes.ts';
import type { Journal } from '../journal.ts';
import type { Kept, State } from '../state.ts';
import { emptyState } from '../state.ts';
import type { Durability } from './appender.ts';
import { diskFiles } from './files.ts';
import type { Files } from './files.ts';
import { checkFormat } from './format.ts';
import { DamagedStore, generationsIn, journalName, openJournal, replayFile, snapshotName } from './journal.ts';
import { lockFolder } from './lock.ts';
import type { Lock } from './lock.ts';
import { openSegments } from './segments.ts';
import type { Segments } from './segments.ts';
import { createSnapshotReader, writeSnapshot } from './snapshot.ts';

const MB = 1024 * 1024;

export interface DiskOptions {
  readonly folder: string;
  readonly durability: Durability;
  readonly log: Log;
  readonly files?: Files;
  readonly lock?: (folder: string) => Promise<Lock>;
  /** Octets of a journal after which a snapshot takes its place; a large state waits for as much as its own size. */
  readonly journalSize?: number;
  readonly segmentSize?: number;
  /** The longest that a snapshot holds the event loop, ms. */
  readonly sliceMs?: number;
}

/** lowdb's adapter: `read` makes the state from the folder, `write` waits until every change so far is kept. */
export interface Disk extends Adapter<State> {
  readonly journal: Journal;
  readonly bodies: Bodies;
  readonly signatures: Bodies;
  /** Rewrites segments of which less than half lives; `commit` makes the moves part of the state. */
  rewrite(commit: (changes: readonly Change[]) => Promise<unknown>): Promise<void>;
  /** Resolves when no snapshot is being written. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

const isKnown = (value: BodyRef | null | undefined): value is BodyRef => value != null;

function everything(state: State): Kept[] {
  return [...state.messages.values(), ...[...state.trash.values()].flat()];
}

/** Reads the folder. Throws Unusable: it is damaged (with file and position), in use, or of a newer format. */
export async function openDisk(options: DiskOptions): Promise<Disk> {
  const {
    folder,
    durability,
    log,
    files = diskFiles,
    lock: takeLock = lockFolder,
    journalSize = 64 * MB,
    segmentSize = 64 * MB,
    sliceMs = 5,
  } = options;
  await files.makeFolder(folder);
  const lock = await takeLock(folder);
  try {
    await checkFormat(files, folder);
    return await open();
  } catch (error) {
    await lock.release();
    throw error;
  }

  async function readState(): Promise<{ state: State; generation: number; end: number }> {
    const state = emptyState();
    const { snapshot, journals, old } = generationsIn(await files.list(folder));
    if (snapshot !== null) {
      const name = snapshotName(snapshot);
      const file = await files.open(join(folder, name));
      const reader = createSnapshotReader(state);
      try {
        await replayFile(file, name, false, (payload) => reader.take(payload));
        reader.end();
      } catch (error) {
        if (error instanceof DamagedStore) throw error;
        throw new DamagedStore(`${name} is damaged: ${String(error)}. Put back a copy of the folder.`);
      } finally {
        await file.close();
      }
      state.generation = snapshot;
    }
    let end = 0;
    for (const [i, number] of journals.entries()) {
      const name = journalName(number);
      const file = await files.open(join(folder, name));
      const newest = i === journals.length - 1;
      end = await replayFile(file, name, newest, (payload) => {
        for (const change of JSON.parse(payload.toString()) as Change[]) apply(state, change, () => undefined);
      });
      const size = await file.size();
      if (end < size) log.warn(`${name}: its last ${size - end} octets were never finished, and are cut off`);
      await file.close();
    }
    for (const name of old) await files.remove(join(folder, name));
    return { state, generation: journals.at(-1) ?? snapshot ?? 1, end };
  }

  async function open(): Promise<Disk> {
    const { state, generation, end } = await readState();
    const journal = await openJournal({ files, folder, durability, generation, end });
    const segmented = (title: string, size: number): Promise<Segments> =>
      openSegments({ files, folder: join(folder, title), title, durability, segmentSize: size, beforeRemoval: () => journal.sync() });
    const bodies = await segmented('bodies', segmentSize);
    const signatures = await segmented('signatures', segmentSize);
    await bodies.adopt(everything(state).map(({ body }) => body));
    await signatures.adopt(everything(state).flatMap(({ indexed }) => indexed?.signature ?? []));
    // The journal and the folders may be new: without their names in the folder nothing in them survives a loss of power.
    await files.syncFolder(folder);

    let snapshotSize = 0;
    let snapshotting: Promise<void> | null = null;

    async function snapshot(): Promise<void> {
      const next = await journal.rotate();
      const name = snapshotName(next);
      const partial = join(folder, `${name}.partial`);
      const file = await files.open(partial);
      try {
        await file.truncate(0);
        await writeSnapshot(state, next, file, sliceMs);
        await file.sync();
        snapshotSize = await file.size();
      } finally {
        await file.close();
      }
      await files.rename(partial, join(folder, name));
      await files.syncFolder(folder);
      for (const old of generationsIn(await files.list(folder)).old) await files.remove(join(folder, old));
    }

    function afterAppend(): void {
      if (snapshotting !== null || journal.size < Math.max(journalSize, snapshotSize)) return;
      snapshotting = snapshot()
        // The journals go on being the whole truth; the next one is tried when this one has grown as much again.
        .catch((error: unknown) => log.error('no snapshot could be written', { error }))
        .finally(() => (snapshotting = null));
    }

    async function rewriteSegments(
      segments: Segments,
      refOf: (kept: Kept) => BodyRef | null | undefined,
      moved: (kept: Kept, ref: BodyRef) => Change,
      commit: (changes: readonly Change[]) => Promise<unknown>,
    ): Promise<void> {
      const sparse = new Set(segments.sparse());
      if (sparse.size === 0) return;
      for (const kept of everything(state)) {
        const from = refOf(kept);
        if (!isKnown(from) || !sparse.has(from.segment)) continue;
        const to = await segments.put(await segments.get(from));
        // Deleted or moved by somebody else meanwhile: the copy is what nobody needs.
        if (refOf(kept) !== from) await segments.drop([to]);
        else {
          await commit([moved(kept, to)]);
          await segments.sync();
          await segments.drop([from]);
        }
      }
    }

    return {
      read: () => Promise.resolve(state),
      write: () => journal.idle(),
      journal: {
        append(changes) {
          return journal.append(changes)?.then(afterAppend);
        },
      },
      bodies,
      signatures,
      async rewrite(commit) {
        await rewriteSegments(
          bodies,
          ({ body }) => body,
          ({ message: { id } }, body) => ({ type: 'body.moved', id, body }),
          commit,
        );
        await rewriteSegments(
          signatures,
          ({ indexed }) => indexed?.signature,
          ({ message: { id } }, signature) => ({ type: 'signature.moved', id, signature }),
          commit,
        );
      },
      async settled() {
        while (snapshotting) await snapshotting;
      },
      async close() {
        while (snapshotting) await snapshotting;
        await journal.idle();
        await bodies.close();
        await signatures.close();
        await journal.close();
        await lock.release();
      },
    };
  }
}
