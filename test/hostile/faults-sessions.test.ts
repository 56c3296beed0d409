// Any rules and any sessions: each connection ends cleanly, and nobody is held by what is no longer there.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { legalRule } from './faults-arbitrary.ts';
import { inTime, say, session, startTarget } from './faulty-sessions.ts';
import type { Target } from './faulty-sessions.ts';

/** Many more by hand: FUZZ=100000. */
const RUNS = Number(process.env['FUZZ'] ?? 600) / 10;

let target: Target;
beforeAll(async () => void (target = await startTarget()));
afterAll(() => target[Symbol.asyncDispose]());

it('whatever the rules are and whatever is said, every connection ends, and nothing is reported', async () => {
  const { rig, bugs, call } = target;
  await fc.assert(
    fc.asyncProperty(
      fc.array(legalRule, { minLength: 1, maxLength: 4 }),
      fc.array(session, { minLength: 1, maxLength: 5 }),
      async (rules, sessions) => {
        await call('PUT', '/faults', rules);
        const leaving = await Promise.all(sessions.map((said) => say(rig.ports[said.port] ?? 0, said)));
        await call('DELETE', '/faults');
        await inTime(2_000, Promise.all(leaving.map((leave) => leave())), () => 'a connection is left open');
        for (let looks = 0; (await target.connections()) > 0; looks++) if (looks > 200) throw new Error('a session goes on');
        expect(bugs).toEqual([]);
      },
    ),
    { numRuns: RUNS, interruptAfterTimeLimit: RUNS > 1_000 ? 600_000 : 15_000 },
  );
});
