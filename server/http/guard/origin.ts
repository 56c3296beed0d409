// A page of another origin may neither change anything here nor listen: Origin and Sec-Fetch-Site must be ours or listed.

import type { MiddlewareHandler } from 'hono';
import type { HttpContext, HttpEnv } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';

const withoutDefaultPort = (host: string): string => host.replace(/:(80|443)$/, '');

/** True where the caller's Origin names this server as the caller itself reached it. */
export function isOwnOrigin(origin: string, host: string): boolean {
  if (!URL.canParse(origin)) return false;
  const { protocol, host: named } = new URL(origin);
  return (protocol === 'http:' || protocol === 'https:') && withoutDefaultPort(named) === withoutDefaultPort(host);
}

/** Changing methods, and the streams: a WebSocket knows no same-origin rule, and a stream is worth as much as it. */
function isGuarded(context: HttpContext, streams: readonly string[]): boolean {
  return !['GET', 'HEAD'].includes(context.req.method) || streams.includes(context.req.path) || context.req.header('upgrade') !== undefined;
}

export function origin(listed: readonly string[], streams: readonly string[]): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    if (isGuarded(context, streams)) {
      const from = context.req.header('origin');
      const site = context.req.header('sec-fetch-site');
      const isListed = from !== undefined && listed.includes(from);
      if (from !== undefined && !isListed && !isOwnOrigin(from, context.get('peer').host)) {
        throw new HttpRefusal('forbidden', `pages of ${from} may not do this; allow that origin with --cors-origin`);
      }
      // `none` is a person who typed the address. A program that is no browser sends neither field.
      if (site !== undefined && !isListed && site !== 'same-origin' && site !== 'none') {
        throw new HttpRefusal('forbidden', `a ${site} page may not do this; allow its origin with --cors-origin`);
      }
    }
    await next();
  };
}
