// Finding the mailboxes that commands name.

import { Refusal } from '../base/errors.ts';
import { withSpecialMailboxes } from '../store/accounts.ts';
import { SPECIAL_USE } from '../store/mailbox.ts';
import type { Account, Mailbox } from '../store/state.ts';
import type { SelectedView } from './selected-view.ts';
import type { ImapSession } from './session.ts';

/** Whose session it is; the command table lets nobody ask before a login. */
export function accountIn({ state }: ImapSession): Account {
  if (!('account' in state)) throw new Error('nobody is logged in');
  return state.account;
}

/** Sent, Drafts and the like are made when the first of them is asked for. Undefined where there is no such mailbox. */
export async function findMailbox(session: ImapSession, name: string): Promise<Mailbox | undefined> {
  const account = accountIn(session);
  const found = account.mailboxes.get(name);
  if (found || !SPECIAL_USE.has(name)) return found;
  await withSpecialMailboxes(session.deps.store, account);
  return account.mailboxes.get(name);
}

/** Throws `Refusal` not-found. */
export async function mailboxNamed(session: ImapSession, name: string): Promise<Mailbox> {
  const mailbox = await findMailbox(session, name);
  if (!mailbox) throw new Refusal('not-found', 'There is no such mailbox');
  return mailbox;
}

/** An id that a mailbox keeps when it is renamed (RFC 8474 §4.1). */
export const mailboxId = ({ uidValidity }: Mailbox): string => `F${uidValidity}`;

/** The selected mailbox; the command table lets nobody ask for it in another state. */
export function viewIn({ state }: ImapSession): SelectedView {
  if (state.phase !== 'selected') throw new Error('no mailbox is selected');
  return state.view;
}
