// Accounts as those who log in find them: made on first use, with the mailboxes that a client expects.

import { accountOf } from '../mail/address.ts';
import { SPECIAL_USE } from './mailbox.ts';
import type { Account } from './state.ts';
import type { Store } from './store.ts';

/** The account of a login name or address, made where there is none yet. */
export async function account(store: Store, login: string): Promise<Account> {
  const name = accountOf(login);
  if (!store.state.accounts.has(name)) await store.commit([{ type: 'account.opened', account: name }]);
  const opened = store.state.accounts.get(name);
  if (!opened) throw new Error(`account ${name} was not opened`);
  return opened;
}

/** Makes Sent, Drafts, Trash, Junk and Archive (RFC 6154) where none of them is there: one that a client has deleted stays away. */
export async function withSpecialMailboxes(store: Store, { name, mailboxes }: Account): Promise<void> {
  if (Array.from(mailboxes.values()).some(({ specialUse }) => specialUse !== null)) return;
  await store.commit(Array.from(SPECIAL_USE.keys(), (mailbox) => ({ type: 'mailbox.created', account: name, mailbox })));
}
