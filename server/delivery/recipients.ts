// Where each recipient's copy goes: into an account here, or behind a receiver's hosts as a delivery of its own.

import { accountOf } from '../mail/address.ts';
import type { Delivery } from '../mail/delivery.ts';
import type { EnvelopeRecipient, MessageId } from '../mail/message.ts';
import type { Hop } from '../mail/trace.ts';
import type { NewEntry } from '../store/changes.ts';
import { attemptsPlanned, expiryOf } from './policy.ts';
import type { Receiver } from './receivers/receiver.ts';
import { betterThan } from './route.ts';

export interface Dispatch {
  readonly messageId: MessageId;
  readonly sender: string;
  readonly recipients: readonly EnvelopeRecipient[];
  /** ms of the sandbox's clock. */
  readonly at: number;
  readonly ids: () => string;
  /** Undefined for what is here. */
  readonly receiverOf: (address: string) => Receiver | undefined;
  /** The receiver's host that has it: it keeps it, unless it is a backup that hands on. */
  readonly takenBy: string | null;
  /** From host to host, `takenBy` last; nothing where the message begins here. */
  readonly hops?: readonly Hop[];
}

export interface Dispatched {
  readonly entries: readonly NewEntry[];
  readonly deliveries: readonly Delivery[];
}

/** Two addresses of one account make one entry, with a Delivered-To line for each. */
function localEntries(recipients: readonly EnvelopeRecipient[]): NewEntry[] {
  const byAccount = new Map<string, string[]>();
  for (const { address } of recipients) {
    const account = accountOf(address);
    const addresses = byAccount.get(account);
    if (!addresses) byAccount.set(account, [address]);
    else if (!addresses.includes(address)) addresses.push(address);
  }
  return Array.from(byAccount, ([account, deliveredTo]) => ({ account, mailbox: 'INBOX', deliveredTo }));
}

/** A backup hands on what is meant for better hosts; whoever is the best of them keeps it. */
function handsOn(receiver: Receiver, host: string): boolean {
  const own = receiver.hosts.find(({ name }) => name === host);
  return own?.backup === 'relays' && betterThan(receiver, host).length > 0;
}

/** Before its first try. */
function newDelivery(recipient: EnvelopeRecipient, { domain, policy }: Receiver, dispatch: Dispatch): Delivery {
  const { messageId, sender, at, ids, takenBy, hops } = dispatch;
  return {
    id: ids(),
    messageId,
    sender,
    recipient,
    receiver: domain,
    queuedAt: at,
    state: 'queued',
    nextAttemptAt: at,
    expiresAt: expiryOf(at, policy),
    attemptsPlanned: attemptsPlanned(policy),
    attempts: [],
    attemptCount: 0,
    rounds: 0,
    via: null,
    relayedBy: takenBy,
    ...(hops && { hops }),
    warnedAt: null,
  };
}

export function dispatch(parts: Dispatch): Dispatched {
  const { recipients, receiverOf, takenBy } = parts;
  const here: EnvelopeRecipient[] = [];
  const deliveries: Delivery[] = [];
  for (const recipient of recipients) {
    const receiver = receiverOf(recipient.address);
    if (receiver && (takenBy === null || handsOn(receiver, takenBy))) deliveries.push(newDelivery(recipient, receiver, parts));
    else here.push(recipient);
  }
  return { entries: localEntries(here), deliveries };
}
