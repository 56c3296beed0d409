// The attributes of a name in LIST (RFC 9051 §7.3.1, RFC 5258 §3.4, RFC 6154 §2).

import type { Named } from './tree.ts';

export interface Telling {
  /** In the new way: a name without a mailbox is `\NonExistent`. */
  readonly extended: boolean;
  /** With `\Subscribed`. */
  readonly subscribed: boolean;
}

export function nameAttributes({ name, mailbox, subscribed, hasChildren }: Named, telling: Telling): string[] {
  const words: string[] = [];
  // `\NonExistent` says `\Noselect` too; clients of RFC 3501 know only the latter.
  if (mailbox === null) words.push(...(telling.extended ? ['\\NonExistent'] : []), '\\Noselect');
  if (subscribed && telling.subscribed) words.push('\\Subscribed');
  words.push(hasChildren ? '\\HasChildren' : '\\HasNoChildren');
  if (mailbox?.specialUse && name !== 'INBOX') words.push(mailbox.specialUse);
  return words;
}
