// Makes a transcript readable: multi-line replies become one turn, times become what passed since the turn before.

import type { SessionDetail, SessionLine, SessionProtocol, Side } from '../../../server/http/contract/types.ts';
import { exactTime } from '../../parts/show.ts';
import { number } from '../../text.ts';

export interface Turn {
  /** Of its first line. */
  readonly number: number;
  /** Lines before it that had to make room. */
  readonly skipped: number;
  /** The first one's time of day, then what passed since the turn before. */
  readonly time: string;
  readonly side: Side;
  readonly lines: readonly string[];
  /** Octets that the last line stands for. */
  readonly bytes: number | null;
  /** The message that these octets became. */
  readonly messageId: string | null;
  /** The fault that it was injected by. */
  readonly faultId: string | null;
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
  /** Messages; null where none can be. */
  readonly taken: number | null;
}

/** The side that speaks, as it is copied. */
export const LETTER = { client: 'C', server: 'S', rig: '' } as const satisfies Record<Side, string>;

/** `250-` says that the reply goes on (RFC 5321 §4.2.1). */
const goesOn = (line: SessionLine): boolean => /^\d{3}-/.test(line.text);

/** What ends an answer of many lines, or is one of its own. */
const COMPLETION = { imap: /^(?![*+] )\S+ (?:OK|NO|BAD)\b/, pop3: /^(?:\+OK|-ERR)\b/ } as const;
/** A shorter answer is shown whole. */
const LEAST_FOLDED = 4;
/** Lines that are further apart, in ms, answer different things. */
const TOGETHER = 200;

/** How many of the lines from `start` on are one reply of the server, which is shown folded. */
function lengthOf(lines: readonly SessionLine[], start: number, protocol: SessionProtocol): number {
  const isOne = (line: SessionLine | undefined, at: number): line is SessionLine =>
    line?.side === 'server' && line.number === (lines[start]?.number ?? 0) + at - start;
  let end = start + 1;
  if (protocol === 'smtp' || protocol === 'lmtp') {
    for (let line = lines[start]; isOne(line, end - 1) && goesOn(line) && isOne(lines[end], end); end++) line = lines[end];
    return end - start;
  }
  const completion = COMPLETION[protocol];
  const first = lines[start];
  if (first?.side !== 'server' || (protocol === 'imap' && completion.test(first.text))) return 1;
  for (let before = first; ; end++) {
    const line = lines[end];
    if (!isOne(line, end) || completion.test(line.text) || Date.parse(line.at) - Date.parse(before.at) > TOGETHER) break;
    before = line;
  }
  return end - start < LEAST_FOLDED ? 1 : end - start;
}

export function duration(ms: number): string {
  if (ms < 1000) return `${ms} ms`;
  if (ms < 60_000) return `${(ms / 1000).toFixed(1)} s`;
  return ms < 3_600_000 ? `${Math.floor(ms / 60_000)} min` : `${(ms / 3_600_000).toFixed(1)} h`;
}

/** `TLSv1.3 X` → `TLS 1.3, X`. */
const readable = ({ side, text }: SessionLine): string =>
  side === 'rig' ? text.replace(/^TLS established: TLSv([\d.]+) /, 'TLS $1, ') : text;
/** Mailrig's own word that a fault steps in. */
const isFault = ({ side, text, faultId }: SessionLine): boolean => side === 'rig' && faultId !== null && text === `fault ${faultId}`;
const octets = (line: SessionLine): string => (line.bytes === null ? readable(line) : `(${number(line.bytes)} bytes)`);

type Spoken = Pick<SessionDetail, 'protocol' | 'lines' | 'notes' | 'messageIds'>;

export function turns({ protocol, lines, notes, messageIds }: Spoken): Turn[] {
  const made: Turn[] = [];
  /** Which message an octet count became says the reply to it. */
  const became = (from: number): string | null => {
    const reply = lines.slice(from, from + 4).find(({ side }) => side === 'server')?.text ?? '';
    return messageIds.find((id) => reply.includes(id)) ?? null;
  };
  const noted = new Map<number, string[]>();
  for (const { line, text } of notes) noted.set(line, [...(noted.get(line) ?? []), text]);
  let before: SessionLine | undefined;
  for (let i = 0; i < lines.length;) {
    const length = lengthOf(lines, i, protocol);
    const said = lines.slice(i, i + length);
    const [first] = said;
    const last = said.at(-1);
    if (!first || !last) break;
    i += length;
    const bytes = length === 1 ? first.bytes : null;
    const faultId = said.find((line) => line.faultId !== null)?.faultId ?? null;
    // What was said in its stead says so too.
    if (isFault(first) && lines[i]?.faultId === faultId) {
      before = last;
      continue;
    }
    made.push({
      number: first.number,
      skipped: first.number - (before?.number ?? 0) - 1,
      time: before === undefined ? exactTime(first.at) : `+${duration(Date.parse(first.at) - Date.parse(before.at))}`,
      side: first.side,
      lines: isFault(first) ? [] : length === 1 ? [readable(first)] : said.map(octets),
      bytes,
      messageId: bytes === null ? null : became(i),
      faultId,
      secure: first.side === 'rig' && /\bTLS/.test(first.text),
      notes: noted.size === 0 ? [] : said.flatMap((line) => noted.get(line.number) ?? []),
    });
    before = last;
  }
  return made;
}

/** Notes about lines that are not there any more. */
export function lostNotes({ notes, lines }: Pick<Spoken, 'notes' | 'lines'>): string[] {
  if (notes.length === 0) return [];
  const kept = new Set(lines.map((line) => line.number));
  return notes.filter(({ line }) => !kept.has(line)).map(({ text }) => text);
}

/** Null while it goes on. */
export function closing({ protocol, lines, openedAt, closedAt, messageCount }: SessionDetail): Closing | null {
  if (closedAt === null) return null;
  const last = (side: Side): string => lines.findLast((line) => line.side === side)?.text ?? '';
  const byClient = /^\s*(?:quit|\S+ +logout)\s*$/i.test(last('client'));
  return {
    time: exactTime(closedAt),
    by: byClient ? 'client' : /^(?:421\b|\* BYE\b)/.test(last('server')) ? 'server' : null,
    after: Date.parse(closedAt) - Date.parse(openedAt),
    taken: protocol === 'smtp' || protocol === 'lmtp' ? messageCount : null,
  };
}

/** As text, each line with the letter of who said it. */
export const asText = ({ lines }: Pick<SessionDetail, 'lines'>): string =>
  lines
    .map(({ side, text, bytes }) =>
      [LETTER[side] && `${LETTER[side]}:`, text, bytes !== null && `(${bytes} bytes)`].filter(Boolean).join(' '),
    )
    .join('\n');
