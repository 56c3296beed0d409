// Lines of a conversation as they come in, added to those that are known.

import type { SessionLine } from '../../../server/http/contract/types.ts';

/** The first ones always stay. */
const FIRST = 100;
/** Lines that are shown; the server may keep more, and those in the middle make room here as they do there. */
const MOST = 10_000;

/** Null when some between them are missing. A line that is known is told anew when it grows. */
export function joined(known: readonly SessionLine[], more: readonly SessionLine[], most = MOST): SessionLine[] | null {
  const lines = [...known];
  for (const line of more) {
    const last = lines.at(-1)?.number ?? 0;
    if (line.number === last + 1) lines.push(line);
    else if (line.number === last) lines[lines.length - 1] = line;
    else if (line.number > last) return null;
  }
  if (lines.length > most) lines.splice(FIRST, lines.length - most);
  return lines;
}
