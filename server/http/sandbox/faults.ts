// Faults as they are told of over HTTP, and what callers may write in them.

import { allCells } from '../../faults/cells.ts';
import type { Fault, FaultSource, Hit } from '../../faults/fault.ts';
import { primariesOf } from '../../delivery/route.ts';
import { bundleOf, PRESETS } from '../../faults/presets.ts';
import type * as types from '../contract/types.ts';
import type { HttpContext, HttpDeps } from '../deps.ts';
import { isoTime } from '../messages/summary.ts';

const isoOrNull = (ms: number | null): string | null => (ms === null ? null : isoTime(ms));

/** The caller's words are the contract's: the engine has read them by its own table. */
export const faultOf = ({ lastHitAt, createdAt, expiresAt, ...words }: Fault): types.Fault => ({
  ...(words as unknown as types.Fault),
  lastHitAt: isoOrNull(lastHitAt),
  createdAt: isoTime(createdAt),
  expiresAt: isoOrNull(expiresAt),
});

export const hitOf = ({ at, ...hit }: Hit): types.FaultHit => ({ at: isoTime(at), ...hit });

export const wholeList = <T>(items: T[]): types.ListOf<T> => ({ items, next: null, total: items.length });

export const faultList = (faults: readonly Fault[]): types.ListOf<types.Fault> => wholeList(faults.map(faultOf));

export const options = (seed: number): types.FaultOptions => ({
  seed,
  cells: Array.from(allCells(), ({ protocol, stage, modifiers, endings, matches }) => ({
    protocol,
    stage,
    modifiers: [...modifiers],
    endings: [...endings],
    matches: [...matches],
  })),
});

/** Who made it: pages of our own say so by themselves, as browsers do. */
export const sourceOf = (context: HttpContext): FaultSource => (context.req.header('sec-fetch-site') === 'same-origin' ? 'ui' : 'api');

export const presets = (primaries: readonly string[]): types.FaultPreset[] =>
  PRESETS.map(({ name, summary, options: known, make }) => {
    const { faults, hosts } = make({}, primaries);
    return { name, summary, options: [...known], faults: faults as unknown as types.FaultRule[], hosts: { ...hosts } };
  });

/** All of it or nothing. */
export async function applyPreset(
  { faults, hosts, receivers }: Pick<HttpDeps, 'faults' | 'hosts' | 'receivers'>,
  name: string,
  given: Readonly<Record<string, unknown>>,
): Promise<types.AppliedPreset> {
  const bundle = bundleOf(name, given, primariesOf(receivers.list()));
  const added: Fault[] = [];
  try {
    for (const rule of bundle.faults) added.push(faults.add(rule, 'preset'));
    for (const [host, state] of Object.entries(bundle.hosts)) await hosts.set(host, state, bundle.lasting);
  } catch (error) {
    for (const { id } of added) faults.remove(id);
    throw error;
  }
  return { faults: added.map(faultOf), hosts: { ...bundle.hosts } };
}
