// Listens for HTTP and WebSocket on one port of several addresses, with a limit on everything a connection may do.

import { createServer, IncomingMessage } from 'node:http';
import type { Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import { createAdaptorServer, getRequestListener } from '@hono/node-server';
import type { WebSocketServerLike } from '@hono/node-server';
import { WebSocketServer } from 'ws';
import { bind } from '../net/bind.ts';
import type { HttpDeps } from './deps.ts';
import { createHttp } from './http.ts';
import type { Http } from './http.ts';

/** Octets of a message from a live reader: it has nothing to say. */
const SOCKET_MESSAGE = 16 * 1024;
/** Octets of a request's header block. */
const HEADER_BLOCK = 32 * 1024;
/** How often a server that stops closes connections that have become idle, ms. */
const SWEEP = 20;

export interface HttpServer {
  /** Those that this machine has, of the ones asked for. */
  readonly addresses: readonly string[];
  readonly port: number;
  close(): Promise<void>;
}

export interface Where {
  readonly addresses: readonly string[];
  /** 0 = any free one, the same on all addresses. */
  readonly port: number;
}

/** Sockets that have sent a request. */
const spoken = new WeakSet<Socket>();

/**
 * Only WebSocket is an upgrade here. Some clients offer HTTP/2 with every request (`Upgrade: h2c`), and that offer may be
 * passed over (RFC 9110 §7.8); Node would hand it to nobody as soon as there is a WebSocket.
 */
class Request extends IncomingMessage {
  // Declared only: Node sets it from its constructor, and a field of ours would be made after that.
  declare private asked: boolean | null;

  constructor(socket: Socket) {
    super(socket);
    spoken.add(socket);
  }

  // An accessor in place of the property: Node sets it before the fields are there, and asks after.
  get upgrade(): boolean | null {
    return this.asked === true && this.method !== 'CONNECT' ? this.headers.upgrade?.toLowerCase() === 'websocket' : this.asked;
  }

  set upgrade(asked: boolean | null) {
    this.asked = asked;
  }
}

/** `open` gets every socket while it is open. */
function createNodeServer({ app, limits, errorAnswer }: Http, open: Set<Socket>): Server {
  const sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: SOCKET_MESSAGE });
  // Also answers what never becomes a request in the shape of an error.
  const listener = getRequestListener(app.fetch, { errorHandler: errorAnswer });
  const server = createAdaptorServer({
    fetch: app.fetch,
    createServer: ((options: ServerOptions) =>
      createServer(options, (incoming, outgoing) => void listener(incoming, outgoing))) as typeof createServer,
    serverOptions: {
      IncomingMessage: Request,
      // The guard says it in words.
      requireHostHeader: false,
      maxHeaderSize: HEADER_BLOCK,
      requestTimeout: limits.request,
      headersTimeout: Math.min(60_000, limits.request),
    },
    // The same thing, but for an option that it declares as `boolean | undefined`.
    websocket: { server: sockets as unknown as WebSocketServerLike },
  }) as Server;
  server.maxConnections = limits.connections;
  server.setTimeout(limits.idle);
  server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => open.delete(socket));
    open.add(socket);
  });
  server.on('clientError', (_error: Error, socket: Socket) => {
    if (!socket.writable) return void socket.destroy();
    const body = '{"error":{"code":"malformed","message":"this is no HTTP request"}}';
    socket.end(
      `HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n${body}`,
    );
  });
  return server;
}

const closed = (server: Server): Promise<void> => new Promise((resolve) => void server.close(() => resolve()));

/** @throws the system's error (`code`, `port`, `address`) where it cannot listen */
export async function serveHttp(deps: HttpDeps, where: Where): Promise<HttpServer> {
  const http = createHttp(deps);
  const open = new Set<Socket>();
  const bound = await bind(where.addresses, where.port, () => createNodeServer(http, open)).catch((error: unknown) => {
    http.stop();
    throw error;
  });
  const { servers, addresses, port } = bound;
  return {
    addresses,
    port,
    async close() {
      http.stop();
      const ended = servers.map(closed);
      // Browsers open connections ahead of need; those are not even idle to Node.
      for (const socket of open) if (!spoken.has(socket)) socket.destroy();
      // A connection becomes idle when its last answer has gone out; whatever is not idle in time is cut off.
      const sweep = setInterval(() => servers.forEach((server) => server.closeIdleConnections()), SWEEP);
      const hurry = setTimeout(() => open.forEach((socket) => socket.destroy()), http.limits.shutdown);
      await Promise.all(ended);
      clearInterval(sweep);
      clearTimeout(hurry);
    },
  };
}
