// The sending side, joined: the queue with the client that dials receivers' hosts, and with those who know when a host is well again.

import { createSecureContext } from 'node:tls';
import type { SecureContext } from 'node:tls';
import type { SandboxClock } from './base/clock.ts';
import type { Acceptance } from './delivery/accept.ts';
import { openClient } from './delivery/client/client.ts';
import { timeoutsOf } from './delivery/client/timeouts.ts';
import type { TimeoutSettings } from './delivery/client/timeouts.ts';
import { heardFrom } from './delivery/queue/heard.ts';
import { queueStore } from './delivery/queue/kept.ts';
import { createQueue } from './delivery/queue/queue.ts';
import type { Queue, QueueSettings } from './delivery/queue/queue.ts';
import type { Receivers } from './delivery/receivers/receivers.ts';
import type { Faults } from './faults/faults.ts';
import type { Hosts } from './faults/hosts.ts';
import type { Sessions } from './net/sessions.ts';
import type { Store } from './store/store.ts';

export interface OutgoingParts {
  readonly store: Store;
  readonly clock: SandboxClock;
  readonly receivers: Receivers;
  readonly hosts: Hosts;
  readonly faults: Faults;
  readonly sessions: Sessions;
  readonly acceptance: Acceptance;
  /** Null where certificates are not made here. */
  readonly caPem: () => Promise<string | null>;
  readonly settings: QueueSettings & TimeoutSettings & { readonly name: string };
  readonly report: (error: unknown) => void;
}

export function openOutgoing(parts: OutgoingParts): Queue {
  /** Trusts the certificates that are made here. */
  const secure = async (): Promise<SecureContext> => {
    const ca = await parts.caPem();
    return createSecureContext(ca === null ? {} : { ca });
  };
  const { store, clock, receivers, hosts, faults, sessions, acceptance, settings, report } = parts;
  const timeouts = timeoutsOf(settings);
  const queue = createQueue({
    store: queueStore(store),
    clock,
    receiver: (domain) => receivers.get(domain),
    connect: (target, { connected, served, signal, from }) =>
      openClient(target, { name: from ?? settings.name, timeouts, dialled: connected, served, signal, secure }),
    register: acceptance.register,
    sessionOf: (host, client) => heardFrom(sessions.list(), host, client),
    settings,
    report,
  });
  // Whoever is put right is believed to be.
  hosts.events.on((name) => queue.forgive(name));
  faults.events.on(({ type }) => {
    if (type === 'fault.changed') queue.forgive();
  });
  return queue;
}
