// The fields of the query grammar: what each looks at, and how its value is read.

import { parseDuration } from '../base/duration.ts';

/** How the value of a field is compared. */
export type ValueKind =
  | 'text' // case-insensitive substring, `*` a glob
  | 'address' // as text, but a full address matches exactly
  | 'domain' // as text, but a full domain matches exactly
  | 'header' // Name=value
  | 'time' // a date, an ISO time, or a length of time ago
  | 'size' // octets: 10kb, 1mb
  | 'choice'; // one of a list

export interface Field {
  readonly kind: ValueKind;
  readonly choices?: readonly string[];
}

const STATES = ['queued', 'active', 'deferred', 'held', 'delivered', 'bounced', 'expired', 'dropped'];

export const FIELDS: Readonly<Record<string, Field>> = {
  from: { kind: 'address' },
  to: { kind: 'address' },
  cc: { kind: 'address' },
  bcc: { kind: 'address' },
  rcpt: { kind: 'address' },
  sender: { kind: 'address' },
  subject: { kind: 'text' },
  body: { kind: 'text' },
  header: { kind: 'header' },
  'message-id': { kind: 'text' },
  domain: { kind: 'domain' },
  user: { kind: 'text' },
  client: { kind: 'text' },
  host: { kind: 'text' },
  session: { kind: 'text' },
  tag: { kind: 'text' },
  state: { kind: 'choice', choices: STATES },
  via: { kind: 'text' },
  fault: { kind: 'text' },
  has: { kind: 'choice', choices: ['attachment', 'html', 'link', 'code'] },
  is: { kind: 'choice', choices: ['read', 'unread', 'starred', 'pinned'] },
  before: { kind: 'time' },
  after: { kind: 'time' },
  larger: { kind: 'size' },
  smaller: { kind: 'size' },
  filename: { kind: 'text' },
};

/** A moment, in ms: a day or ISO time as it is, a length of time as so long before `now`; null where it is neither. */
export function parseMoment(text: string, now: number): number | null {
  if (/^\d{4}-\d{2}-\d{2}/.test(text)) {
    const time = Date.parse(text);
    return Number.isNaN(time) ? null : time;
  }
  const ago = parseDuration(text);
  return ago === null ? null : now - ago;
}
