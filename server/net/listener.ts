// A listener: accepts connections within the limits, has each one served, and can stop without cutting off a transaction.

import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import type { SecureContext } from 'node:tls';
import { plainAddress } from '../base/networks.ts';
import type { Admission } from './admission.ts';
import { bind } from './bind.ts';
import type { Flaw } from './certificates.ts';
import { Connection } from './connection.ts';
import { ConnectionEnded } from './ended.ts';
import { leanSocket } from './lean-socket.ts';
import type { LiveSession } from './live-session.ts';
import { introduction } from './proxied.ts';
import type { SessionProtocol } from './session.ts';
import type { Sessions } from './sessions.ts';

/** One protocol: begins TLS where the connection awaits it, talks to the client until the conversation is over. Closing is the listener's. */
export type Serve = (connection: Connection) => Promise<void>;

export interface Protocol {
  readonly name: SessionProtocol;
  readonly serve: Serve;
  /** Whole line for a client that comes when all connections are taken. */
  readonly busy: string;
}

export interface ListenOptions {
  readonly protocol: Protocol;
  readonly addresses: readonly string[];
  /** 0 = any, the same on all addresses. */
  readonly port: number;
  readonly tls: 'none' | 'starttls' | 'implicit';
  readonly secureContext: (flaw?: Flaw) => Promise<SecureContext>;
  /** The name of the server in its sessions: `submission`. */
  readonly host: string;
  readonly idleTimeout: number;
  /** Whether an address is that of a proxy, which says first whom it speaks for (PROXY protocol). */
  readonly proxyFrom?: (address: string) => boolean;
  readonly admission: Admission;
  readonly sessions: Sessions;
  readonly report: (error: unknown) => void;
}

export interface Listener {
  readonly port: number;
  readonly addresses: readonly string[];
  /** Addresses that this machine does not have. */
  readonly missing: readonly string[];
  /** Stops accepting; idle sessions are told and end, transactions may go on for `grace` ms, then the rest is dropped. */
  close(grace: number): Promise<void>;
}

/** `leanSocket` wants sockets that have not begun to read. */
const SERVER = { allowHalfOpen: true, noDelay: true, pauseOnConnect: true } as const;

interface Client {
  readonly address: string;
  readonly port: number;
}

/** As a session names its client. */
export const clientOf = (address: string, port = 0): string => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);

export async function listen(options: ListenOptions): Promise<Listener> {
  const { protocol, admission, sessions, report } = options;
  const connections = new Set<Connection>();
  /** Passed on by a proxy that has not said yet for whom. */
  const unknown = new Set<Socket>();

  const turnAway = (socket: Socket): void => {
    socket.on('error', () => undefined);
    if (options.tls === 'implicit') socket.destroy();
    else socket.end(protocol.busy, () => socket.destroy());
  };

  const serve = async (connection: Connection): Promise<void> => {
    try {
      await protocol.serve(connection);
    } catch (error) {
      if (!(error instanceof ConnectionEnded)) report(error);
    }
    await connection.close();
    connections.delete(connection);
  };

  const begin = (socket: Socket, client: Client, early?: Buffer): void => {
    const session = openSession(client, () => connection.interrupt('closed'));
    const connection = new Connection(socket, {
      session,
      client,
      ...(early !== undefined && { early }),
      secureContext: options.tls === 'none' ? null : options.secureContext,
      implicitTls: options.tls === 'implicit',
      idleTimeout: options.idleTimeout,
      report,
    });
    connections.add(connection);
    socket.once('close', () => admission.leave(client.address));
    void serve(connection);
  };

  const openSession = ({ address, port }: Client, end: () => void): LiveSession =>
    sessions.open({ protocol: protocol.name, host: options.host, client: clientOf(address, port), end });

  /** It counts as a connection of its client, once that is known. */
  const beginProxied = async (socket: Socket, proxy: Client): Promise<void> => {
    unknown.add(socket);
    socket.on('error', () => undefined).once('close', () => unknown.delete(socket));
    try {
      const { client, early } = await introduction(socket);
      unknown.delete(socket);
      const from = client ?? proxy;
      if (!admission.enter(from.address)) return turnAway(socket);
      begin(socket, from, early);
      socket.resume();
    } catch (error) {
      const session = openSession(proxy, () => undefined);
      const reason = `Closed: ${error instanceof Error ? error.message : String(error)}`;
      session.record('rig', reason);
      session.failed(reason);
      session.close();
      socket.destroy();
    }
  };

  const accept = (accepted: Socket): void => {
    const client = { address: plainAddress(accepted.remoteAddress), port: accepted.remotePort ?? 0 };
    if (options.proxyFrom?.(client.address)) return void beginProxied(leanSocket(accepted), client);
    if (!admission.enter(client.address)) return turnAway(accepted);
    begin(leanSocket(accepted), client);
  };

  const bound = await bind(options.addresses, options.port, () => createServer(SERVER, accept));
  for (const server of bound.servers) server.on('error', report);

  return {
    port: bound.port,
    addresses: bound.addresses,
    missing: bound.missing,
    async close(grace) {
      const closed = bound.servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const socket of unknown) socket.destroy();
      for (const connection of connections) connection.interrupt('shutdown');
      const timer = setTimeout(() => {
        for (const connection of connections) connection.destroy();
      }, grace);
      await Promise.all(closed);
      clearTimeout(timer);
    },
  };
}
