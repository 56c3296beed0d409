// Which messages no session has been told of yet: the first one that is has them as `\Recent` (RFC 3501 §2.3.2).

import type { Mailbox } from '../store/state.ts';

export interface Recents {
  /** The lowest UID that nobody has been told of; without `peek` all of them now count as told. */
  from(mailbox: Mailbox, peek: boolean): number;
}

export function createRecents(): Recents {
  const untold = new WeakMap<Mailbox, number>();
  return {
    from(mailbox, peek) {
      const from = untold.get(mailbox) ?? 1;
      if (!peek) untold.set(mailbox, mailbox.uidNext);
      return from;
    },
  };
}
