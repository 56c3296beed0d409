// A small file that is whole or not there: read as text, written beside its place and put there at once.

import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { reasonOf, Unusable } from './errors.ts';

/** Null where there is none. Throws Unusable. */
export async function readWhole(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw new Unusable(`${path} cannot be read: ${reasonOf(error)}`);
  }
}

/** For nobody else to read. */
export async function writeWhole(path: string, text: string): Promise<void> {
  await rm(`${path}.new`, { force: true });
  await writeFile(`${path}.new`, text, { mode: 0o600, flag: 'wx', flush: true });
  await rename(`${path}.new`, path);
}
