// Clients that do not read what they have asked for, or slowly; and how much memory they cost.

import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { Client } from '../conversations/client.ts';

export const MB = 1024 * 1024;

/** Connects and reads nothing. */
export async function deaf(port: number, said: string): Promise<Client> {
  const client = await Client.connect(port);
  client.socket.pause();
  client.send(said);
  return client;
}

/** Octets outside the heap: those of messages and of sockets. */
export function octetsHeld(): number {
  const { external, arrayBuffers } = process.memoryUsage();
  return external + arrayBuffers;
}

export interface Sipped {
  /** What came last. */
  readonly end: string;
  readonly octets: number;
  /** Octets that were held at most beyond those before. */
  readonly most: number;
}

/** Reads a little in every turn until what has come ends in `last`. */
export async function sip(port: number, said: string, last: RegExp): Promise<Sipped> {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  const before = octetsHeld();
  socket.write(said, 'latin1');
  let [end, octets, most] = ['', 0, 0];
  while (!last.test(end)) {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) await once(socket, 'readable');
    else {
      octets += chunk.length;
      end = (end + chunk.toString('latin1')).slice(-100);
      most = Math.max(most, octetsHeld() - before);
      await turn();
    }
  }
  socket.destroy();
  return { end, octets, most };
}
