// What goes wrong on purpose, joined: the clock, the faults, the receivers, the hosts; begun as given and as it was kept, and kept from then on.

import { systemClock } from './base/clock.ts';
import { Refusal, Unusable } from './base/errors.ts';
import { CLOCK_LIMITS, createSandboxClock } from './base/sandbox-clock.ts';
import type { MovableClock } from './base/sandbox-clock.ts';
import { createReceivers } from './delivery/receivers/receivers.ts';
import type { KeptReceiver, Receivers } from './delivery/receivers/receivers.ts';
import type { OpenHost } from './delivery/receivers/ports.ts';
import { addGiven, givenFaults, giveReceivers, setGiven } from './faults-file.ts';
import { createFaults } from './faults/engine.ts';
import type { Faults } from './faults/faults.ts';
import type { HostPlace, Hosts } from './faults/hosts.ts';
import { createHosts } from './faults/hosts.ts';
import { adviceFor, keepSandbox, NOTHING_KEPT, readSandbox } from './kept-sandbox.ts';
import type { KeptSandbox } from './kept-sandbox.ts';
import type { Config } from './settings.ts';

export interface Sandbox {
  readonly clock: MovableClock;
  readonly faults: Faults;
  /** Before anybody can send: opens receivers' hosts. */
  receive(open: OpenHost): Promise<Joined>;
  /** When the servers listen: puts each host into the state that it was in, and keeps everything from then on. */
  join(places: readonly HostPlace[], joined: Joined): Promise<void>;
  close(): Promise<void>;
}

export interface Joined {
  readonly hosts: Hosts;
  readonly receivers: Receivers;
}

export interface SandboxParts {
  readonly config: Config;
  readonly ids: () => string;
  readonly report: (error: unknown) => void;
}

function startClock({ config, report }: SandboxParts, kept: KeptSandbox['clock']): MovableClock {
  const { clockNow, clockFrozen, maxClockEvents, clockTimeout } = config;
  const now = systemClock.now();
  const begin = clockNow ?? kept.frozenAt ?? now + kept.offset;
  return createSandboxClock({
    system: systemClock,
    offset: begin - now,
    frozenAt: clockFrozen || (kept.frozenAt !== null && clockNow === null) ? begin : null,
    limits: { ...CLOCK_LIMITS, events: maxClockEvents || Infinity, wall: clockTimeout },
    report,
  });
}

/** Throws ConfigError for faults that were given, Unusable for kept ones. */
export async function openSandbox(parts: SandboxParts): Promise<Sandbox> {
  const { config, ids, report } = parts;
  const { data, seed, magicAddresses, maxFaults, maxFaultKeys, maxFaultHits } = config;
  const given = await givenFaults(config);
  const kept = data === null ? NOTHING_KEPT : await readSandbox(data);
  const clock = startClock(parts, kept.clock);
  const limits = { rules: maxFaults || Infinity, keys: maxFaultKeys || Infinity, hits: maxFaultHits || Infinity };
  const faults = createFaults({ clock, seed, ids, report, magicAddresses, limits });
  await addGiven(given, faults);
  try {
    faults.restore(kept.faults);
    // It may begin earlier than it has stood.
    faults.clockMoved();
  } catch (error) {
    if (error instanceof Refusal) throw new Unusable(`a fault that was kept is none any more: ${error.message}. ${adviceFor(data ?? '')}`);
    throw error;
  }
  clock.moved.on(() => faults.clockMoved());
  // What has come to its end, in reverse.
  const ends: (() => unknown)[] = [() => clock.stop()];

  async function openKept(receivers: Receivers, one: KeptReceiver): Promise<void> {
    try {
      await receivers.restore([one]);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const advice = error.code === 'conflict' ? '' : `. ${adviceFor(data ?? '')}`;
      throw new Unusable(`receiver ${one.domain}, which was kept: ${error.message}${advice}`);
    }
  }

  function keep(folder: string, { hosts, receivers }: Joined): void {
    const keeper = keepSandbox(
      folder,
      () => ({
        clock: { offset: clock.offset, frozenAt: clock.mode === 'frozen' ? clock.now() : null },
        faults: faults.list(),
        receivers: receivers.kept(),
        hosts: hosts.list().filter(({ state }) => state !== 'up'),
      }),
      report,
    );
    // Ports may have been chosen meanwhile.
    if (receivers.list().length > 0) keeper.changed();
    const stops = [
      clock.moved.on(keeper.changed),
      faults.events.on(({ type }) => {
        if (type === 'fault.changed') keeper.changed();
      }),
      receivers.events.on(keeper.changed),
      hosts.events.on(keeper.changed),
    ];
    ends.push(async () => {
      for (const stop of stops) stop();
      await keeper.close();
    });
  }

  return {
    clock,
    faults,
    async receive(open) {
      const hosts = createHosts({ places: [], faults, clock, report });
      ends.push(() => hosts.stop());
      clock.moved.on(() => hosts.clockMoved());
      const { receiverPort: firstPort, maxReceivers, shutdownTimeout } = config;
      const receivers = createReceivers({ hosts, open, firstPort, max: maxReceivers || Infinity, report });
      ends.push(() => receivers.close(shutdownTimeout));
      for (const one of kept.receivers) await openKept(receivers, one);
      await giveReceivers(given, receivers);
      return { hosts, receivers };
    },
    async join(places, { hosts, receivers }) {
      for (const place of places) hosts.add(place);
      await hosts.restore(kept.hosts);
      await setGiven(given, hosts, receivers);
      if (data !== null) keep(data, { hosts, receivers });
    },
    async close() {
      for (const end of ends.reverse()) await end();
    },
  };
}
