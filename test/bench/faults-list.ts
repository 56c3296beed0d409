// An engine with rules that stand at every stage and meet nobody.

import type { SandboxClock } from '../../server/base/clock.ts';
import { systemClock } from '../../server/base/clock.ts';
import { createIds } from '../../server/base/ids.ts';
import { createFaults } from '../../server/faults/engine.ts';
import type { Faults } from '../../server/faults/faults.ts';
import type { Rule } from '../../server/faults/fault.ts';

const clock: SandboxClock = { now: systemClock.now, mode: 'real', offset: 0, pending: [], schedule: () => () => undefined };

/** Each looks at something else, as the rules of many tests do. */
const KINDS: readonly ((i: number) => Rule)[] = [
  (i) => ({ on: { stage: 'rcpt' }, match: { recipient: `*@w${i}.test` }, do: [{ reply: '450 4.2.0 later' }] }),
  (i) => ({ on: { stage: 'rcpt' }, match: { domain: `w${i}.test` }, do: [{ reply: '550 5.1.1 unknown' }] }),
  (i) => ({ on: { stage: 'mail' }, match: { sender: `app${i}@*` }, do: [{ reply: '451 4.3.0 later' }] }),
  (i) => ({ on: { stage: 'end-of-data' }, match: { header: { 'X-Test-Run': String(i) } }, do: [{ acceptThen: 'reset' }] }),
  (i) => ({ on: { stage: 'any' }, match: { clientIp: `10.${i}.0.0/16` }, do: [{ delay: '1s' }] }),
];

export function manyFaults(count: number): Faults {
  const report = (error: unknown): void => void process.stderr.write(`${String(error)}\n`);
  const faults = createFaults({ clock, seed: 1, ids: createIds(), report });
  faults.replace(
    Array.from({ length: count }, (_, i) => (KINDS[i % KINDS.length] as (typeof KINDS)[number])(i)),
    'file',
  );
  return faults;
}
