// Mailbox names: as they stand in commands and replies, in UTF-8 or in modified UTF-7 (RFC 3501 §5.1.3).

import { Refusal } from '../base/errors.ts';
import { DELIMITER } from '../store/mailbox-names.ts';
import type { Extension } from './session.ts';
import type { Cursor } from './syntax/cursor.ts';

type Enabled = ReadonlySet<Extension>;

const inUtf8 = (enabled: Enabled): boolean => enabled.has('UTF8=ACCEPT') || enabled.has('IMAP4rev2');

/** Null where the text is no modified UTF-7. */
export function decodeUtf7(text: string): string | null {
  let good = true;
  const decoded = text.replace(/&([^-]*)(-?)/g, (_, base64: string, end: string) => {
    if (end === '' || !/^[A-Za-z0-9+,]*$/.test(base64) || base64.length % 4 === 1) good = false;
    if (base64 === '') return '&';
    const octets = Buffer.from(base64.replaceAll(',', '/'), 'base64');
    const units = Buffer.from(octets.subarray(0, octets.length & ~1))
      .swap16()
      .toString('utf16le');
    // What could have stood for itself, and half a pair, would give one mailbox two names.
    if (octets.length % 2 !== 0 || /[\x20-\x7e]/.test(units) || /\p{Cs}/u.test(units)) good = false;
    return units;
  });
  return good ? decoded : null;
}

export function encodeUtf7(name: string): string {
  return name.replace(/&|[^\x20-\x7e]+/g, (part) => {
    if (part === '&') return '&-';
    const base64 = Buffer.from(part, 'utf16le').swap16().toString('base64');
    return `&${base64.replace(/=+$/, '').replaceAll('/', ',')}-`;
  });
}

function decoded(text: string, enabled: Enabled): string {
  // Clients that send UTF-8 without asking first mean it.
  if (inUtf8(enabled) || /[^\x00-\x7f]/.test(text)) return text.normalize('NFC');
  const name = decodeUtf7(text);
  if (name === null) throw new Refusal('unprocessable', 'The name is no modified UTF-7');
  return name.normalize('NFC');
}

/** A name as it is kept, and as the client gave it. */
export interface NameGiven {
  readonly name: string;
  readonly given: string;
}

/** The name of a mailbox, there or not. INBOX has no case, also not as the level above others. */
export function readNameGiven(cursor: Cursor, enabled: Enabled): NameGiven {
  const given = cursor.astring();
  return { name: decoded(given, enabled).replace(/^inbox(?=\/|$)/i, 'INBOX'), given };
}

export const readName = (cursor: Cursor, enabled: Enabled): string => readNameGiven(cursor, enabled).name;

/** A pattern of LIST, and the reference before it: INBOX in any case is left to whoever compares. */
export function readPattern(cursor: Cursor, enabled: Enabled): string {
  const text = cursor.listMailbox();
  return (inUtf8(enabled) ? text : (decodeUtf7(text) ?? text)).normalize('NFC');
}

/** As it stands in a reply. */
export function nameText(name: string, enabled: Enabled): string {
  const text = inUtf8(enabled) ? name : encodeUtf7(name);
  return /^[A-Za-z0-9_.,+&=@#~!$'/-]+$/.test(text) && text.toUpperCase() !== 'NIL' ? text : `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** The LIST reply that tells how a name is kept that was given in another form, or was another (RFC 9051 §6.3.9.7, OLDNAME). */
export function nameLine({ name, given }: NameGiven, enabled: Enabled, attributes = ''): string {
  const old = given === name ? '' : ` ("OLDNAME" (${nameText(given, enabled)}))`;
  return `LIST (${attributes}) "${DELIMITER}" ${nameText(name, enabled)}${old}`;
}
