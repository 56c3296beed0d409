// One port on several addresses, as one listener has it on 127.0.0.1 and ::1.

import type { Server } from 'node:net';
import { isIPv6 } from 'node:net';

/** Connections that the kernel may hold until they are accepted. */
const BACKLOG = 4_096;

/** With port 0: how often the first address may choose a port that another address has not free. */
const TRIES = 20;

export interface Bound<S extends Server> {
  readonly port: number;
  readonly addresses: readonly string[];
  /** Addresses that this machine does not have. */
  readonly missing: readonly string[];
  readonly servers: readonly S[];
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

function bindOne<S extends Server>(server: S, host: string, port: number): Promise<S> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port, backlog: BACKLOG, ipv6Only: isIPv6(host) && host !== '::' }, () => {
      server.off('error', reject);
      resolve(server);
    });
  });
}

const portOf = (server: Server): number => {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

async function closeAll(servers: readonly Server[]): Promise<void> {
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
}

async function tryBind<S extends Server>(addresses: readonly string[], wanted: number, create: () => S): Promise<Bound<S>> {
  const servers: S[] = [];
  const bound: string[] = [];
  const missing: string[] = [];
  let port = wanted;
  let reason: unknown = new Error('no address to listen on');
  try {
    for (const address of addresses) {
      try {
        const server = await bindOne(create(), address, port);
        servers.push(server);
        bound.push(address);
        port = portOf(server);
      } catch (error) {
        // A machine or container without IPv6 is usual.
        if (!isIPv6(address) || !['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(codeOf(error))) throw error;
        missing.push(address);
        reason = error;
      }
    }
    if (servers.length === 0) throw reason;
  } catch (error) {
    await closeAll(servers);
    throw error;
  }
  return { port, addresses: bound, missing, servers };
}

/** Port 0 is chosen on the first address and the same on all. Throws the system's error (`code`, `port`, `address`). */
export async function bind<S extends Server>(addresses: readonly string[], port: number, create: () => S): Promise<Bound<S>> {
  for (let tries = 1; ; tries++) {
    try {
      return await tryBind(addresses, port, create);
    } catch (error) {
      if (port !== 0 || codeOf(error) !== 'EADDRINUSE' || tries === TRIES) throw error;
    }
  }
}
