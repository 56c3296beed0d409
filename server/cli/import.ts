// `mailrig import`: brings mail from files, folders or another server into a running one.

import { connect } from './api.ts';
import type { ApiFlags, Ask } from './api.ts';
import { parcelsOf } from './parcels.ts';
import type { Parcel, Telling } from './parcels.ts';
import { showProgress } from './progress.ts';
import { Failure } from './terminal.ts';
import type { Terminal } from './terminal.ts';

interface Answer {
  readonly imported: number;
  readonly failed: readonly { readonly at: string; readonly reason: string }[];
}

/** Remembers why reading stopped: what the upload then says of it says less. */
async function* remembering(chunks: AsyncIterable<Uint8Array>, remember: (error: unknown) => void): AsyncGenerator<Uint8Array> {
  try {
    yield* chunks;
  } catch (error) {
    remember(error);
    throw error;
  }
}

async function upload(ask: Ask, { format, open }: Parcel, telling: Telling): Promise<Answer> {
  let broken: unknown;
  const body = remembering(open(telling), (error) => (broken = error));
  try {
    const answer = await ask(`messages/import?format=${format}`, {
      method: 'POST',
      headers: { 'Content-Type': `application/${format}` },
      body,
      duplex: 'half',
    });
    return (await answer.json()) as Answer;
  } catch (error) {
    throw broken ?? error;
  }
}

export async function importMail(paths: readonly string[], flags: ApiFlags, terminal: Terminal): Promise<void> {
  const parcels = await parcelsOf(paths, terminal.folder);
  const ask = await connect(flags, terminal);
  const sizes = parcels.map(({ size }) => size);
  const progress = showProgress(terminal, sizes.includes(null) ? null : sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0));
  let imported = 0;
  const failures: string[] = [];
  for (const parcel of parcels) {
    const failed = (at: string, reason: string): void => void failures.push([parcel.label, at, reason].filter(Boolean).join(': '));
    try {
      const answer = await upload(ask, parcel, { read: (octets) => progress.add(octets), failed });
      imported += answer.imported;
      for (const { at, reason } of answer.failed) failed(at, reason);
    } catch (error) {
      // One file that cannot be read is no reason to leave the others.
      if (!(error instanceof Error) || !(error instanceof Failure || 'syscall' in error)) throw error;
      failures.push(error.message.startsWith(parcel.label) ? error.message : `${parcel.label}: ${error.message}`);
    }
  }
  progress.end();
  for (const failure of failures) terminal.complain(failure);
  terminal.print(`${imported} imported, ${failures.length} failed`);
  if (failures.length > 0) throw new Failure(`${failures.length} could not be imported`);
}
