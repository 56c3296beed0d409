// An export on its way to disk: as the file that it is, or unpacked into a folder.

import { createWriteStream } from 'node:fs';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Failure } from './terminal.ts';
import { Refusal } from '../base/errors.ts';
import { spool } from '../base/spool.ts';
import type { Spool } from '../base/spool.ts';
import { unpack } from '../mail/unpack.ts';
import { unzipped, zipEntries } from '../mail/zip.ts';

export type Chunks = AsyncIterable<Uint8Array>;

/** Our own server's: what it may say of its files is limited by what it keeps. */
const LIMITS = { index: 1024 ** 3, message: 0 };

export const writeFile = (chunks: Chunks, path: string): Promise<void> => pipeline(chunks, createWriteStream(path, { flags: 'wx' }));

/** A name that leads nowhere else: the server may be anybody's. */
function safe(name: string): string {
  if (/^[^./\\:\p{Cc}][^/\\:\p{Cc}]*$/u.test(name)) return name;
  throw new Failure(`the server names a file ${JSON.stringify(name)}, which is written nowhere`);
}

async function unpacking(chunks: Chunks, write: (source: Spool) => Promise<void>): Promise<void> {
  const source = await spool(chunks, 0);
  try {
    await write(source);
  } catch (error) {
    throw error instanceof Refusal ? new Failure(error.message) : error;
  } finally {
    await source.close();
  }
}

/** A folder with a file for each message, and the index beside them. */
export const writeEmlFolder = (chunks: Chunks, path: string): Promise<void> =>
  unpacking(chunks, async (source) => {
    await fs.mkdir(path);
    for (const entry of await zipEntries(source, LIMITS.index)) {
      await fs.writeFile(join(path, safe(entry.name)), await unzipped(source, entry, LIMITS.message), { flag: 'wx' });
    }
  });

/** What the flags of a Maildir stand behind; a colon is no part of a name on Windows. */
const FLAGS = process.platform === 'win32' ? ';2,' : ':2,';

/** A Maildir: `new` for what nobody has touched, else `cur` with the flags F and S; the time of arrival is that of the file. */
export const writeMaildir = (chunks: Chunks, path: string): Promise<void> =>
  unpacking(chunks, async (source) => {
    await fs.mkdir(path);
    for (const folder of ['cur', 'new', 'tmp']) await fs.mkdir(join(path, folder));
    for await (const { at, raw, facts } of unpack(source, LIMITS)) {
      const { read = false, starred = false, receivedAt } = facts ?? {};
      const name = `${safe(at).replace(/\.eml$/, '')}.mailrig`;
      const place = read || starred ? `cur/${name}${FLAGS}${starred ? 'F' : ''}${read ? 'S' : ''}` : `new/${name}`;
      const file = join(path, place);
      await fs.writeFile(file, await raw(), { flag: 'wx' });
      if (receivedAt !== undefined) await fs.utimes(file, receivedAt / 1000, receivedAt / 1000);
    }
  });
