// Appending to one file for many writers at once: whatever waits goes out in one write, and a failed one leaves no trace.

import { reasonOf, Refusal } from '../../base/errors.ts';
import type { File } from './files.ts';

/** `process`: what is acknowledged survives a killed process. `power`: it survives a loss of power too. */
export type Durability = 'process' | 'power';

interface Waiting {
  readonly buffers: readonly Uint8Array[];
  readonly length: number;
  readonly resolve: (position: number) => void;
  readonly reject: (error: Error) => void;
}

export interface Appender {
  /** Where the next append goes: octets from the start of the file, what waits included. */
  readonly end: number;
  /** Resolves to where the buffers begin, when they are written (and synced, with `power`). Throws Refusal `storage-full`. */
  append(buffers: readonly Uint8Array[]): Promise<number>;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
  /** fdatasync of all that is written. */
  sync(): Promise<void>;
}

export interface AppenderOptions {
  readonly file: File;
  /** Named in errors. */
  readonly name: string;
  /** Octets that the file has. */
  readonly end: number;
  readonly durability: Durability;
}

export function createAppender({ file, name, end: start, durability }: AppenderOptions): Appender {
  let good = start; // all octets before it are whole
  let torn = false; // octets behind `good` may be half a write
  let waiting: Waiting[] = [];
  let waitingOctets = 0;
  let flushing: Promise<void> | null = null;

  async function write(buffers: readonly Uint8Array[], length: number): Promise<void> {
    if (torn) {
      await file.truncate(good);
      torn = false;
    }
    torn = true;
    const written = await file.write(good, buffers);
    if (written < length) throw new Error(`only ${written} of ${length} octets could be written`);
    if (durability === 'power') await file.sync();
    torn = false;
    good += length;
  }

  async function flush(): Promise<void> {
    // One turn of the loop, so that everybody who has something to write now shares the write.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting;
      const length = waitingOctets;
      waiting = [];
      waitingOctets = 0;
      const from = good;
      try {
        await write(
          batch.flatMap(({ buffers }) => buffers),
          length,
        );
        let position = from;
        for (const item of batch) {
          item.resolve(position);
          position += item.length;
        }
      } catch (error) {
        await file.truncate(good).then(
          () => (torn = false),
          () => undefined, // tried again before the next write
        );
        const refusal = new Refusal('storage-full', `cannot write to ${name}: ${reasonOf(error)}`);
        for (const item of batch) item.reject(refusal);
      }
    }
    flushing = null;
  }

  return {
    get end() {
      return good + waitingOctets;
    },
    append(buffers) {
      const length = buffers.reduce((sum, buffer) => sum + buffer.length, 0);
      return new Promise((resolve, reject) => {
        waiting.push({ buffers, length, resolve, reject });
        waitingOctets += length;
        flushing ??= flush();
      });
    },
    async idle() {
      while (flushing) await flushing;
    },
    sync: () => file.sync(),
  };
}
