// A terminal that remembers what was printed, and is interrupted when a test says so.

import pc from 'picocolors';
import { run } from '../../../server/cli/program.ts';
import type { Terminal } from '../../../server/cli/terminal.ts';

export interface FakeTerminal extends Terminal {
  readonly printed: string[];
  readonly complaints: string[];
  interrupt(): void;
}

export function fakeTerminal(env: Record<string, string> = {}, folder = '/nonexistent'): FakeTerminal {
  const printed: string[] = [];
  const complaints: string[] = [];
  let interrupt = (): void => undefined;
  const interruption = new Promise<void>((resolve) => (interrupt = resolve));
  return {
    printed,
    complaints,
    interrupt: () => interrupt(),
    print: (line) => void printed.push(line),
    complain: (line) => void complaints.push(line),
    env,
    folder,
    colour: pc.createColors(false),
    interrupted: () => interruption,
  };
}

/** Runs a command line as a person would type it. */
export async function mailrig(line: string, env: Record<string, string> = {}): Promise<{ code: number; out: string; err: string }> {
  const terminal = fakeTerminal(env);
  const code = await run(line.split(' ').filter(Boolean), terminal);
  return { code, out: terminal.printed.join('\n'), err: terminal.complaints.join('\n') };
}
