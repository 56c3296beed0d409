// The MIME tree of a message with byte offsets (RFC 2045, RFC 2046), part numbers as IMAP has them (RFC 3501 §6.4.5).

import { boundaryRanges } from './boundary.ts';
import { fieldOf, HEADER_LIMITS, readHeader } from './header.ts';
import type { HeaderField, HeaderLimits } from './header.ts';
import { readStructured } from './parameters.ts';
import type { Parameters, Structured } from './parameters.ts';

export interface MimeLimits extends HeaderLimits {
  /** Levels of multiparts and embedded messages that are opened. */
  readonly mimeDepth: number;
  /** Parts of the whole tree; the rest stays in the last one. */
  readonly mimeParts: number;
}

export const MIME_LIMITS: MimeLimits = { ...HEADER_LIMITS, mimeDepth: 100, mimeParts: 10_000 };

export interface Disposition {
  readonly type: string;
  readonly parameters: Parameters;
  /** As written, see `MimePart.pairs`. */
  readonly pairs: Structured['pairs'];
}

/** All offsets count octets from the start of the message; ends are exclusive. */
export interface MimePart {
  /** `1`, `1.2`; a multipart that is the root has ``, the root of an embedded message that is a multipart has the number of its message part. */
  readonly partId: string;
  readonly headerStart: number;
  /** After the empty line. */
  readonly headerEnd: number;
  readonly bodyStart: number;
  /** Without the line end before the boundary, which belongs to the boundary (RFC 2046 §5.1.1). */
  readonly bodyEnd: number;
  readonly fields: readonly HeaderField[];
  /** Lower case, never empty: `text`, `plain`. A `multipart` without children could not be opened. */
  readonly type: string;
  readonly subtype: string;
  readonly parameters: Parameters;
  /** The parameters of Content-Type as written (RFC 2231 pieces not joined). */
  readonly pairs: Structured['pairs'];
  readonly id: string | null;
  readonly description: string | null;
  /** Content-Transfer-Encoding in lower case, `7bit` where there is none. */
  readonly encoding: string;
  readonly disposition: Disposition | null;
  readonly language: string | null;
  readonly location: string | null;
  readonly md5: string | null;
  readonly children: readonly MimePart[];
  /** The root of the embedded message of a message/rfc822 or message/global part. */
  readonly message: MimePart | null;
  readonly defects: readonly string[];
}

/** A part that is still to be read, and where it goes. */
interface Task {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  /** The number of the container, and the number in it; 0 for the root of a message. */
  readonly prefix: string;
  readonly number: number;
  readonly defaultType: string;
  /** Why the part must not be opened. */
  readonly closed: string | null;
  readonly place: (part: MimePart) => void;
}

const IDENTITY = new Set(['7bit', '8bit', 'binary']);
const ENCODINGS = new Set([...IDENTITY, 'base64', 'quoted-printable', 'x-uuencode', 'uuencode', 'x-uue']);
const SINGLE_FIELDS = ['content-type', 'content-transfer-encoding', 'content-disposition', 'content-id'];

/** Reads the tree of `raw`. Never throws: what is beyond the limits or broken is one part with a defect. */
export function parseMime(raw: Buffer, limits: Partial<MimeLimits> = {}): MimePart {
  const bounds = { ...MIME_LIMITS, ...limits };
  let root: MimePart | undefined;
  const place = (part: MimePart): void => void (root = part);
  const tasks: Task[] = [{ start: 0, end: raw.length, depth: 0, prefix: '', number: 0, defaultType: 'text/plain', closed: null, place }];
  // A queue and not recursion, so that no depth can overflow the stack; parts of one container are queued together, so order holds.
  for (let i = 0; i < tasks.length; i++) {
    const task = tasks[i] as Task;
    task.place(readPart(raw, task, bounds, tasks));
  }
  return root as MimePart;
}

function containerOf(type: string, subtype: string): 'multipart' | 'message' | null {
  if (type === 'multipart') return 'multipart';
  return type === 'message' && (subtype === 'rfc822' || subtype === 'global') ? 'message' : null;
}

/** Why a container is not opened, null where it is. */
function obstacle(container: 'multipart' | 'message', encoding: string, task: Task, room: number, limits: MimeLimits): string | null {
  if (task.closed) return task.closed;
  if (task.depth >= limits.mimeDepth) return 'too-deep';
  if (room <= 0) return 'too-many-parts';
  // An encoded message has no offsets in our bytes; multiparts labelled as encoded are hardly ever so, and RFC 2045 §6.4 forbids both.
  return container === 'message' && !IDENTITY.has(encoding) ? 'encoded-message' : null;
}

function headerDefects(fields: readonly HeaderField[], encoding: string, container: string | null): string[] {
  const names = fields.map((field) => field.name.toLowerCase());
  const found = SINGLE_FIELDS.filter((name) => names.indexOf(name) !== names.lastIndexOf(name)).map((name) => `duplicate-${name}`);
  if (!ENCODINGS.has(encoding)) found.push('unknown-encoding');
  if (container === 'multipart' && !IDENTITY.has(encoding)) found.push('encoded-multipart');
  return found;
}

