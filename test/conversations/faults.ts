// A fault engine with the rules of a test.

import { createIds } from '../../server/base/ids.ts';
import { createFaults } from '../../server/faults/engine.ts';
import type { Rule } from '../../server/faults/fault.ts';
import type { Faults } from '../../server/faults/faults.ts';

export function faultsWith(rules: readonly Rule[]): Faults {
  const clock = { now: () => Date.now(), mode: 'real' as const, offset: 0, pending: [], schedule: () => () => undefined };
  const report = (error: unknown): never => {
    throw error;
  };
  const faults = createFaults({ clock, seed: 1, ids: createIds(), report });
  for (const rule of rules) faults.add(rule, 'api');
  return faults;
}
