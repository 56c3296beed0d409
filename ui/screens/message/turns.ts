// Makes a transcript readable: multi-line replies become one turn, times become what passed since the turn before.

import type { SessionLine, Side } from '../../../server/http/contract/types.ts';
import { exactTime } from '../../parts/show.ts';

export interface Turn {
  /** The first one's time of day, then what passed since the turn before. */
  readonly time: string;
  readonly side: Side;
  readonly lines: readonly string[];
  /** Octets that the last line stands for. */
  readonly bytes: number | null;
  readonly injected: boolean;
  /** About TLS. */
  readonly secure: boolean;
}

/** The side that speaks, as it is copied. */
export const LETTER = { client: 'C', server: 'S', rig: '' } as const satisfies Record<Side, string>;

/** `250-` says that the reply goes on (RFC 5321 §4.2.1). */
const goesOn = (line: SessionLine | undefined): boolean => line?.side === 'server' && /^\d{3}-/.test(line.text);

function passed(ms: number): string {
  return ms < 1000 ? `+${ms} ms` : `+${(ms / 1000).toFixed(1)} s`;
}

export function turns(lines: readonly SessionLine[]): Turn[] {
  const made: Turn[] = [];
  for (let i = 0, before: number | undefined; i < lines.length; i++) {
    const first = lines[i];
    if (!first) continue;
    const said = [first];
    while (goesOn(lines[i])) {
      const following = lines[i + 1];
      if (following?.side !== 'server') break;
      said.push(following);
      i++;
    }
    const at = Date.parse(first.at);
    made.push({
      time: before === undefined ? exactTime(first.at) : passed(at - before),
      side: first.side,
      lines: said.map(({ text }) => text),
      bytes: said.at(-1)?.bytes ?? null,
      injected: said.some(({ faultId }) => faultId !== null),
      secure: first.side === 'rig' && /\bTLS/.test(first.text),
    });
    before = at;
  }
  return made;
}
