// A live reader over WebSocket.

import { upgradeWebSocket } from '@hono/node-server';
import { WebSocket } from 'ws';
import type { HttpContext } from '../deps.ts';
import type { Hub, Reading } from './hub.ts';

/** RFC 6455 §7.4.1: the endpoint is going away. */
const GOING_AWAY = 1001;

/** Answers the upgrade; undefined where the request asks for none. `heartbeat` in ms: a reader that is silent for two is gone. */
export async function openSocket(context: HttpContext, hub: Hub, reading: Reading, heartbeat: number): Promise<Response | undefined> {
  const upgraded = await upgradeWebSocket(() => {
    let end: () => void = () => undefined;
    return {
      onOpen(_event, { raw: socket }) {
        if (!(socket instanceof WebSocket)) return;
        let alive = true;
        const beat = setInterval(() => {
          if (!alive) return socket.terminate();
          alive = false;
          socket.ping();
        }, heartbeat);
        socket.on('pong', () => (alive = true));
        const leave = hub.join(
          {
            send: (frame) => socket.send(frame, () => undefined), // a failed write ends in `close`
            unsent: () => socket.bufferedAmount,
            close() {
              socket.close(GOING_AWAY);
              setTimeout(() => socket.terminate(), 500).unref();
            },
          },
          reading,
        );
        end = () => {
          clearInterval(beat);
          leave();
        };
      },
      onClose: () => end(),
      onError: () => end(),
    };
    // Its type says that it wants a context of any kind.
  })(context as never, () => Promise.resolve());
  return upgraded ?? undefined;
}
