// `mailrig health`: asks a running server whether it is well; the container's health check.

import { get } from 'node:http';
import { serverUrl } from './api.ts';
import { load } from './load.ts';
import { Failure } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import type { Config } from '../settings.ts';

const TIMEOUT = 3000;

export const healthUrl = (config: Config): string => `${serverUrl(config)}healthz`;

// Not `fetch`: it refuses ports that browsers refuse, and a server may listen on any.
const statusOf = (url: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const request = get(url, { signal: AbortSignal.timeout(TIMEOUT), agent: false }, (answer) => {
      answer.resume();
      resolve(answer.statusCode ?? 0);
    });
    request.on('error', reject);
  });

export async function health(flags: Readonly<Record<string, unknown>>, terminal: Terminal): Promise<void> {
  const url = healthUrl((await load(flags, terminal)).config);
  const status = await statusOf(url).catch((error: unknown) => {
    throw new Failure(`${url}: no answer (${error instanceof Error ? error.message : String(error)})`);
  });
  if (status !== 200) throw new Failure(`${url}: answered ${status}`);
  terminal.print(`${url}: ok`);
}
