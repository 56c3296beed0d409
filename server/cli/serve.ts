// `mailrig serve`: starts the server, says where it listens, and stops it when asked to.

import { banner } from './banner.ts';
import type { Listening } from './banner.ts';
import { load } from './load.ts';
import { Failure } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { Unusable } from '../base/errors.ts';
import { createLog } from '../base/log.ts';
import type { Log } from '../base/log.ts';
import type { ConfigSources } from '../config.ts';
import { flagOf, settingNames, variableOf } from '../settings.ts';
import type { Config } from '../settings.ts';
import { version } from '../version.ts';

interface Server {
  start(): Promise<void>;
  stop(): Promise<void>;
  readonly url: string;
  readonly listeners: readonly Listening[];
}

export type CreateServer = (config: Config, sources: ConfigSources, log: Log) => Server;

const loadServer = async (): Promise<CreateServer> => (await import('../app.ts')).createServer;

export async function serve(flags: Readonly<Record<string, unknown>>, terminal: Terminal, createServer?: CreateServer): Promise<void> {
  const { config, sources } = await load(flags, terminal);
  const server = (createServer ?? (await loadServer()))(config, sources, await createLog(config.logLevel));
  // From here on, so that a signal during the start also ends in an orderly stop.
  const interrupted = terminal.interrupted();
  try {
    await server.start();
  } catch (error) {
    // The first error is the one to tell; a half-started server may well fail to stop.
    await server.stop().catch(() => undefined);
    throw explain(error, config);
  }
  for (const line of banner(version, server.url, server.listeners, terminal.colour)) terminal.print(line);
  await interrupted;
  await server.stop();
}

interface ListenError extends Error {
  readonly code?: string;
  readonly syscall?: string;
  readonly port?: number;
  readonly address?: string;
}

/** The causes that a person can remove, with what to change; any other error stays as it is. */
export function explain(error: unknown, config: Config): unknown {
  if (error instanceof Unusable) return new Failure(error.message);
  if (!(error instanceof Error)) return error;
  const { code = '', syscall, port, address = '' } = error as ListenError;
  if (syscall !== 'listen' && syscall !== 'bind') return error;
  const setting = settingNames.find((name) => name.endsWith('Port') && config[name] === port);
  const change = setting
    ? `choose another with ${flagOf(setting)} or ${variableOf(setting)} (0 = any free port)`
    : 'choose another in the configuration file';
  const reasons: Readonly<Record<string, string>> = {
    EADDRINUSE: `port ${port} on ${address} is in use; ${change}`,
    EACCES: `port ${port} may not be opened by this user; ${change}`,
    EADDRNOTAVAIL: `${address} is no address of this machine; choose others with --host`,
    ENOTFOUND: `${address} is no known name; choose others with --host`,
  };
  return code in reasons ? new Failure(reasons[code] ?? '') : error;
}
