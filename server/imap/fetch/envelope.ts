// ENVELOPE: the header of a message as a list (RFC 9051 §7.5.2). Pure.

import { memo } from '../../base/memo.ts';
import { mailboxesAndGroups } from '../../mail/address-list.ts';
import type { ValuesOf } from '../../mail/header.ts';
import type { MailAddress } from '../../mail/message.ts';
import { imapString, nstring } from './string.ts';

/** `"john doe"@x` without its quotes: they are no part of the name (RFC 9051 §2.3.5). */
const unquoted = (local: string): string => (/^".*"$/.test(local) ? local.slice(1, -1).replace(/\\(.)/g, '$1') : local);

function mailbox({ name, address }: MailAddress): string {
  const at = address.lastIndexOf('@');
  // A word alone is taken for a mailbox: no host would mean a group.
  const [local, host] = at >= 0 ? [address.slice(0, at), address.slice(at + 1)] : [address || name, ''];
  return `(${name === '' || address === '' ? 'NIL' : imapString(name)} NIL ${imapString(unquoted(local))} ${imapString(host)})`;
}

/** A group stands as its name, its members, and an end. */
function list(value: string): string {
  const items = mailboxesAndGroups(value).map((item) =>
    'group' in item ? `(NIL NIL ${imapString(item.group)} NIL)${item.members.map(mailbox).join('')}(NIL NIL NIL NIL)` : mailbox(item),
  );
  return items.length === 0 ? 'NIL' : `(${items.join('')})`;
}

const addresses = memo(list);

/** The text of an ENVELOPE with its parentheses. */
export function envelope(valuesOf: ValuesOf): string {
  const text = (name: string): string => nstring(valuesOf(name)[0] ?? null);
  const people = (name: string): string => {
    const values = valuesOf(name);
    return values.length === 0 ? 'NIL' : addresses(values.join(', '));
  };
  const from = people('from');
  // A field that is missing, or empty, has the value of From (RFC 9051 §7.5.2).
  const orFrom = (name: string): string => {
    const own = people(name);
    return own === 'NIL' ? from : own;
  };
  return (
    `(${text('date')} ${text('subject')} ${from} ${orFrom('sender')} ${orFrom('reply-to')} ${people('to')} ${people('cc')} ${people('bcc')} ` +
    `${text('in-reply-to')} ${text('message-id')})`
  );
}
