// Accounts as those who log in find them: made on first use, with the mailboxes that a client expects.

import { accountOf } from '../mail/address.ts';
import { canonicalName, SPECIAL_USE } from './mailbox.ts';
import type { MailboxRef } from './changes.ts';
import type { Account, Mailbox } from './state.ts';
import type { Store } from './store.ts';

/** The account of a login name or address, made where there is none yet. */
export async function account(store: Store, login: string): Promise<Account> {
  const name = accountOf(login);
  if (!store.state.accounts.has(name)) await store.commit([{ type: 'account.opened', account: name }]);
  const opened = store.state.accounts.get(name);
  if (!opened) throw new Error(`account ${name} was not opened`);
  return opened;
}

/**
 * The mailbox that somebody wants to put something into. Sent and the like are also found by their use, where a client gave them another
 * name, and made where there is none. Undefined where there is no such mailbox.
 */
export async function mailboxForUse(store: Store, owner: Account, name: string): Promise<Mailbox | undefined> {
  const { mailboxes } = owner;
  const use = SPECIAL_USE.get(name);
  const named = mailboxes.get(canonicalName(name)) ?? [...mailboxes.values()].find(({ specialUse }) => use && specialUse === use);
  if (named || !use) return named;
  await withSpecialMailboxes(store, owner);
  if (!mailboxes.has(name)) await store.commit([{ type: 'mailbox.created', account: owner.name, mailbox: name }]);
  return mailboxes.get(name);
}

/** Makes Sent, Drafts, Trash, Junk and Archive (RFC 6154) where none of them is there: one that a client has deleted stays away. */
export async function withSpecialMailboxes(store: Store, { name, mailboxes }: Account): Promise<void> {
  if (Array.from(mailboxes.values()).some(({ specialUse }) => specialUse !== null)) return;
  await store.commit(Array.from(SPECIAL_USE.keys(), (mailbox) => ({ type: 'mailbox.created', account: name, mailbox })));
}

/** A mailbox as changes of its messages name it: between a look at it and the change it may be renamed, or made anew. */
export const placeOf = ({ account, name, uidValidity }: Mailbox): MailboxRef => ({ account, mailbox: name, uidValidity });
