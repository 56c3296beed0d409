// Which version of the format a folder has: a newer one is left alone.

import { join } from 'node:path';
import { Unusable } from '../../base/errors.ts';
import type { Files } from './files.ts';

const FORMAT = 1;
const NAME = 'mailrig.json';

/** Throws Unusable, which says what to do where a newer Mailrig, or something else, has written the file. */
export async function checkFormat(files: Files, folder: string): Promise<void> {
  const names = await files.list(folder);
  const path = join(folder, NAME);
  if (!names.includes(NAME)) {
    if (names.some((name) => /^(journal|snapshot)\./.test(name))) throw new Unusable(`${path} is missing. Put it back: ${text(FORMAT)}`);
    const file = await files.open(`${path}.new`);
    await file.truncate(0);
    await file.write(0, [Buffer.from(text(FORMAT))]);
    await file.sync();
    await file.close();
    await files.rename(`${path}.new`, path);
    await files.syncFolder(folder);
    return;
  }
  const file = await files.open(path);
  const written = (await file.read(0, 1000)).toString();
  await file.close();
  const format = formatIn(written);
  if (format === null) throw new Unusable(`${path} is damaged. It should be: ${text(FORMAT)}`);
  if (format > FORMAT) {
    throw new Unusable(
      `${folder} was written by a newer Mailrig (format ${format}, this one knows ${FORMAT}). Use that version, or another folder.`,
    );
  }
}

const text = (format: number): string => `{ "name": "mailrig", "format": ${format} }\n`;

function formatIn(json: string): number | null {
  try {
    const { format } = JSON.parse(json) as { format?: unknown };
    return typeof format === 'number' ? format : null;
  } catch {
    return null;
  }
}
