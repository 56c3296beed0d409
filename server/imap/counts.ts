// How many messages of a mailbox are unseen or deleted, and their octets: counted once for each state of the mailbox.

import { servedSize } from '../store/served.ts';
import type { Mailbox } from '../store/state.ts';

export interface FlagCounts {
  readonly unseen: number;
  readonly deleted: number;
}

/** Nothing in a mailbox changes without a new modseq. */
const flagCounts = new WeakMap<Mailbox, FlagCounts & { readonly modseq: number }>();

export function countFlags(mailbox: Mailbox): FlagCounts {
  const known = flagCounts.get(mailbox);
  if (known?.modseq === mailbox.highestModseq) return known;
  let [unseen, deleted] = [0, 0];
  for (const { flags } of mailbox.entries.slice()) {
    if (!flags.includes('\\Seen')) unseen++;
    if (flags.includes('\\Deleted')) deleted++;
  }
  const counts = { unseen, deleted, modseq: mailbox.highestModseq };
  flagCounts.set(mailbox, counts);
  return counts;
}

/** Octets that an expunge would give free. */
export const octetsOfDeleted = (mailbox: Mailbox, traceHeaders: boolean): number =>
  countFlags(mailbox).deleted === 0
    ? 0
    : mailbox.entries.slice().reduce((sum, entry) => sum + (entry.flags.includes('\\Deleted') ? servedSize(entry, traceHeaders) : 0), 0);

interface Size {
  readonly octets: number;
  readonly messages: number;
  readonly uidNext: number;
}

const sizes = new WeakMap<Mailbox, Size>();

/** Octets of all messages as they are served. Where none has gone since the last count, only the new ones are added. */
export function countOctets(mailbox: Mailbox, traceHeaders: boolean): number {
  const { entries, uidNext } = mailbox;
  const known = sizes.get(mailbox);
  const firstNew = known ? entries.lowerBound(known.uidNext) : 0;
  const whole = known?.messages === firstNew;
  let octets = whole ? known.octets : 0;
  for (const entry of entries.slice(whole ? firstNew : 0)) octets += servedSize(entry, traceHeaders);
  sizes.set(mailbox, { octets, messages: entries.length, uidNext });
  return octets;
}
