// Fields that every answer has, so that nothing served here is sniffed, framed or read by another origin.

import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../deps.ts';

/** For answers that set none of their own. */
const DEFAULTS: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Cache-Control': 'no-store',
};

/** For everything that is mail's own bytes: even opened in a tab it has no rights at all. */
export const MAIL_BYTES: Readonly<Record<string, string>> = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "sandbox; default-src 'none'",
};

export const securityHeaders: MiddlewareHandler<HttpEnv> = async (context, next) => {
  await next();
  for (const [name, value] of Object.entries(DEFAULTS)) {
    if (!context.res.headers.has(name)) context.res.headers.set(name, value);
  }
};
