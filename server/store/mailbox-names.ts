// What a mailbox may be called, and what a new name changes about the mailboxes above and below it.

import { Refusal } from '../base/errors.ts';
import type { Change } from './changes.ts';
import type { Account } from './state.ts';

export const DELIMITER = '/';

/** Octets of a name, and its levels. */
const LONGEST = 1_000;
const DEEPEST = 50;

/** The names above a name, from the top down: `a`, `a/b` of `a/b/c`. */
export function parentsOf(name: string): string[] {
  const levels = name.split(DELIMITER);
  return levels.slice(1).map((_, i) => levels.slice(0, i + 1).join(DELIMITER));
}

/** Throws `Refusal` where no mailbox can have that name. */
export function checkNewName(name: string): void {
  const refuse = (why: string): never => {
    throw new Refusal('unprocessable', why);
  };
  if (/[\p{Cc}\u2028\u2029]/u.test(name)) refuse('A name holds no control characters');
  if (/[%*]/.test(name)) refuse('A name holds no wildcards');
  const levels = name.split(DELIMITER);
  if (levels.includes('')) refuse('A level of the name is empty');
  if (Buffer.byteLength(name) > LONGEST) refuse('The name is too long');
  if (levels.length > DEEPEST) refuse('The name has too many levels');
}

/** Makes the mailboxes above a name that are not there yet. */
export const missingParents = ({ name: account, mailboxes }: Account, name: string): Change[] =>
  parentsOf(name).flatMap((mailbox) => (mailboxes.has(mailbox) ? [] : { type: 'mailbox.created', account, mailbox }));

/** Mailboxes below a name. */
export const below = ({ mailboxes }: Account, name: string): string[] =>
  [...mailboxes.keys()].filter((other) => other.startsWith(name + DELIMITER));

/**
 * Gives a mailbox and those below it another name (RFC 9051 §6.3.6), or says why that cannot be: nothing has the name, something has
 * the new one, or a mailbox would go below itself. Throws `Refusal` where no mailbox can have the new name.
 */
export function renaming(account: Account, from: string, to: string, at: number): Change[] | 'missing' | 'taken' | 'inside' {
  checkNewName(to);
  const { mailboxes } = account;
  // What is below INBOX stays below it.
  const children = from === 'INBOX' ? [] : below(account, from);
  if (!mailboxes.has(from) && children.length === 0) return 'missing';
  if (to === from || mailboxes.has(to)) return 'taken';
  if (to.startsWith(from + DELIMITER) && from !== 'INBOX') return 'inside';
  const moves = [...(mailboxes.has(from) ? [from] : []), ...children].map((mailbox) => ({ mailbox, to: to + mailbox.slice(from.length) }));
  if (moves.some((move) => mailboxes.has(move.to))) return 'taken';
  for (const move of moves) checkNewName(move.to);
  return [
    ...missingParents(account, to),
    ...moves.map((move): Change => ({ type: 'mailbox.renamed', account: account.name, ...move, at })),
  ];
}
