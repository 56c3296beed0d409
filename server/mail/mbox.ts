// Many messages in one file: mbox (RFC 4155) in the form mboxrd, whose quoting can be undone, so that every octet comes back.

import { Refusal } from '../base/errors.ts';
import { formatDate } from './date.ts';

const LF = 10;
const CR = 13;
const FROM = Buffer.from('From ');
const QUOTE = Buffer.from('>');
/** Stands for the beginning of a line that is too long to be held. */
const ANY_LINE = Buffer.from('~');
/** After the date of a message whose last line has no end: what follows the year is free for remarks. */
const UNENDED = 'unended';
/** Octets of a line that may be a separator. */
const LONGEST_SEPARATOR = 500;

const MONTHS = '(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)';
// With the year before or after the zone, or as in a Date field: each program writes it its own way.
const DATE = new RegExp(
  `(?:^|\\s)(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),?\\s+(?:${MONTHS}\\s+\\d{1,2}|\\d{1,2}\\s+${MONTHS})\\s(?=.*\\b(?:19|20)\\d\\d\\b).*\\d:\\d\\d`,
);

/** `Tue Nov 24 23:27:00 2026`, UTC. */
function asctime(ms: number): string {
  const [weekday = '', day = '', month = '', year = '', time = ''] = formatDate(ms).replace(',', '').split(' ');
  return `${weekday} ${month} ${day.padStart(2)} ${time} ${year}`;
}

/** Where `>*From ` begins whose `From ` is at `at`; -1 where that is not the start of a line. */
function lineStart(text: Buffer, at: number): number {
  let start = at;
  while (start > 0 && text[start - 1] === QUOTE[0]) start--;
  return start === 0 || text[start - 1] === LF ? start : -1;
}

function quoted(raw: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  let done = 0;
  for (let at = raw.indexOf(FROM); at >= 0; at = raw.indexOf(FROM, at + FROM.length)) {
    const start = lineStart(raw, at);
    if (start < 0) continue;
    pieces.push(raw.subarray(done, start), QUOTE);
    done = start;
  }
  return [...pieces, raw.subarray(done)];
}

function unquoted(text: Buffer): Buffer {
  const pieces: Buffer[] = [];
  let done = 0;
  for (let at = text.indexOf(FROM); at >= 0; at = text.indexOf(FROM, at + FROM.length)) {
    const start = lineStart(text, at);
    if (start < 0 || start === at) continue;
    pieces.push(text.subarray(done, start));
    done = start + 1;
  }
  return done === 0 ? text : Buffer.concat([...pieces, text.subarray(done)]);
}

/** One message with its separator and the blank line after it. `sender` is empty for the null sender, `receivedAt` in ms. */
export function mboxEntry(sender: string, receivedAt: number, raw: Buffer): Buffer {
  const ended = raw[raw.length - 1] === LF;
  const name = sender.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?') || 'MAILER-DAEMON';
  const separator = `From ${name} ${asctime(receivedAt)}${ended ? '' : ` ${UNENDED}`}\n`;
  return Buffer.concat([Buffer.from(separator), ...quoted(raw), Buffer.from(ended ? '\n' : '\n\n')]);
}

export interface MboxMessage {
  /** From 1. */
  readonly number: number;
  /** Of its separator in the file. */
  readonly offset: number;
  /** Of the envelope, empty for the null sender; null where the separator names none. */
  readonly sender: string | null;
  /** Null where it is larger than the limit. */
  readonly raw: Buffer | null;
}

interface Separator {
  readonly sender: string | null;
  readonly ended: boolean;
}

/** Null where the line is text: only the first line of a file needs no date. */
function readSeparator(line: Buffer, first: boolean): Separator | null {
  if (line.length > LONGEST_SEPARATOR) return null;
  const text = line.toString().slice(FROM.length).trimEnd();
  const date = DATE.exec(text);
  // Some programs leave the line empty, or write a dash.
  if (!date && !first && text !== '' && text !== '-') return null;
  const name = text.slice(0, date?.index).trim();
  const sender = name === 'MAILER-DAEMON' ? '' : name === '' || name === '-' ? null : name;
  return { sender, ended: !text.endsWith(` ${UNENDED}`) };
}

/** Without the blank line that stands before the next separator. */
function withoutBlank(text: Buffer): Buffer {
  const { length } = text;
  if (text[length - 1] !== LF) return text;
  const blank = text[length - 2] === CR ? 2 : 1;
  if (text[length - 2] === LF || length === 1) return text.subarray(0, length - 1);
  return blank === 2 && (length === 2 || text[length - 3] === LF) ? text.subarray(0, length - 2) : text;
}

interface Collected extends Separator {
  readonly number: number;
  readonly offset: number;
  pieces: Buffer[];
  size: number;
}

/**
 * The messages of an mbox file in order, whichever program wrote it; holds one of them at a time and no more than `limit`
 * octets of it (0 = unlimited). Throws Refusal `unprocessable` where the file does not begin with a separator.
 */
export async function* splitMbox(chunks: AsyncIterable<Uint8Array>, limit: number): AsyncGenerator<MboxMessage> {
  // The quoting adds at most one octet to a line of six.
  const most = limit > 0 ? Math.ceil((limit * 7) / 6) + LONGEST_SEPARATOR : Infinity;
  let current: Collected | null = null;
  let number = 0;
  let offset = 0;

  function collect(bytes: Buffer): void {
    if (!current) {
      if (bytes.toString('latin1').trim() !== '')
        throw new Refusal('unprocessable', 'this is no mbox file: it does not begin with "From "');
      return;
    }
    current.size += bytes.length;
    if (current.size > most) current.pieces = [];
    else if (bytes.length > 0) current.pieces.push(bytes);
  }

  function finished({ number, offset, sender, ended, pieces, size }: Collected): MboxMessage {
    const text = size > most ? null : withoutBlank(Buffer.concat(pieces));
    const raw = text && unquoted(ended ? text : text.subarray(0, text.length - 1));
    return { number, offset, sender, raw: raw && limit > 0 && raw.length > limit ? null : raw };
  }

  /** `lines` begins at the start of a line and ends at the end of one. */
  function* split(lines: Buffer): Generator<MboxMessage> {
    let done = 0;
    for (let at = lines.indexOf(FROM); at >= 0; at = lines.indexOf(FROM, at + FROM.length)) {
      if (at > 0 && lines[at - 1] !== LF) continue;
      const end = lines.indexOf(LF, at) + 1 || lines.length;
      const separator = readSeparator(lines.subarray(at, end), current === null);
      if (!separator) continue;
      collect(lines.subarray(done, at));
      if (current) yield finished(current);
      current = { ...separator, number: ++number, offset: offset + at, pieces: [], size: 0 };
      done = end;
    }
    collect(lines.subarray(done));
    offset += lines.length;
  }

  let line: Buffer[] = []; // its end has not come yet
  let length = 0;
  for await (const { buffer, byteOffset, byteLength } of chunks) {
    const chunk = Buffer.from(buffer, byteOffset, byteLength);
    const end = chunk.lastIndexOf(LF) + 1;
    if (end > 0) {
      yield* split(Buffer.concat([...line, chunk.subarray(0, end)]));
      line = [];
      length = 0;
    }
    line.push(chunk.subarray(end));
    length += chunk.length - end;
    if (length > most) {
      collect(Buffer.concat(line));
      offset += length - ANY_LINE.length;
      line = [ANY_LINE];
      length = ANY_LINE.length;
    }
  }
  yield* split(Buffer.concat(line));
  if (current) yield finished(current);
}
