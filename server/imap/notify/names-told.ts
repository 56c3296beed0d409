// What has become of the names of an account since a client was last told of them (RFC 5465 §5.4, §5.5). Pure.

import type { Mailbox } from '../../store/state.ts';
import type { Named } from '../list/tree.ts';

export interface NameChange {
  readonly event: 'MailboxName' | 'SubscriptionChange';
  /** As it is now: without a mailbox where that was deleted. */
  readonly named: Named;
  /** What a renamed mailbox was called. */
  readonly old: string | null;
}

/** What was told of a name: its mailbox may have another name by now. */
export type NamesTold = ReadonlyMap<string, { readonly mailbox: Mailbox | null; readonly subscribed: boolean }>;

export const toldOf = (names: readonly Named[]): NamesTold =>
  new Map(names.map(({ name, mailbox, subscribed }) => [name, { mailbox, subscribed }]));

/** Each name once, in the order of LIST, those that are there no more at the end. */
export function nameChanges(told: NamesTold, names: readonly Named[]): NameChange[] {
  const changes: NameChange[] = [];
  const oldNames = new Map<Mailbox, string>();
  for (const [name, { mailbox }] of told) if (mailbox) oldNames.set(mailbox, name);
  const left = new Map(told);
  for (const named of names) {
    const before = told.get(named.name);
    left.delete(named.name);
    const moved = named.mailbox !== (before?.mailbox ?? null);
    const old = named.mailbox ? (oldNames.get(named.mailbox) ?? null) : null;
    if (moved) changes.push({ event: 'MailboxName', named, old });
    else if (named.subscribed !== (before?.subscribed ?? false)) changes.push({ event: 'SubscriptionChange', named, old: null });
  }
  const here = new Set(names.map(({ mailbox }) => mailbox));
  for (const [name, { mailbox, subscribed }] of left) {
    const named = { name, mailbox: null, subscribed: false, hasChildren: false, subscribedBelow: false };
    // One that has another name now is told under that.
    if (mailbox && !here.has(mailbox)) changes.push({ event: 'MailboxName', named, old: null });
    else if (!mailbox && subscribed) changes.push({ event: 'SubscriptionChange', named, old: null });
  }
  return changes;
}
