// What the host's own side of one of our connections tells: its session, and the faults that stepped in.

import type { Session } from '../../net/session.ts';
import type { Heard } from './line.ts';

/** `sessions` newest first. */
export function heardFrom(sessions: readonly Session[], host: string, client: string): Heard | null {
  const session = sessions.find((one) => one.client === client && one.host === host);
  if (session === undefined) return null;
  return {
    id: session.id,
    get lastLine() {
      // Lines are put together when they are asked for.
      return session.faultId === null ? 0 : (session.lines.at(-1)?.number ?? 0);
    },
    faultAfter: (line) =>
      session.faultId === null
        ? null
        : (session.lines.findLast(({ number, faultId }) => number > line && faultId !== null)?.faultId ?? null),
  };
}
