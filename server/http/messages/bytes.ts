// Serves bytes of a message: ranges, ETag, and fields that leave them no rights (RFC 9110 §13, §14).

import type { HttpContext } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';
import { MAIL_BYTES } from '../guard/headers.ts';

interface Range {
  readonly start: number;
  /** Exclusive. */
  readonly end: number;
}

/** The one range asked for; null for none, several, or a unit that is not known: then all is sent. @throws HttpRefusal 416 */
export function readRange(field: string | undefined, size: number): Range | null {
  const [, first = '', last = ''] = /^bytes=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/.exec(field ?? '') ?? [];
  if (first === '' && last === '') return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < start) return null;
  if (start >= size || start >= end) {
    throw new HttpRefusal('range-not-satisfiable', `the range lies outside the ${size} octets`, {
      headers: { 'Content-Range': `bytes */${size}` },
    });
  }
  return { start, end };
}

export interface Served {
  readonly type: 'text/plain; charset=utf-8' | 'application/octet-stream';
  readonly size: number;
  /** Names these very bytes. */
  readonly etag: string;
  readonly disposition?: string;
  read(start: number, end: number): Promise<Buffer>;
}

const matches = (field: string | undefined, etag: string): boolean =>
  (field ?? '').split(',').some((tag) => tag.trim().replace(/^W\//, '') === etag || tag.trim() === '*');

/** True where the caller has those very bytes already. */
export const isKnown = (context: HttpContext, etag: string): boolean => matches(context.req.header('if-none-match'), etag);

export async function serveBytes(context: HttpContext, { type, size, etag, disposition, read }: Served): Promise<Response> {
  const headers: Record<string, string> = {
    ...MAIL_BYTES,
    'Content-Type': type,
    ETag: etag,
    'Accept-Ranges': 'bytes',
    'Cache-Control': 'private, no-cache',
    ...(disposition !== undefined && { 'Content-Disposition': disposition }),
  };
  if (isKnown(context, etag)) return new Response(null, { status: 304, headers });
  const condition = context.req.header('if-range');
  const range = condition === undefined || condition === etag ? readRange(context.req.header('range'), size) : null;
  const { start, end } = range ?? { start: 0, end: size };
  if (range) headers['Content-Range'] = `bytes ${start}-${end - 1}/${size}`;
  headers['Content-Length'] = String(end - start);
  const body = context.req.method === 'HEAD' ? null : new Uint8Array(await read(start, end));
  return new Response(body, { status: range ? 206 : 200, headers });
}

/** Bytes that are there already. */
export const inMemory = (bytes: Buffer): Pick<Served, 'size' | 'read'> => ({
  size: bytes.length,
  read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
});

/** `attachment` with a name that no header, path or reader can be fooled by (RFC 6266 §4.3, RFC 8187). */
export function attachmentDisposition(name: string | null): string {
  // Control and direction characters could show another name than the one that is saved.
  const shown = (name ?? '')
    .replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}\ud800-\udfff]/gu, '')
    .replace(/[/\\:*?"<>|]/g, '_')
    .replace(/^\.+/, '')
    .slice(0, 150)
    .trim();
  if (shown === '') return 'attachment';
  const ascii = shown.replace(/[^\x20-\x7e]/g, '_').replace(/[%;]/g, '_');
  const encoded = encodeURIComponent(shown).replace(/['()*]/g, (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`);
  return `attachment; filename="${ascii}"; filename*=UTF-8''${encoded}`;
}
