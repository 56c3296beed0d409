// Makes a transcript readable: multi-line replies become one turn, times become what passed since the turn before.

import type { SessionDetail, SessionLine, Side } from '../../../server/http/contract/types.ts';
import { exactTime } from '../../parts/show.ts';

export interface Turn {
  /** The first one's time of day, then what passed since the turn before. */
  readonly time: string;
  readonly side: Side;
  readonly lines: readonly string[];
  /** Octets that the last line stands for. */
  readonly bytes: number | null;
  /** The message that these octets became. */
  readonly messageId: string | null;
  readonly injected: boolean;
  /** About TLS. */
  readonly secure: boolean;
  /** What Mailrig noticed about these lines. */
  readonly notes: readonly string[];
}

/** How a conversation ended. */
export interface Closing {
  readonly time: string;
  readonly by: 'client' | 'server' | null;
  /** ms since it was opened */
  readonly after: number;
  readonly taken: number;
}

/** The side that speaks, as it is copied. */
export const LETTER = { client: 'C', server: 'S', rig: '' } as const satisfies Record<Side, string>;

/** Lines from the beginning of a conversation that always stay; of those after them the number is lost once some were dropped. */
const NUMBERED = 100;

/** `250-` says that the reply goes on (RFC 5321 §4.2.1). */
const goesOn = (line: SessionLine | undefined): boolean => line?.side === 'server' && /^\d{3}-/.test(line.text);

export const duration = (ms: number): string => (ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`);

/** `TLSv1.3 X` → `TLS 1.3, X`. */
const readable = ({ side, text }: SessionLine): string =>
  side === 'rig' ? text.replace(/^TLS established: TLSv([\d.]+) /, 'TLS $1, ') : text;

type Spoken = Pick<SessionDetail, 'lines' | 'notes' | 'messageIds' | 'truncated'>;

export function turns({ lines, notes, messageIds, truncated }: Spoken): Turn[] {
  const made: Turn[] = [];
  /** Which message an octet count became says the reply to it. */
  const became = (from: number): string | null => {
    const reply = lines.slice(from, from + 4).find(({ side }) => side === 'server')?.text ?? '';
    return messageIds.find((id) => reply.includes(id)) ?? null;
  };
  for (let i = 0, before: number | undefined; i < lines.length; i++) {
    const first = lines[i];
    if (!first) continue;
    const start = i;
    const said = [first];
    while (goesOn(lines[i])) {
      const following = lines[i + 1];
      if (following?.side !== 'server') break;
      said.push(following);
      i++;
    }
    const at = Date.parse(first.at);
    const bytes = said.at(-1)?.bytes ?? null;
    const isAbout = (line: number): boolean => line > start && line <= i + 1 && (!truncated || line <= NUMBERED);
    made.push({
      time: before === undefined ? exactTime(first.at) : `+${duration(at - before)}`,
      side: first.side,
      lines: said.map(readable),
      bytes,
      messageId: bytes === null ? null : became(i + 1),
      injected: said.some(({ faultId }) => faultId !== null),
      secure: first.side === 'rig' && /\bTLS/.test(first.text),
      notes: notes.filter(({ line }) => isAbout(line)).map(({ text }) => text),
    });
    before = at;
  }
  return made;
}

/** Notes about lines whose place is not known any more. */
export const lostNotes = ({ notes, truncated, lines }: Spoken): string[] =>
  notes.filter(({ line }) => (truncated && line > NUMBERED) || line > lines.length || line < 1).map(({ text }) => text);

/** Null while it goes on. */
export function closing({ lines, openedAt, closedAt, messageIds }: SessionDetail): Closing | null {
  if (closedAt === null) return null;
  const last = (side: Side): string => lines.findLast((line) => line.side === side)?.text ?? '';
  const byClient = /^\s*quit\s*$/i.test(last('client'));
  return {
    time: exactTime(closedAt),
    by: byClient ? 'client' : /^421\b/.test(last('server')) ? 'server' : null,
    after: Date.parse(closedAt) - Date.parse(openedAt),
    taken: messageIds.length,
  };
}

/** As text, each line with the letter of who said it. */
export const asText = ({ lines }: Pick<SessionDetail, 'lines'>): string =>
  lines
    .map(({ side, text, bytes }) =>
      [LETTER[side] && `${LETTER[side]}:`, text, bytes !== null && `(${bytes} bytes)`].filter(Boolean).join(' '),
    )
    .join('\n');