const partNumber = (prefix: string, number: number): string => (prefix === '' ? String(number) : `${prefix}.${number}`);

/** Reads one part's header and queues what is inside it. */
function readPart(raw: Buffer, task: Task, limits: MimeLimits, tasks: Task[]): MimePart {
  const { fields, end: bodyStart, defects: found } = readHeader(raw, task.start, task.end, undefined, limits);
  const text = (name: string): string | null => fieldOf(fields, name)?.value || null;
  const content = readStructured(text('content-type') ?? task.defaultType);
  // A value that is no type means text/plain (RFC 2045 §5.2).
  const declared = /^([^/\s]+)\/([^/\s]+)$/.exec(content.value);
  const [, type = 'text', subtype = 'plain'] = declared ?? [];
  const encoding = readStructured(text('content-transfer-encoding') ?? '').value || '7bit';
  const disposition = readStructured(text('content-disposition') ?? '');

  const container = containerOf(type, subtype);
  const room = limits.mimeParts - tasks.length;
  const closed = container && obstacle(container, encoding, task, room, limits);
  const open = closed ? null : container;
  const ranges = open === 'multipart' ? boundaryRanges(raw, bodyStart, task.end, content.parameters['boundary'] ?? '', room) : null;
  const inside = ranges !== null && ranges.parts.length > 0;

  const defects = [...found, ...headerDefects(fields, encoding, container), ...(ranges?.defects ?? [])];
  if (!declared) defects.push('bad-content-type');
  if (closed ?? task.closed) defects.push(closed ?? task.closed ?? '');

  const children: MimePart[] = [];
  const part: MimePart & { message: MimePart | null } = {
    partId: task.number > 0 ? partNumber(task.prefix, task.number) : inside ? task.prefix : partNumber(task.prefix, 1),
    headerStart: task.start,
    headerEnd: bodyStart,
    bodyStart,
    bodyEnd: task.end,
    fields,
    type,
    subtype,
    parameters: content.parameters,
    pairs: content.pairs,
    id: text('content-id'),
    description: text('content-description'),
    encoding,
    disposition:
      disposition.value === '' ? null : { type: disposition.value, parameters: disposition.parameters, pairs: disposition.pairs },
    language: text('content-language'),
    location: text('content-location'),
    md5: text('content-md5'),
    children,
    message: null,
    defects,
  };

  const next = { depth: task.depth + 1, prefix: part.partId, defaultType: 'text/plain', closed: null };
  if (open === 'message') {
    tasks.push({ ...next, start: bodyStart, end: task.end, number: 0, place: (root) => void (part.message = root) });
  }
  ranges?.parts.forEach(([start, end], i) => {
    const defaultType = subtype === 'digest' ? 'message/rfc822' : 'text/plain'; // RFC 2046 §5.1.5
    const rest = ranges.cut && i === ranges.parts.length - 1 ? 'too-many-parts' : null;
    tasks.push({ ...next, start, end, number: i + 1, defaultType, closed: rest, place: (child) => void children.push(child) });
  });
  return part;
}

/** Every part, outer before inner, in order; embedded messages included unless `embedded` is false. */
export function* allParts(root: MimePart, embedded = true): Generator<MimePart> {
  const waiting = [root];
  for (let part = waiting.pop(); part; part = waiting.pop()) {
    yield part;
    if (embedded && part.message) waiting.push(part.message);
    for (let i = part.children.length - 1; i >= 0; i--) waiting.push(part.children[i] as MimePart);
  }
}

interface Numbered<P> {
  readonly children: readonly P[];
  readonly message: P | null;
}

/** The part with that number, null where there is none; `` is the root. */
export function findPart<P extends Numbered<P>>(root: P, partId: string): P | null {
  if (partId === '') return root;
  let part: P | null = null;
  // What the next number counts in: a multipart, or the root of a message, which is its own part 1 when it is no multipart.
  let container: P | null = root;
  let isMessage = true;
  for (const digits of partId.split('.')) {
    if (!container || !/^[1-9]\d{0,5}$/.test(digits)) return null;
    const number = Number(digits);
    if (container.children.length > 0) part = container.children[number - 1] ?? null;
    else part = isMessage && number === 1 ? container : null;
    isMessage = Boolean(part?.message);
    container = part?.message ?? part;
  }
  return part;
}

/** Lines of a body as IMAP servers count them, and the example of RFC 9051 §7.5.2 does: its line feeds, so that an open last line is none. */
export function bodyLines(raw: Buffer, part: MimePart): number {
  const body = raw.subarray(part.bodyStart, part.bodyEnd);
  let count = 0;
  for (let at = body.indexOf(10); at >= 0; at = body.indexOf(10, at + 1)) count++;
  return count;
}

/** The file name that a part asks for: Content-Disposition's, else the `name` of Content-Type. */
export function fileName(part: MimePart): string | null {
  return part.disposition?.parameters['filename'] || part.parameters['name'] || null;
}
