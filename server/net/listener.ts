// A listener: accepts connections within the limits, has each one served, and can stop without cutting off a transaction.

import type { Socket } from 'node:net';
import { createServer } from 'node:net';
import type { SecureContext } from 'node:tls';
import { plainAddress } from '../base/networks.ts';
import type { Admission } from './admission.ts';
import { bind } from './bind.ts';
import { Connection } from './connection.ts';
import { ConnectionEnded } from './ended.ts';
import { leanSocket } from './lean-socket.ts';
import type { SessionProtocol } from './session.ts';
import type { Sessions } from './sessions.ts';

/** One protocol: talks to the client until the conversation is over. Closing is the listener's. */
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
  readonly secureContext: () => Promise<SecureContext>;
  /** The name of the server in its sessions: `submission`. */
  readonly host: string;
  readonly idleTimeout: number;
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

/** As a session names its client. */
export const clientOf = (address: string, port = 0): string => (address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`);

export async function listen(options: ListenOptions): Promise<Listener> {
  const { protocol, admission, sessions, report } = options;
  const connections = new Set<Connection>();

  const turnAway = (socket: Socket): void => {
    socket.on('error', () => undefined);
    if (options.tls === 'implicit') socket.destroy();
    else socket.end(protocol.busy, () => socket.destroy());
  };

  const serve = async (connection: Connection): Promise<void> => {
    try {
      if (options.tls === 'implicit') await connection.startTls();
      await protocol.serve(connection);
    } catch (error) {
      if (!(error instanceof ConnectionEnded)) report(error);
    }
    await connection.close();
    connections.delete(connection);
  };

  const accept = (accepted: Socket): void => {
    const address = plainAddress(accepted.remoteAddress);
    if (!admission.enter(address)) return turnAway(accepted);
    const client = clientOf(address, accepted.remotePort);
    const socket = leanSocket(accepted);
    const session = sessions.open({
      protocol: protocol.name,
      host: options.host,
      client,
      end: () => connection.interrupt('closed'),
    });
    const connection = new Connection(socket, {
      session,
      secureContext: options.tls === 'none' ? null : options.secureContext,
      idleTimeout: options.idleTimeout,
      report,
    });
    connections.add(connection);
    socket.once('close', () => admission.leave(address));
    void serve(connection);
  };

  const bound = await bind(options.addresses, options.port, () => createServer(SERVER, accept));
  for (const server of bound.servers) server.on('error', report);

  return {
    port: bound.port,
    addresses: bound.addresses,
    missing: bound.missing,
    async close(grace) {
      const closed = bound.servers.map((server) => new Promise((resolve) => server.close(resolve)));
      for (const connection of connections) connection.interrupt('shutdown');
      const timer = setTimeout(() => {
        for (const connection of connections) connection.destroy();
      }, grace);
      await Promise.all(closed);
      clearTimeout(timer);
    },
  };
}
