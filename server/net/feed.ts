// Octets of a message for whoever takes them, as fast as a fault allows.

import type { Input } from './input.ts';
import type { Watch } from './watch.ts';

/** How many octets may be read of those that are here; waits where it is none yet. Throws ConnectionEnded where the message ends here. */
export type Intake = (here: number) => Promise<number>;

interface Source {
  readonly input: Input;
  readonly watch: Watch;
  readonly intake: Intake | null;
  more(): Promise<void>;
}

/** Gives input to `take`, which answers how many octets of a chunk it has used, until it is `done`. */
export async function feed({ input, watch, intake, more }: Source, take: (chunk: Buffer) => number, done: () => boolean): Promise<void> {
  for (;;) {
    for (let chunk = input.peek(); !done() && chunk !== undefined; chunk = input.peek()) {
      input.skip(take(intake === null ? chunk : chunk.subarray(0, await intake(chunk.length))));
      watch.stop();
    }
    if (done()) return;
    await more();
  }
}
