// Receivers with listeners that only remember what they were told.

import { Refusal } from '../../../../server/base/errors.ts';
import { createReceivers } from '../../../../server/delivery/receivers/receivers.ts';
import type { Receivers } from '../../../../server/delivery/receivers/receivers.ts';
import { createHosts } from '../../../../server/faults/hosts.ts';
import type { Hosts } from '../../../../server/faults/hosts.ts';
import { startEngine } from '../../faults/rig.ts';
import type { Engine } from '../../faults/rig.ts';

export interface Started extends Engine {
  readonly receivers: Receivers;
  readonly hosts: Hosts;
  /** `mx1 opens 127.0.0.1 20000`. */
  readonly told: string[];
  readonly events: string[];
  /** Ports that another program has. */
  readonly thief: Set<number>;
}

const raise = (error: unknown): never => {
  throw error;
};

const systemError = (code: string): Error => Object.assign(new Error(code), { code });

export function start({ firstPort = 20_000, max = 100 } = {}): Started {
  const engine = startEngine();
  const told: string[] = [];
  const thief = new Set<number>();
  const places = (['submission', 'imap'] as const).map((name) => ({
    name,
    protocol: name === 'imap' ? ('imap' as const) : ('smtp' as const),
    listening: () => Promise.resolve(),
  }));
  const hosts = createHosts({ places, ...engine, report: raise });
  const listening = new Set<string>();
  const receivers = createReceivers({
    hosts,
    firstPort,
    max,
    report: raise,
    open({ name, address, port }) {
      const place = `${address} ${port}`;
      if (address === '127.9.9.9') return Promise.reject(systemError('EADDRNOTAVAIL'));
      if (thief.has(port) || listening.has(place)) return Promise.reject(systemError('EADDRINUSE'));
      listening.add(place);
      told.push(`${name} opens ${place}`);
      let isOn = true;
      const on = (open: boolean): void => {
        if (isOn === open) return;
        isOn = open;
        told.push(`${name} ${open ? 'listens' : 'stops'}`);
        if (open) listening.add(place);
        else listening.delete(place);
      };
      return Promise.resolve({
        listening: (open) => Promise.resolve(on(open)),
        close: () => Promise.resolve(on(false)),
      });
    },
  });
  const events: string[] = [];
  receivers.events.on((domain) => events.push(domain));
  return { ...engine, receivers, hosts, told, events, thief };
}

export const toHosts = (...names: readonly string[]): object => ({ hosts: names.map((name, i) => ({ name, preference: 10 * (i + 1) })) });

export async function refusal(work: Promise<unknown>): Promise<Refusal> {
  const error: unknown = await work.then(
    () => new Error('it was done'),
    (caught: unknown) => caught,
  );
  if (error instanceof Refusal) return error;
  throw error;
}
