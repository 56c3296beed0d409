// Puts one file of mail in.

import type { Imported } from '../../server/http/contract/types.ts';
import { Failure } from '../api/client.ts';
import { upload } from '../api/upload.ts';
import { text } from '../text.ts';
import { TELLING, formatOf } from './format.ts';

const failed = (at: string, reason: string): Imported => ({ imported: 0, failed: [{ at, reason }] });

/** What goes wrong with the file as a whole is one failure; one that was aborted is none. */
export async function importFile(file: File, signal: AbortSignal, onshare: (share: number) => void): Promise<Imported> {
  const { name } = file;
  try {
    const start = await file.slice(0, TELLING).arrayBuffer();
    const format = formatOf(new TextDecoder('latin1').decode(start), name);
    if (!format) return failed(name, text.noMail);
    const path = `messages/import?format=${format}`;
    const result = await upload<Imported>({ path, type: 'application/octet-stream', body: file, signal, onshare });
    return { ...result, failed: result.failed.map(({ at, reason }) => ({ at: `${name}, ${at}`, reason })) };
  } catch (error) {
    if (signal.aborted) return { imported: 0, failed: [] };
    // A folder looks like a file until it is read.
    return failed(name, error instanceof Failure ? error.message : String(error));
  }
}
