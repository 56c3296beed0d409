// Pages of listed origins may use the API; without a list there is no CORS at all, and never a wildcard.

import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';

const ALLOWED: Readonly<Record<string, string>> = {
  'Access-Control-Allow-Methods': 'GET, HEAD, POST, PUT, PATCH, DELETE',
  'Access-Control-Allow-Headers': 'Content-Type, Authorization, Range, If-None-Match, Last-Event-ID',
  'Access-Control-Max-Age': '600',
};

const allowing = (origin: string): Readonly<Record<string, string>> => ({
  'Access-Control-Allow-Origin': origin,
  'Access-Control-Allow-Credentials': 'true',
  'Access-Control-Expose-Headers': 'ETag, Content-Range, Accept-Ranges, X-Mailrig-Removed, X-Mailrig-Remote',
});

export function cors(listed: readonly string[]): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const from = context.req.header('origin');
    const allowed = from !== undefined && listed.includes(from) ? allowing(from) : {};
    if (context.req.method === 'OPTIONS') {
      if (!('Access-Control-Allow-Origin' in allowed)) {
        throw new HttpRefusal('forbidden', 'other origins may not use this server; allow one with --cors-origin');
      }
      return new Response(null, { status: 204, headers: { ...allowed, ...ALLOWED, Vary: 'Origin' } });
    }
    await next();
    // Afterwards, so that errors have them too: a page must be able to read why it was refused.
    if (listed.length > 0) context.res.headers.append('Vary', 'Origin');
    for (const [name, value] of Object.entries(allowed)) context.res.headers.set(name, value);
  };
}
