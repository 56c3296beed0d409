// Only known names reach this server: a page elsewhere that points its own name at 127.0.0.1 is turned away.

import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { MiddlewareHandler } from 'hono';
import type { HttpEnv } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';

/** The name of `name:port`, without port, brackets and final dot; null where it is no host at all. */
export function hostName(host: string): string | null {
  const [, literal, name] = /^(?:\[([0-9a-f:.]+)\]|([a-z0-9_.\-\u0080-\uffff]+))(?::\d{1,5})?$/i.exec(host) ?? [];
  return literal ?? name?.replace(/\.$/, '').toLowerCase() ?? null;
}

/** Addresses, localhost, names without a dot (a compose service), this machine's name, and those named. */
export function isKnownHost(host: string, allowed: readonly string[]): boolean {
  const name = hostName(host);
  if (name === null || name === '') return false;
  if (isIP(name) !== 0 || !name.includes('.') || name.endsWith('.localhost')) return true;
  return [hostname(), ...allowed].some((known) => hostName(known) === name);
}

export function host(allowed: readonly string[]): MiddlewareHandler<HttpEnv> {
  return async (context, next) => {
    const { host: asked } = context.get('peer');
    if (asked === '') throw new HttpRefusal('malformed', 'a request names the Host that it is for');
    if (!isKnownHost(asked, allowed)) {
      throw new HttpRefusal('forbidden', `this server is not known as "${asked}"; allow that name with --allowed-hosts`);
    }
    await next();
  };
}
