// Connections that a trusted proxy passes on: who the client is comes before anything else is said.

import type { Socket } from 'node:net';
import { readProxyHeader } from './proxy-header.ts';
import type { ProxyHeader } from './proxy-header.ts';

/** How long a proxy may take for its header, ms: it sends it with the first packet. */
const PATIENCE = 5_000;

export interface Introduced {
  readonly client: ProxyHeader['client'];
  /** What came after the header. */
  readonly early: Buffer;
}

/** Resolves when the header is there; the socket is paused then. Rejects where it is missing or wrong. */
export function introduction(socket: Socket): Promise<Introduced> {
  return new Promise((resolve, reject) => {
    let octets: Buffer = Buffer.alloc(0);
    const over = (): void => {
      clearTimeout(timer);
      socket.off('data', onData).off('end', onEnd).off('close', onEnd);
    };
    const failed = (error: Error): void => {
      over();
      reject(error);
    };
    const onEnd = (): void => failed(new Error('the PROXY header is missing'));
    const onData = (chunk: Buffer): void => {
      octets = octets.length === 0 ? chunk : Buffer.concat([octets, chunk]);
      try {
        const header = readProxyHeader(octets);
        if (header === null) return;
        over();
        socket.pause();
        resolve({ client: header.client, early: octets.subarray(header.length) });
      } catch (error) {
        failed(error instanceof Error ? error : new Error(String(error)));
      }
    };
    const timer = setTimeout(() => failed(new Error('the PROXY header has not come in time')), PATIENCE);
    socket.on('data', onData).on('end', onEnd).on('close', onEnd);
  });
}
