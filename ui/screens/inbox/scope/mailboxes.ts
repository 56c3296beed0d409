// Mailboxes as a list shows them: in the order of a mail program, each with its icon.

import type { MailboxSummary } from '../../../../server/http/contract/types.ts';
import type { IconName } from '../../../parts/icons.ts';

/** Use (RFC 6154) → the name that such a mailbox has by itself, and its icon; in the order in which they stand. */
const USES = [
  ['\\Drafts', 'Drafts', 'pencil'],
  ['\\Sent', 'Sent', 'send'],
  ['\\Archive', 'Archive', 'archive'],
  ['\\Junk', 'Junk', 'warning'],
  ['\\Trash', 'Trash', 'bin'],
] as const satisfies readonly (readonly [string, string, IconName])[];

type Named = Pick<MailboxSummary, 'name' | 'specialUse'>;

const placeOf = ({ name, specialUse }: Named): number => {
  const use = USES.findIndex(([known]) => known === specialUse);
  return name === 'INBOX' ? -1 : use < 0 ? USES.length : use;
};

/** INBOX first, then those with a use, then all others by name. */
export const inOrder = <T extends Named>(mailboxes: readonly T[]): T[] =>
  [...mailboxes].sort((a, b) => placeOf(a) - placeOf(b) || a.name.localeCompare(b.name));

export const iconOf = ({ name, specialUse }: Named): IconName =>
  name === 'INBOX' ? 'inbox' : (USES.find(([use]) => use === specialUse)?.[2] ?? 'folder');

/** Where messages of a mailbox can go: the others, and those that are made when they are first used. */
export function targetsOf(mailboxes: readonly Named[], from: string): Named[] {
  const missing = USES.filter(([use, name]) => !mailboxes.some((mailbox) => mailbox.specialUse === use || mailbox.name === name));
  const all = [...mailboxes, ...missing.map(([specialUse, name]) => ({ name, specialUse }))];
  return inOrder(all.filter(({ name }) => name !== from));
}
