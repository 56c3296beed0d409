// Sends a message, or the beginning of one, piece by piece and no faster than the client reads.

import { Refusal } from '../base/errors.ts';
import { DotWriter } from '../net/dot-writer.ts';
import { ConnectionEnded } from '../net/ended.ts';
import { servedRange, servedSize } from '../store/served.ts';
import type { Entry } from '../store/state.ts';
import type { Dialogue } from './dialogue.ts';
import type { Reply } from './replies.ts';
import { ok } from './replies.ts';

/** How many octets of the chunk are wanted, or -1 where all are and more may follow. */
type Until = (chunk: Buffer) => number;

/** Octets that are read at one time. */
export const PIECE = 256 * 1024;

/** The reply has promised the whole: a client must not take a part of it for that, nor go on and delete it. */
function breakOff({ connection }: Dialogue, error: unknown): never {
  if (error instanceof ConnectionEnded) throw error;
  connection.session.record('rig', 'the message could not be read to its end');
  if (!(error instanceof Refusal)) connection.report(error);
  connection.destroy();
  throw new ConnectionEnded('client');
}

/** `first` is the beginning of the message, already read. */
export async function sendMessage(
  dialogue: Dialogue,
  entry: Entry,
  first: Buffer,
  text: string,
  until: Until = () => -1,
): Promise<Reply | null> {
  const { connection, deps } = dialogue;
  const { traceHeaders } = deps.settings;
  const size = servedSize(entry, traceHeaders);
  const writer = new DotWriter();

  let chunk = first;
  connection.writeLine(ok(text).line);
  try {
    for (let at = 0; ;) {
      const end = until(chunk);
      const out = writer.write(end < 0 ? chunk : chunk.subarray(0, end));
      if (out.length > 0) connection.writeOctets(out);
      at += chunk.length;
      if (end >= 0 || at >= size || chunk.length === 0) break;
      if (connection.full) await connection.flush();
      chunk = await servedRange(deps.store, entry, at, Math.min(at + PIECE, size), traceHeaders);
    }
    connection.write(writer.end().toString());
  } catch (error) {
    return breakOff(dialogue, error);
  }
  return null;
}
