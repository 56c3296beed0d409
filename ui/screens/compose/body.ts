// Makes of a draft what is sent to the server, its attachments encoded piece by piece.

import type { NewMessage } from '../../../server/http/contract/types.ts';
import type { Written } from '../../state/written.ts';
import { writeAddress } from './addresses.ts';

/** Octets encoded at a time: a multiple of three, so that the pieces of base64 join, and small enough not to be felt. */
const PIECE = 3 * 2 ** 16;
/** As many as may be arguments of one call. */
const ARGUMENTS = 2 ** 13;

/** A field is one line; what was decoded from a received message may be more. */
const oneLine = (value: string): string => value.replace(/\s*[\r\n]+\s*/g, ' ').trim();

/** What is empty is left out. */
export function messageOf({ from, to, cc, bcc, subject, text, html, headers }: Written): NewMessage {
  const named = headers.map(({ name, value }) => [name.trim(), oneLine(value)] as const).filter(([name]) => name !== '');
  return {
    from: from.trim(),
    ...(to.length > 0 && { to: to.map(writeAddress) }),
    ...(cc.length > 0 && { cc: cc.map(writeAddress) }),
    ...(bcc.length > 0 && { bcc: bcc.map(writeAddress) }),
    subject: oneLine(subject),
    text,
    ...(html !== null && html.trim() !== '' && { html }),
    ...(named.length > 0 && { headers: Object.fromEntries(named) }),
  };
}

function base64(bytes: Uint8Array): string {
  let binary = '';
  for (let at = 0; at < bytes.length; at += ARGUMENTS) binary += String.fromCharCode(...bytes.subarray(at, at + ARGUMENTS));
  return btoa(binary);
}

async function encoded(file: Blob): Promise<Blob[]> {
  const pieces: Blob[] = [];
  // Each becomes a blob at once: to turn all of the text into bytes at the end would be felt.
  for (let at = 0; at < file.size; at += PIECE)
    pieces.push(new Blob([base64(new Uint8Array(await file.slice(at, at + PIECE).arrayBuffer()))]));
  return pieces;
}

/** The message as JSON, put together of pieces: one text of many megabytes would hold the page up. */
export async function bodyOf(written: Written, files: readonly File[]): Promise<Blob> {
  const json = JSON.stringify(messageOf(written));
  const parts: (string | Blob)[] = [];
  for (const file of files) {
    const named = JSON.stringify({ filename: file.name, contentType: file.type || 'application/octet-stream', content: '' });
    // Base64 needs no escapes, so it goes in before the last quotation mark.
    parts.push(parts.length === 0 ? '' : ',', named.slice(0, -2), ...(await encoded(file)), '"}');
  }
  return new Blob(parts.length === 0 ? [json] : [json.slice(0, -1), ',"attachments":[', ...parts, ']}'], { type: 'application/json' });
}

/** Octets of the message that it makes, about: base64 with line ends, and the rest. */
export const sizeOf = ({ text, html }: Written, files: readonly File[]): number =>
  Math.ceil(files.reduce((sum, { size }) => sum + size, 0) * (78 / 57)) + (text.length + (html?.length ?? 0)) * 2 + 1000;
