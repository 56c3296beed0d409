// Receivers as they are told of over HTTP, and how one is taken away.

import { formatDuration } from '../../base/duration.ts';
import { Refusal } from '../../base/errors.ts';
import { formatSchedule } from '../../delivery/policy.ts';
import type { Receiver } from '../../delivery/receivers/receiver.ts';
import type * as types from '../contract/types.ts';
import type { HttpDeps } from '../deps.ts';

export type ReceiverParts = Pick<HttpDeps, 'receivers' | 'hosts' | 'waiting'>;

/** Its policy is in the words that were given. */
export function receiverOf(
  { domain, hosts, policy, dns, written }: Receiver,
  { hosts: standings, waiting }: ReceiverParts,
): types.Receiver {
  return {
    domain,
    hosts: hosts.map(({ name, preference, backup, address, port }) => ({
      name,
      preference,
      // While it is being opened or closed nobody listens.
      state: standings.has(name) ? standings.named(name).state : 'down',
      ...(backup !== null && { backup }),
      address,
      port,
    })),
    policy: { ...written.policy },
    schedule: formatSchedule(policy.waits),
    giveUpAfter: formatDuration(policy.giveUpAfter),
    dns,
    waiting: waiting?.count(domain) ?? 0,
  };
}

/** Throws Refusal `not-found`. */
export function receiverNamed(domain: string, { receivers }: Pick<ReceiverParts, 'receivers'>): Receiver {
  const receiver = receivers.get(domain);
  if (!receiver) throw new Refusal('not-found', `there is no receiver ${domain}`);
  return receiver;
}

/** Throws Refusal `not-found`, or `conflict` while deliveries are open, unless they are to be dropped. */
export async function removeReceiver(written: string, force: boolean, parts: ReceiverParts): Promise<void> {
  const { receivers, waiting } = parts;
  const { domain } = receiverNamed(written, parts);
  const open = waiting?.count(domain) ?? 0;
  if (open > 0 && !force)
    throw new Refusal('conflict', `${domain} has ${open} open deliveries; with force=true they are dropped`, { open });
  await receivers.remove(domain);
  // Conversations under way have ended with their hosts.
  await waiting?.drop(domain);
}
