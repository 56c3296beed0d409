// The built server as a process of its own, for measuring: started on free ports, asked for its memory, ended.

import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';

export interface RunningRig {
  readonly smtp: number;
  readonly http: number;
  readonly ports: { readonly imap: number; readonly pop3: number };
  /** Milliseconds from spawn until it listens. */
  readonly startedIn: number;
  /** Resident memory, octets; Linux only. */
  memory(): Promise<number>;
  /** Ends it properly. */
  stop(): Promise<void>;
  /** Ends it with SIGKILL. */
  kill(): Promise<void>;
}

const MAIN = new URL('../../dist/server/main.js', import.meta.url).pathname;

const portIn = (text: string, pattern: RegExp): number => Number(pattern.exec(text)?.[1] ?? 0);

/** Starts `dist/server/main.js` with these flags; throws what it printed when it ends instead. */
export function startRig(flags: readonly string[] = []): Promise<RunningRig> {
  const started = performance.now();
  const anyPort = ['smtp', 'smtps', 'imap', 'imaps', 'pop3', 'pop3s', 'http'].flatMap((name) => [`--${name}-port`, '0']);
  const args = [MAIN, ...anyPort, '--host', '127.0.0.1', ...flags];
  const child: ChildProcess = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const end = (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> =>
    new Promise((done, fail) => {
      const { exitCode, signalCode } = child;
      if (exitCode !== null || signalCode !== null)
        return void fail(new Error(`the server had ended by itself with ${exitCode ?? signalCode}:\n${printed}`));
      child.removeAllListeners('exit').once('exit', () => done());
      child.kill(signal);
    });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}:\n${printed}`)));
    child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    child.stdout?.on('data', (chunk: Buffer) => {
      printed += chunk.toString();
      const http = portIn(printed, /Web\s+http:\/\/127\.0\.0\.1:(\d+)/);
      if (http === 0) return;
      child.stdout?.removeAllListeners('data').resume();
      resolve({
        smtp: portIn(printed, /SMTP\s+127\.0\.0\.1:(\d+)/),
        http,
        ports: { imap: portIn(printed, /IMAP\s+127\.0\.0\.1:(\d+)/), pop3: portIn(printed, /POP3\s+127\.0\.0\.1:(\d+)/) },
        startedIn: performance.now() - started,
        async memory() {
          const status = await readFile(`/proc/${child.pid}/status`, 'utf8');
          return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) * 1024;
        },
        stop: () => end('SIGTERM'),
        kill: () => end('SIGKILL'),
      });
    });
  });
}

/** The value below which that share of the numbers lies. */
export function percentile(numbers: readonly number[], share: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

export const median = (numbers: readonly number[]): number => percentile(numbers, 0.5);
