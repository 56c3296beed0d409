// Whom a transaction may name, where the settings are stricter than to take everything.

import { accountOf, splitAddress } from '../mail/address.ts';
import { LOGIN_FIRST, NO_SUCH_ACCOUNT, NOT_OWN_SENDER, NOT_RELAYED } from './replies.ts';
import type { Reply } from './replies.ts';
import type { Dialogue } from './dialogue.ts';

type Asking = Pick<Dialogue, 'connection' | 'deps'>;

const EVERYONE = '*';

/** Upper case and the ASCII form of a name make no other domain. */
const domainOf = (domain: string): string => splitAddress(accountOf(`x@${domain}`)).domain;

/** Null where the sender will do; so does the null sender, which nobody owns. */
export function senderRefusal({ connection, deps }: Asking, sender: string): Reply | null {
  if (deps.settings.senders === 'any' || sender === '') return null;
  const { user } = connection.session;
  if (user === null) return LOGIN_FIRST;
  const account = accountOf(user);
  return account === EVERYONE || account === accountOf(sender) ? null : NOT_OWN_SENDER;
}

export function recipientRefusal({ deps }: Asking, recipient: string): Reply | null {
  const { settings, users } = deps;
  const { domain } = splitAddress(recipient);
  // <Postmaster> is at home everywhere (RFC 5321 §4.5.1).
  if (domain === '') return null;
  if (deps.passedOn?.(recipient)) return null;
  const { localDomains, accounts } = settings;
  if (localDomains.length > 0 && !localDomains.some((local) => domainOf(local) === domainOf(domain))) return NOT_RELAYED;
  return accounts === 'listed' && users.secretOf(recipient) === undefined ? NO_SUCH_ACCOUNT : null;
}
