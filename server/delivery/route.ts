// Which hosts a delivery is to be offered to, and in what order; or why there is none (RFC 5321 §5.1).

import { draw } from '../faults/chance.ts';
import type { Outcome } from './client/outcome.ts';
import type { DnsState, Receiver, ReceiverHost } from './receivers/receiver.ts';

export interface Route {
  /** In the order in which they are tried. */
  readonly hosts: readonly ReceiverHost[];
  /** Why nobody is asked. */
  readonly refusal: Outcome | null;
}

export interface Chosen {
  readonly seed: number;
  /** Hosts of one preference are shuffled by it. */
  readonly key: string;
  readonly round: number;
  /** The backup that hands it on: itself and whatever is no better is left out. */
  readonly relayedBy: string | null;
}

const noWay = (code: number | null, enhanced: string, text: string): Outcome => ({
  stage: 'route',
  code,
  enhanced,
  text,
  outcome: enhanced.startsWith('5') ? 'permanent' : 'transient',
  lost: false,
  unsure: false,
});

/** RFC 7505 §4.1 for the null MX. */
const DNS: Readonly<Record<DnsState, Outcome | null>> = {
  ok: null,
  'null-mx': noWay(556, '5.1.10', 'Recipient address has a null MX'),
  nxdomain: noWay(null, '5.1.2', 'Domain not found'),
  servfail: noWay(null, '4.4.3', 'Temporary failure of the name service'),
};

const NOBODY = noWay(null, '4.4.4', 'No host is declared for this domain');
const LOOP = noWay(null, '5.4.6', 'Mail for this domain loops back to its backup');

/** Those that are better than a backup: it may hand on to them. */
export const betterThan = ({ hosts }: Receiver, name: string): readonly ReceiverHost[] => {
  const own = hosts.find((host) => host.name === name)?.preference ?? Infinity;
  return hosts.filter(({ preference }) => preference < own);
};

export function routeOf(receiver: Receiver | undefined, { seed, key, round, relayedBy }: Chosen): Route {
  if (receiver === undefined) return { hosts: [], refusal: NOBODY };
  const refusal = DNS[receiver.dns];
  if (refusal) return { hosts: [], refusal };
  const open = relayedBy === null ? receiver.hosts : betterThan(receiver, relayedBy);
  if (open.length === 0) return { hosts: [], refusal: relayedBy === null ? NOBODY : LOOP };
  const drawn = open.map((host) => ({ host, lot: draw(seed, 'route', `${key} ${host.name}`, round) }));
  const hosts = drawn.sort((a, b) => a.host.preference - b.host.preference || a.lot - b.lot).map(({ host }) => host);
  return { hosts, refusal: null };
}

/** The hosts of the best preference of each, which get everything as long as they are well. */
export const primariesOf = (receivers: readonly Receiver[]): readonly string[] =>
  receivers.flatMap(({ hosts }) => {
    const best = Math.min(...hosts.map(({ preference }) => preference));
    return hosts.filter(({ preference }) => preference === best).map(({ name }) => name);
  });
