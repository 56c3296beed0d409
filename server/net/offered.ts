// What a server says that it can do, as a fault leaves it: what is not announced is not known either.

import type { Modifiers } from '../faults/decide.ts';

/** Null: nothing is changed. */
export type Offer = NonNullable<Modifiers['capabilities']> | null;

const nameOf = (capability: string): string => (/^[^ =]*/.exec(capability)?.[0] ?? '').toUpperCase();

/** `THREAD` takes away every `THREAD=…`, `AUTH=PLAIN` that one alone. */
export function lacks(offer: Offer, capability: string): boolean {
  if (offer === null) return false;
  const [whole, name] = [capability.toUpperCase(), nameOf(capability)];
  return offer.remove.some((removed) => removed.toUpperCase() === whole || removed.toUpperCase() === name);
}

/** Once each. */
export function offered(offer: Offer, capabilities: readonly string[]): readonly string[] {
  if (offer === null) return capabilities;
  return [...new Set([...capabilities.filter((capability) => !lacks(offer, capability)), ...offer.add])];
}
