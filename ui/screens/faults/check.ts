// What is wrong with a rule, by the table of what is possible where, before the server is asked; and what keeps it from ever being reached.

import type { Fault, FaultCell, FaultOptions, FaultRule } from '../../../server/http/contract/types.ts';
import { text } from '../../text/faults.ts';
import { protocolOf } from './place.ts';

/** At which field, in the server's words: `match.subject`, `do[0].reply`. */
export interface Problem {
  readonly path: string;
  readonly reason: string;
}

export const cellOf = ({ on }: FaultRule, { cells }: FaultOptions): FaultCell | undefined =>
  cells.find(({ protocol, stage }) => protocol === protocolOf(on) && stage === on.stage);

export function problems(rule: FaultRule, options: FaultOptions): readonly Problem[] {
  const { on, match = {}, when = {}, do: acts, script } = rule;
  const cell = cellOf(rule, options);
  if (!cell) return [{ path: 'on.stage', reason: text.noStage(protocolOf(on).toUpperCase(), on.stage) }];
  const found: Problem[] = [];
  for (const field of Object.keys(match)) {
    if (!cell.matches.includes(field)) found.push({ path: `match.${field}`, reason: text.notKnown(field, on.stage) });
  }
  const legal = [...cell.modifiers, ...cell.endings];
  for (const [i, act] of (acts ?? []).entries()) {
    const [name = ''] = Object.keys(act);
    if (!legal.includes(name)) found.push({ path: `do[${i}].${name}`, reason: text.notThere(name, on.stage) });
  }
  if (!script && (acts ?? []).length === 0) found.push({ path: 'do', reason: text.nothingToDo });
  const { attempts } = when;
  if (attempts && 'from' in attempts && attempts.to !== undefined && attempts.to < attempts.from)
    found.push({ path: 'when.attempts', reason: text.neverFires });
  if (when.probability !== undefined && when.probability <= 0) found.push({ path: 'when.probability', reason: text.neverFires });
  return found;
}

/** The first that is at the field, or within it. */
export const problemAt = (found: readonly Problem[], path: string): string | undefined =>
  found.find((problem) => problem.path === path || problem.path.startsWith(`${path}.`) || problem.path.startsWith(`${path}[`))?.reason;

const everybody = ({ match, when }: FaultRule): boolean =>
  Object.keys(match ?? {}).length === 0 && Object.keys(when ?? {}).filter((name) => name !== 'attemptKey' && name !== 'seed').length === 0;

/** The number of the rule before it that meets all that it could meet; 0 where there is none. */
export function shadow(rule: FaultRule, id: string | null, list: readonly Fault[]): number {
  const end = list.findIndex((other) => other.id === id);
  const before = end < 0 ? list : list.slice(0, end);
  const { on } = rule;
  return (
    before.findIndex(
      (other) =>
        other.enabled &&
        everybody(other) &&
        protocolOf(other.on) === protocolOf(on) &&
        (other.on.host === '*' || (other.on.host ?? null) === (on.host ?? null)) &&
        (other.on.stage === on.stage || (other.on.stage === 'any' && on.stage !== 'connect')),
    ) + 1
  );
}
