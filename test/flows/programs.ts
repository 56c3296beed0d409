// Programs that a flow needs: those that are missing here are named with the reason, not run.

import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
const TIMEOUT = 20_000;

/** The program can be started on this machine. */
export const isHere = (command: string): boolean => spawnSync(command, ['--version']).error === undefined;

export interface Needing {
  readonly name: string;
  /** The program it needs; null where it comes with this package. */
  readonly command: string | null;
}

/** Those that can be run on this machine. What is left out is said once, with the reason. */
export function runnable<T extends Needing>(clients: readonly T[]): readonly T[] {
  return clients.filter(({ name, command }) => {
    const here = command === null || isHere(command);
    if (!here) process.stderr.write(`left out: ${name}, since there is no ${command} on this machine\n`);
    return here;
  });
}

/** What the program printed, octet by octet; throws with what it said where it fails. */
export async function run(command: string, args: readonly string[], input = ''): Promise<Buffer> {
  const running = execute(command, [...args], { timeout: TIMEOUT, encoding: 'buffer', maxBuffer: 256 * 1024 * 1024 });
  running.child.stdin?.end(input);
  return (await running).stdout;
}

/** Runs a Python script with `args` as `sys.argv[1:]`. */
export const python = (script: string, ...args: readonly (string | number)[]): Promise<Buffer> =>
  run('python3', ['-c', script, ...args.map(String)]);
