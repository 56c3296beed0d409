// Answers of many lines, ended by a dot: a short one is written at once, a long one no faster than the client reads.

import type { Connection } from '../net/connection.ts';
import { ok } from './replies.ts';
import type { Reply } from './replies.ts';

/** Lines that are made at one time; the transcript shows that many of them. */
const AT_ONCE = 200;

/** For lists that are known to be short. */
export function sayLines(connection: Connection, text: string, lines: readonly string[]): null {
  connection.write([ok(text).line, ...lines, '.', ''].join('\r\n'));
  return null;
}

/** `lines` is read as they are sent. */
export async function streamLines(connection: Connection, text: string, lines: Iterable<string>): Promise<Reply | null> {
  let batch: string[] = [ok(text).line];
  let shown = false;
  const put = async (): Promise<void> => {
    const out = `${batch.join('\r\n')}\r\n`;
    batch = [];
    if (shown) connection.writeOctets(Buffer.from(out));
    else connection.write(out);
    shown = true;
    if (connection.full) await connection.flush();
  };
  for (const line of lines) {
    if (batch.push(line) > AT_ONCE) await put();
  }
  if (batch.length > 0) await put();
  connection.writeLine('.');
  return null;
}
