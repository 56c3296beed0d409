// Who calls, and under which name: X-Forwarded fields are believed from named proxies only.

import { isIP } from 'node:net';
import type { MiddlewareHandler } from 'hono';
import { networkList, plainAddress } from '../../base/networks.ts';
import type { HttpContext, HttpEnv, Peer } from '../deps.ts';

const firstOf = (value: string | undefined): string | undefined => value?.split(',')[0]?.trim().toLowerCase() || undefined;

export function peer(trustedProxies: readonly string[]): MiddlewareHandler<HttpEnv> {
  const trusted = networkList(trustedProxies);

  /** The nearest address that is none of our proxies: what stands before it could have been written by anybody. */
  const forwardedFor = (context: HttpContext, socket: string): string =>
    (context.req.header('x-forwarded-for') ?? '')
      .split(',')
      .map((address) => address.trim())
      .reverse()
      .find((address) => isIP(address) !== 0 && !trusted(address)) ?? socket;

  return async (context, next) => {
    const socket = context.env?.incoming?.socket;
    const address = socket?.remoteAddress === undefined ? null : plainAddress(socket.remoteAddress);
    const proxied = address !== null && trusted(address);
    // A request that came over no socket has no Host field but a whole address.
    const host = (context.req.header('host') ?? (socket ? '' : new URL(context.req.url).host)).toLowerCase();
    const found: Peer = {
      address: proxied ? forwardedFor(context, address) : address,
      client: address === null ? null : `${address}:${socket?.remotePort ?? 0}`,
      host: (proxied ? firstOf(context.req.header('x-forwarded-host')) : undefined) ?? host,
      secure: proxied && firstOf(context.req.header('x-forwarded-proto')) === 'https',
    };
    context.set('peer', found);
    await next();
  };
}
