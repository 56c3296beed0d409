// A proxy before a server that does not pass on everything, as some in companies do not.

import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';

export interface Proxy {
  readonly url: string;
  /** Last parts of paths that do not get through. */
  refuses: readonly string[];
  stop(): Promise<void>;
}

export async function startProxy(port: number): Promise<Proxy> {
  const refused = (url = ''): boolean => proxy.refuses.some((name) => url.split('?')[0]?.endsWith(`/${name}`) === true);
  const server = createServer((asked, answer) => {
    if (refused(asked.url)) return answer.writeHead(502).end();
    const { method, url, headers } = asked;
    const passed = request({ host: '127.0.0.1', port, method, path: url, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    return asked.pipe(passed);
  });
  server.on('upgrade', (asked, socket) => {
    if (refused(asked.url)) return socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n');
    const fields = Object.entries(asked.headers).map(([name, value]) => `${name}: ${String(value)}\r\n`);
    const passed = connect(port, '127.0.0.1', () => passed.write(`GET ${asked.url ?? '/'} HTTP/1.1\r\n${fields.join('')}\r\n`));
    socket.pipe(passed).pipe(socket);
    for (const [one, other] of [
      [socket, passed],
      [passed, socket],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
    return passed;
  });
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const proxy: Proxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    refuses: [],
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      // Also those that became WebSockets.
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
  return proxy;
}
