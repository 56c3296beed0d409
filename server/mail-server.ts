// One mail server with all its ports: listens, stops to listen, and listens again on the very same ports.

import { setTimeout as pause } from 'node:timers/promises';
import { Refusal } from './base/errors.ts';
import type { FaultProtocol } from './faults/stages.ts';
import type { Listener, Protocol } from './net/listener.ts';
import type { SessionProtocol } from './net/session.ts';
import type { Config } from './settings.ts';
import type { SmtpListener } from './values.ts';

/** One line of a table for each makes it listen, be counted and be told of. */
export interface MailServer {
  /** Its name in sessions and rules. */
  readonly host: string;
  readonly protocol: FaultProtocol;
  readonly ports: readonly SmtpListener[];
  readonly idleTimeout: number;
  /** `settings` are those of one port. */
  protocolFor(settings: Config): Protocol;
}

export interface OpenMailServer {
  readonly name: string;
  readonly protocol: FaultProtocol;
  /** As they were bound at first. */
  readonly listeners: readonly { readonly setting: SmtpListener; readonly protocol: SessionProtocol; readonly listener: Listener }[];
  /** Off: nobody listens, and every session ends. Throws Refusal `conflict` where a port has been taken. */
  listening(on: boolean): Promise<void>;
  close(grace: number): Promise<void>;
}

/** The port of a server that has just stopped may be held for a moment. */
const TRIES = 4;
const BETWEEN_TRIES = 50;

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

type Listen = (server: MailServer, protocol: Protocol, setting: SmtpListener) => Promise<Listener>;

/** With `quiet` nobody listens until it is told to: its ports and addresses are to be set then. Throws the system's error where it cannot listen at first. */
export async function openMailServer(server: MailServer, config: Config, listen: Listen, quiet = false): Promise<OpenMailServer> {
  const { host, ports } = server;
  const bound: { setting: SmtpListener; protocol: Protocol; listener: Listener | null }[] = [];
  let open: Listener[] = [];

  async function close(grace: number): Promise<void> {
    const closing = open;
    open = [];
    await Promise.all(closing.map((listener) => listener.close(grace)));
  }

  async function tryAgain(): Promise<void> {
    try {
      for (const { setting, protocol, listener } of bound)
        open.push(await listen(server, protocol, listener ? { ...setting, port: listener.port, host: listener.addresses } : setting));
    } catch (error) {
      await close(0);
      throw error;
    }
  }

  async function listenAgain(): Promise<void> {
    for (let left = TRIES - 1; ; left--) {
      try {
        return await tryAgain();
      } catch (error) {
        const { port = 0, address = '' } = error as { readonly port?: number; readonly address?: string };
        const reason = `port ${port} on ${address} cannot be listened to (${codeOf(error) || String(error)})`;
        if (left === 0) throw new Refusal('conflict', `${host}: ${reason}`, { path: 'state', reason });
        await pause(BETWEEN_TRIES);
      }
    }
  }

  try {
    for (const setting of ports) {
      const { requireAuth = config.requireAuth, requireTls = config.requireTls } = setting;
      const protocol = server.protocolFor({ ...config, requireAuth, requireTls });
      const listener = quiet ? null : await listen(server, protocol, setting);
      if (listener) open.push(listener);
      bound.push({ setting, protocol, listener });
    }
  } catch (error) {
    await close(0);
    throw error;
  }
  return {
    name: host,
    protocol: server.protocol,
    listeners: bound.flatMap(({ setting, protocol, listener }) => (listener ? [{ setting, protocol: protocol.name, listener }] : [])),
    async listening(on) {
      if (!on) return close(0);
      if (open.length === 0) await listenAgain();
    },
    close,
  };
}
