// A file without a name, for bytes that come as a stream and are wanted in another order.

import { randomUUID } from 'node:crypto';
import { open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Refusal } from './errors.ts';

export interface Spool {
  readonly size: number;
  /** Exactly the octets `[start, end)`; throws where the file ends before. */
  read(start: number, end: number): Promise<Buffer>;
  /** The file is gone with it. */
  close(): Promise<void>;
}

/** Keeps all of the stream on disk. Throws Refusal `too-large` beyond `limit` octets (0 = unlimited). */
export async function spool(chunks: AsyncIterable<Uint8Array>, limit: number): Promise<Spool> {
  const path = join(tmpdir(), `mailrig-${randomUUID()}`);
  const file = await open(path, 'wx+', 0o600);
  // Nobody else needs its name, and without one it cannot be left behind, however this process ends.
  await unlink(path);
  let size = 0;
  try {
    for await (const chunk of chunks) {
      if (limit > 0 && size + chunk.length > limit) throw new Refusal('too-large', `more than ${limit} octets`, { limit });
      for (let done = 0; done < chunk.length;) {
        const { bytesWritten } = await file.write(chunk, done, chunk.length - done, size + done);
        done += bytesWritten;
      }
      size += chunk.length;
    }
  } catch (error) {
    await file.close();
    throw error;
  }
  return {
    size,
    close: () => file.close(),
    async read(start, end) {
      const bytes = Buffer.alloc(end - start);
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await file.read(bytes, done, bytes.length - done, start + done);
        if (bytesRead === 0) throw new Error(`the spooled bytes end before ${end}`);
        done += bytesRead;
      }
      return bytes;
    },
  };
}
