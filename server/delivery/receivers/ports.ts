// Opens the listeners of receivers' hosts: on the port that is asked for, or on one that is free and stays theirs.

import { Refusal } from '../../base/errors.ts';
import type { ReceiverHost } from './receiver.ts';

/** A listener of a receiver's host. */
export interface HostListener {
  /** Stops listening and ends its sessions, or listens again; throws Refusal `conflict` where it cannot. */
  listening(on: boolean): Promise<void>;
  close(grace: number): Promise<void>;
}

export type HostPlace = Pick<ReceiverHost, 'name' | 'address' | 'port'>;

/** Throws the system's error. */
export type OpenHost = (place: HostPlace) => Promise<HostListener>;

/** Outside of what the system itself gives to connections. */
export const FIRST_PORT = 20_000;
const COUNT = 10_000;
const LAST_PORT = 65_535;

export interface WantedPlace {
  readonly name: string;
  readonly address: string;
  /** It must be this one; undefined: any that is free. */
  readonly port: number | undefined;
  /** Where any will do, this one before others. */
  readonly wish: number | undefined;
  /** In the words of the caller. */
  readonly path: string;
}

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** Another has it, or we may not have it. */
const TAKEN: ReadonlySet<string> = new Set(['EADDRINUSE', 'EACCES']);

function refusalOf(error: unknown, { name, address, path }: WantedPlace, port: number): unknown {
  const code = codeOf(error);
  const refusal = (kind: 'conflict' | 'unprocessable', field: string, reason: string): Refusal =>
    new Refusal(kind, `${path}.${field}: ${name}: ${reason}`, { path: `${path}.${field}`, reason });
  if (TAKEN.has(code)) return refusal('conflict', 'port', `port ${port} on ${address} cannot be listened to (${code})`);
  if (code === 'EADDRNOTAVAIL') return refusal('unprocessable', 'address', `this machine has no ${address}`);
  return error;
}

/** All from `first` on, or, where that is 0, all of the usual ones from anywhere on: then two servers seldom want the same. */
function* candidates(first: number): Generator<number> {
  if (first > 0) for (let port = first; port < Math.min(first + COUNT, LAST_PORT + 1); port++) yield port;
  else {
    const start = Math.floor(Math.random() * COUNT);
    for (let i = 0; i < COUNT; i++) yield FIRST_PORT + ((start + i) % COUNT);
  }
}

export interface Opened extends HostPlace {
  readonly listener: HostListener;
}

/** `taken` says which ports are another's here, whether it listens now or not. Throws Refusal `conflict` or `unprocessable`. */
export async function openPlace(wanted: WantedPlace, first: number, taken: (port: number) => boolean, open: OpenHost): Promise<Opened> {
  const { name, address, port: only, wish, path } = wanted;
  const at = async (port: number): Promise<Opened> => ({ name, address, port, listener: await open({ name, address, port }) });
  if (only !== undefined)
    return at(only).catch((error: unknown) => {
      throw refusalOf(error, wanted, only);
    });
  for (const port of [...(wish === undefined ? [] : [wish]), ...candidates(first)]) {
    if (taken(port)) continue;
    try {
      return await at(port);
    } catch (error) {
      if (!TAKEN.has(codeOf(error))) throw refusalOf(error, wanted, port);
    }
  }
  throw new Refusal('conflict', `${path}.port: ${name}: no port is free`, { path: `${path}.port`, reason: 'no port is free' });
}
