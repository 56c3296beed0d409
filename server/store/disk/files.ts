// The file system as the store uses it: few calls, positions always said, so that a test can put another one in its place.

import { readSync, writevSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rename, stat, unlink } from 'node:fs/promises';

export interface File {
  /** Writes at a position; answers how many octets were written, which may be fewer than given. */
  write(position: number, buffers: readonly Uint8Array[]): Promise<number>;
  /** Fewer octets than asked for only at the end of the file. */
  read(position: number, length: number): Promise<Buffer>;
  size(): Promise<number>;
  truncate(length: number): Promise<void>;
  /** fdatasync(2). */
  sync(): Promise<void>;
  close(): Promise<void>;
}

export interface Files {
  /** Creates the file where there is none. */
  open(path: string): Promise<File>;
  /** Names in a folder, [] where there is no such folder. */
  list(folder: string): Promise<string[]>;
  size(path: string): Promise<number>;
  makeFolder(path: string): Promise<void>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Makes a rename or removal in the folder survive a loss of power. */
  syncFolder(path: string): Promise<void>;
}

const MAX_BUFFERS = 1000; // IOV_MAX is 1024 on Linux
/** So little goes into the system's cache, or comes out of it, sooner than another thread would take it over. */
const AT_ONCE = 64 * 1024;

function fileOf(handle: FileHandle): File {
  return {
    async write(position, buffers) {
      let written = 0;
      for (let from = 0; from < buffers.length; from += MAX_BUFFERS) {
        const group = buffers.slice(from, from + MAX_BUFFERS);
        const wanted = group.reduce((sum, { length }) => sum + length, 0);
        const at = position + written;
        const here = wanted <= AT_ONCE ? writevSync(handle.fd, group, at) : (await handle.writev(group, at)).bytesWritten;
        written += here;
        if (here < wanted) break;
      }
      return written;
    },
    async read(position, length) {
      const buffer = Buffer.allocUnsafeSlow(length);
      let filled = 0;
      while (filled < length) {
        const [at, wanted] = [position + filled, length - filled];
        const read =
          wanted <= AT_ONCE ? readSync(handle.fd, buffer, filled, wanted, at) : (await handle.read(buffer, filled, wanted, at)).bytesRead;
        if (read === 0) break;
        filled += read;
      }
      return buffer.subarray(0, filled);
    },
    size: async () => (await handle.stat()).size,
    truncate: (length) => handle.truncate(length),
    sync: () => handle.datasync(),
    close: () => handle.close(),
  };
}

const OWNER_ONLY = 0o600;
const FLAGS = 'a+'; // never truncates

export const diskFiles: Files = {
  async open(path) {
    // Positioned writes need r+, which wants the file to exist.
    await (await open(path, FLAGS, OWNER_ONLY)).close();
    return fileOf(await open(path, 'r+'));
  },
  async list(folder) {
    try {
      return await readdir(folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
      throw error;
    }
  },
  size: async (path) => (await stat(path)).size,
  async makeFolder(path) {
    await mkdir(path, { recursive: true, mode: 0o700 });
  },
  rename,
  remove: unlink,
  async syncFolder(path) {
    const folder = await open(path, 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  },
};
