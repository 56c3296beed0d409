// Files of one folder, read into memory: nothing that is asked for ever becomes a path.

import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HttpFolders } from '../deps.ts';

const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  css: 'text/css; charset=utf-8',
  json: 'application/json',
  map: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  ico: 'image/x-icon',
  webp: 'image/webp',
  txt: 'text/plain; charset=utf-8',
  webmanifest: 'application/manifest+json',
};

export interface ServedFile {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly type: string;
  readonly etag: string;
}

export type Files = ReadonlyMap<string, ServedFile>;

async function readFiles(folder: string, names: (name: string) => boolean): Promise<Files> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const files = paths
    .filter((path) => names(relative(folder, path)))
    .map(async (path): Promise<[string, ServedFile]> => {
      const bytes = new Uint8Array(await readFile(path));
      const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 22)}"`;
      const type = TYPES[path.slice(path.lastIndexOf('.') + 1)] ?? 'application/octet-stream';
      return [relative(folder, path).split(sep).join('/'), { bytes, type, etag }];
    });
  return new Map(await Promise.all(files));
}

/** The files of a folder by their path in it; read again when `watched` has changed, as after a new build. */
export function createFiles(folder: string, watched: string, names: (name: string) => boolean = () => true): () => Promise<Files> {
  let files: Promise<Files> | null = null;
  let changed = 0;
  return async () => {
    const { mtimeMs } = await stat(join(folder, watched));
    if (files === null || mtimeMs !== changed) {
      changed = mtimeMs;
      files = readFiles(folder, names);
    }
    return files;
  };
}

/** The nearest folder of this name above this file, as far as the package goes. */
function above(name: string, file: string): string | null {
  let folder = dirname(fileURLToPath(import.meta.url));
  for (let levels = 0; levels < 5; levels++, folder = dirname(folder)) {
    if (existsSync(join(folder, name, file))) return join(folder, name);
  }
  return null;
}

/** Where the build puts them; in a checkout the API's page comes from its package. */
export const builtFolders = (): HttpFolders => ({
  ui: above('dist/ui', 'index.html'),
  docs: above('dist/docs', 'swagger-ui.css') ?? above('node_modules/swagger-ui-dist', 'swagger-ui.css'),
});
