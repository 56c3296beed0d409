// A file system in memory that can be told to fail, and that writes down what was asked of it.

import type { File, Files } from '../../../../server/store/disk/files.ts';

/** What a call does instead of working: an error, or for a write how many octets get through. */
export type Failure = { readonly error: string } | { readonly short: number };

export interface FakeFiles extends Files {
  /** Each call as `write journal.1 120`, `sync bodies/000001.seg`, `remove …`. */
  readonly calls: string[];
  /** Asked before every call; an answer makes it fail. */
  fail: (call: string) => Failure | undefined;
  /** Contents by path. */
  readonly contents: Map<string, Buffer>;
}

const failed = (code: string): Error => Object.assign(new Error(`${code}: made up`), { code });

export function createFakeFiles(root: string): FakeFiles {
  const contents = new Map<string, Buffer>();
  const calls: string[] = [];
  const short = (path: string): string => path.slice(root.length + 1);

  function call(what: string): Failure | undefined {
    calls.push(what);
    const failure = fake.fail(what);
    if (failure && 'error' in failure) throw failed(failure.error);
    return failure;
  }

  function put(path: string, position: number, bytes: Buffer): void {
    const old = contents.get(path) ?? Buffer.alloc(0);
    const grown = Buffer.alloc(Math.max(old.length, position + bytes.length));
    old.copy(grown);
    bytes.copy(grown, position);
    contents.set(path, grown);
  }

  const fileAt = (path: string): File => ({
    async write(position, buffers) {
      const bytes = Buffer.concat(buffers);
      const failure = call(`write ${short(path)} ${bytes.length}`);
      const written = failure && 'short' in failure ? Math.min(failure.short, bytes.length) : bytes.length;
      put(path, position, bytes.subarray(0, written));
      return written;
    },
    read: async (position, length) => Buffer.from((contents.get(path) ?? Buffer.alloc(0)).subarray(position, position + length)),
    size: async () => contents.get(path)?.length ?? 0,
    async truncate(length) {
      call(`truncate ${short(path)} ${length}`);
      contents.set(path, Buffer.from((contents.get(path) ?? Buffer.alloc(0)).subarray(0, length)));
    },
    async sync() {
      call(`sync ${short(path)}`);
    },
    close: () => Promise.resolve(),
  });

  const fake: FakeFiles = {
    calls,
    contents,
    fail: () => undefined,
    async open(path) {
      call(`open ${short(path)}`);
      if (!contents.has(path)) contents.set(path, Buffer.alloc(0));
      return fileAt(path);
    },
    list: async (folder) =>
      [...contents.keys()]
        .filter((path) => path.startsWith(`${folder}/`) && !path.slice(folder.length + 1).includes('/'))
        .map((path) => path.slice(folder.length + 1)),
    size: async (path) => contents.get(path)?.length ?? 0,
    makeFolder: () => Promise.resolve(),
    async rename(from, to) {
      call(`rename ${short(from)} ${short(to)}`);
      contents.set(to, contents.get(from) ?? Buffer.alloc(0));
      contents.delete(from);
    },
    async remove(path) {
      call(`remove ${short(path)}`);
      contents.delete(path);
    },
    async syncFolder(path) {
      call(`sync-folder ${short(path)}`);
    },
  };
  return fake;
}
