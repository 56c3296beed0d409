// Counts what came out as it should, and prints what did not.

import { isDeepStrictEqual } from 'node:util';

export interface Tally {
  equal(what: string, found: unknown, wanted: unknown): void;
  /** The last line has the counts. */
  report(name: string): void;
}

export function createTally(): Tally {
  let passed = 0;
  const wrong: string[] = [];
  return {
    equal(what, found, wanted) {
      if (isDeepStrictEqual(found, wanted)) passed++;
      else wrong.push(`${what}\n  wanted ${JSON.stringify(wanted)}\n  found  ${JSON.stringify(found)}`);
    },
    report(name) {
      process.stdout.write(`${[...wrong, `${name}: ${passed} passed, ${wrong.length} failed`].join('\n')}\n`);
    },
  };
}
