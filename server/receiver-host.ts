// What listens for a receiver's host: the submission's own SMTP server, that takes mail from anybody, as an MX does, and only on the loopback.

import type { HostPlace } from './delivery/receivers/ports.ts';
import { openMailServer } from './mail-server.ts';
import type { MailServer, OpenMailServer } from './mail-server.ts';
import type { Listener, Protocol } from './net/listener.ts';
import type { Config } from './settings.ts';

export interface ReceiverHostParts {
  readonly config: Config;
  readonly protocolFor: (name: string, settings: Config) => Protocol;
  readonly listen: (server: MailServer, protocol: Protocol, addresses: readonly string[], port: number) => Promise<Listener>;
}

export function openReceiverHost({ name, address, port }: HostPlace, parts: ReceiverHostParts): Promise<OpenMailServer> {
  const { config, protocolFor, listen } = parts;
  const settings: Config = { ...config, name, requireAuth: false, requireTls: false, accounts: 'any', senders: 'any', localDomains: [] };
  const server: MailServer = {
    host: name,
    protocol: 'smtp',
    ports: [{ port, host: [address] }],
    idleTimeout: config.idleTimeout,
    protocolFor: () => protocolFor(name, settings),
  };
  return openMailServer(server, settings, (_server, protocol, { port: number, host: addresses = [address] }) =>
    listen(server, protocol, addresses, number),
  );
}
