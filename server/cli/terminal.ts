// What a command needs of the world around it, and how it says that it failed.

import pc from 'picocolors';

export interface Terminal {
  /** One line each; the line end is added. */
  print(line: string): void;
  complain(line: string): void;
  /** Writes over the last line of standard error; missing where that is no terminal. */
  redraw?(line: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly folder: string;
  readonly colour: ReturnType<typeof pc.createColors>;
  /** Resolves when somebody asks the command to end. */
  interrupted(): Promise<void>;
}

/** A failure that a person can understand and mend: its message is all that is shown. */
export class Failure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'Failure';
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM'] as const;

// The first signal asks for an orderly end, the second one does not ask.
function signalled(): Promise<void> {
  return new Promise((resolve) => {
    const first = (): void => {
      resolve();
      for (const name of SIGNALS) process.removeListener(name, first).once(name, () => process.exit(1));
    };
    for (const name of SIGNALS) process.once(name, first);
  });
}

export const processTerminal = (): Terminal => ({
  print: (line) => void process.stdout.write(`${line}\n`),
  complain: (line) => void process.stderr.write(`${line}\n`),
  ...(process.stderr.isTTY && { redraw: (line: string) => void process.stderr.write(`\r\x1b[K${line}`) }),
  env: process.env,
  folder: process.cwd(),
  colour: pc.createColors(pc.isColorSupported && process.stdout.isTTY === true),
  interrupted: signalled,
});
