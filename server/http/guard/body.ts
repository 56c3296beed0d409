// What a request may carry: JSON or a whole message, and no more of it than the limit, whatever its length says.

import type { MiddlewareHandler } from 'hono';
import type { HttpContext, HttpEnv } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';

export const JSON_TYPE = 'application/json';
export const MESSAGE_TYPE = 'message/rfc822';

export const contentType = (context: HttpContext): string =>
  (context.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? '';

export function hasBody(context: HttpContext): boolean {
  const length = context.req.header('content-length');
  if (context.req.header('transfer-encoding') !== undefined) return true;
  if (length !== undefined) return Number(length) > 0;
  return context.env?.incoming === undefined && context.req.raw.body !== null;
}

function tooLarge(limit: number): HttpRefusal {
  return new HttpRefusal('too-large', `the body is larger than ${limit} octets`, { details: { limit }, headers: { Connection: 'close' } });
}

/** `limit` in octets, 0 = unlimited. `uploads` are paths that read streams of these types and limit them as they read. */
export function bodyGuard(limit: number, uploads: Readonly<Record<string, readonly string[]>> = {}): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    if (hasBody(context)) {
      const type = contentType(context);
      const upload = uploads[context.req.path];
      const types = upload ?? [JSON_TYPE, MESSAGE_TYPE];
      // A form of another page can send text/plain without being asked; none of these.
      if (!types.includes(type)) {
        throw new HttpRefusal('unsupported-type', `a body is ${types.join(' or ')}, not "${type}"`);
      }
      if (context.req.header('content-encoding') !== undefined) {
        throw new HttpRefusal('unsupported-type', 'a compressed body is not read here');
      }
      if (!upload && limit > 0 && Number(context.req.header('content-length') ?? 0) > limit) throw tooLarge(limit);
    }
    await next();
  };
}

/** The whole body; what is over the limit is never kept. */
export async function readBody(context: HttpContext, limit: number): Promise<Buffer> {
  const { body } = context.req.raw;
  if (!hasBody(context) || body === null) return Buffer.alloc(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    size += chunk.length;
    if (limit > 0 && size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
