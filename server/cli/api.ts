// A running server as the commands reach it: over its HTTP API.

import { isIPv6 } from 'node:net';
import { Option } from 'commander';
import type { Command } from 'commander';
import { load } from './load.ts';
import { Failure } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import type { Config } from '../settings.ts';

/** An address to listen on that stands for all of them is dialled as the loopback of its family. */
const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Where the server of this configuration is found, with a slash at the end. */
export function serverUrl({ host: [first = '127.0.0.1'], httpPort, basePath }: Config): string {
  const address = LOOPBACK[first] ?? first;
  return `http://${isIPv6(address) ? `[${address}]` : address}:${httpPort}${basePath.replace(/\/?$/, '/')}`;
}

export interface ApiFlags {
  readonly url?: string;
  readonly auth?: string;
  readonly token?: string;
  readonly config?: string;
}

export function addApiOptions(command: Command): Command {
  const options = [
    new Option('--url <url>', 'the server (http://127.0.0.1:8025/, or as flags, environment and file have it)'),
    new Option('--auth <user:password>', 'log in; better in the environment, as MAILRIG_AUTH'),
    new Option('--token <text>', 'show this bearer token; better in the environment, as MAILRIG_TOKEN'),
  ];
  for (const option of options) command.addOption(option.helpGroup('Where the server is:'));
  return command;
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, message } = (error.cause ?? error) as Error & { code?: unknown };
  return typeof code === 'string' ? code : message;
}

/** What the server says in its own form of an error, else the status. */
async function wordsOf(answer: Response): Promise<string> {
  const text = await answer.text();
  try {
    return (JSON.parse(text) as { error: { message: string } }).error.message;
  } catch {
    return `answered ${answer.status}`;
  }
}

/** @throws Failure where there is no answer, or none that is good */
export async function request(url: URL, init: RequestInit = {}): Promise<Response> {
  const place = url.origin + url.pathname;
  const answer = await fetch(url, init).catch((error: unknown) => {
    throw error instanceof Failure ? error : new Failure(`${place}: no answer (${reasonOf(error)})`);
  });
  if (answer.ok) return answer;
  throw new Failure(`${place}: ${await wordsOf(answer)}`);
}

export const basic = (login: string): string => `Basic ${Buffer.from(login).toString('base64')}`;

/** Asks for a path below `/v1/`. @throws Failure */
export type Ask = (path: string, init?: RequestInit) => Promise<Response>;

/** Makes sure that a Mailrig is there and lets us in. @throws Failure, ConfigError */
export async function connect({ url: given, ...flags }: ApiFlags, terminal: Terminal): Promise<Ask> {
  const settings = Object.fromEntries(
    ['auth', 'token', 'config'].flatMap((name) => (name in flags ? [[name, flags[name as keyof typeof flags]]] : [])),
  );
  const { config } = await load(settings, terminal);
  const base = given ?? serverUrl(config);
  if (!URL.canParse(base)) throw new Failure(`${base} is no URL such as http://localhost:8025/`);
  const login = config.token !== null ? `Bearer ${config.token}` : config.auth !== null ? basic(config.auth) : null;
  const ask: Ask = (path, init = {}) =>
    request(new URL(`v1/${path}`, base.replace(/\/?$/, '/')), {
      ...init,
      headers: { ...init.headers, ...(login !== null && { Authorization: login }) },
    });
  const { name } = (await (await ask('info')).json().catch(() => ({}))) as { name?: unknown };
  if (name !== 'mailrig') throw new Failure(`${base} is no Mailrig`);
  return ask;
}
