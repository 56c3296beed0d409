// A live reader over server-sent events: the same frames, for where a WebSocket does not get through.

import type { Hub, Reading } from './hub.ts';

/** How long a browser waits before it comes back, ms. */
const RETRY = 1_000;
/** Heartbeats in a row that may find the one before still unsent. */
const STALLED = 3;

/** `heartbeat` in ms between two comments, which keep proxies from closing the stream. */
export function openStream(hub: Hub, reading: Reading, heartbeat: number): Response {
  const encoder = new TextEncoder();
  // The stream counts what the socket has not taken yet; the hub decides how much is too much.
  const counting = new ByteLengthQueuingStrategy({ highWaterMark: 0 });
  let end: () => void = () => undefined;
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const write = (text: string): void => controller.enqueue(encoder.encode(text));
        write(`retry: ${RETRY}\n\n`);
        let stalled = 0;
        const beat = setInterval(() => {
          stalled = controller.desiredSize === 0 ? 0 : stalled + 1;
          if (stalled <= STALLED) return write(':\n\n');
          end();
          controller.error(new Error('the reader takes nothing'));
        }, heartbeat);
        const leave = hub.join(
          {
            send: (frame, id) => write(`id: ${id}\ndata: ${frame}\n\n`),
            unsent: () => -(controller.desiredSize ?? 0),
            close() {
              end();
              controller.close();
            },
          },
          reading,
        );
        end = () => {
          clearInterval(beat);
          leave();
        };
      },
      cancel: () => end(),
    },
    counting,
  );
  return new Response(stream, {
    headers: { 'Content-Type': 'text/event-stream; charset=utf-8', 'Cache-Control': 'no-store', 'X-Accel-Buffering': 'no' },
  });
}
