// All names of an account as LIST sees them: mailboxes, the levels above them, names that are only subscribed to.

import type { Account, Mailbox } from '../../store/state.ts';
import { DELIMITER, parentsOf } from '../../store/mailbox-names.ts';

export interface Named {
  readonly name: string;
  /** Null for a name that is only a level above others, or only subscribed to. */
  readonly mailbox: Mailbox | null;
  readonly subscribed: boolean;
  readonly hasChildren: boolean;
  /** One of the names below is subscribed to. */
  readonly subscribedBelow: boolean;
}

/** INBOX first, the others in order; names without a mailbox are among them where something lies below, or a subscription is left. */
export function namesOf({ mailboxes, subscriptions }: Account): Named[] {
  const withChildren = new Set<string>();
  const aboveSubscribed = new Set<string>();
  const isSubscribed = (name: string): boolean => mailboxes.get(name)?.subscribed ?? subscriptions.has(name);
  const all = new Set([...mailboxes.keys(), ...subscriptions]);
  for (const name of [...all]) {
    for (const parent of parentsOf(name)) {
      all.add(parent);
      if (mailboxes.has(name)) withChildren.add(parent);
      if (isSubscribed(name)) aboveSubscribed.add(parent);
    }
  }
  const order = (name: string): string => (name === 'INBOX' ? '' : name.replaceAll(DELIMITER, '\0'));
  return [...all]
    .map((name) => [order(name), name] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, name]) => ({
      name,
      mailbox: mailboxes.get(name) ?? null,
      subscribed: isSubscribed(name),
      hasChildren: withChildren.has(name),
      subscribedBelow: aboveSubscribed.has(name),
    }));
}
