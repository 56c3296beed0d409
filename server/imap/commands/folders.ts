// CREATE, DELETE and RENAME (RFC 9051 §6.3.4 to §6.3.6, RFC 6154 §3).

import type { Change } from '../../store/changes.ts';
import { SPECIAL_USE } from '../../store/mailbox.ts';
import type { SpecialUse } from '../../store/state.ts';
import { command, no, ok } from '../command.ts';
import type { Completion } from '../command.ts';
import { accountIn, findMailbox, mailboxId } from '../mailboxes.ts';
import { checkNewName, DELIMITER, parentsOf, readName } from '../names.ts';
import type { ImapSession } from '../session.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { LOGGED_IN } from './simple.ts';

const MISSING = no('There is no such mailbox', 'NONEXISTENT');
const TAKEN = no('There is such a mailbox already', 'ALREADYEXISTS');

const USES: ReadonlyMap<string, SpecialUse> = new Map(Array.from(SPECIAL_USE.values(), (use) => [use.toLowerCase(), use]));

/** A separator at the end says that mailboxes will come below: it is no part of the name (RFC 9051 §6.3.4). */
function readNewName(cursor: Cursor, { enabled }: ImapSession): string {
  const name = readName(cursor, enabled);
  return name.length > 1 && name.endsWith(DELIMITER) ? name.slice(0, -1) : name;
}

/** The mailboxes above a name that are not there yet. */
const missingParents = (session: ImapSession, name: string): Change[] => {
  const { name: account, mailboxes } = accountIn(session);
  return parentsOf(name).flatMap((mailbox) => (mailboxes.has(mailbox) ? [] : { type: 'mailbox.created', account, mailbox }));
};

/** Mailboxes below a name. */
const below = (session: ImapSession, name: string): string[] =>
  [...accountIn(session).mailboxes.keys()].filter((other) => other.startsWith(name + DELIMITER));

function readUse(cursor: Cursor): string[] {
  const uses: string[] = [];
  cursor.list(() => {
    cursor.expect('USE ');
    uses.push(...cursor.list(() => cursor.flag()));
  }, 1);
  return uses;
}

export const create = command({
  phases: LOGGED_IN,
  parse(cursor, session) {
    cursor.space();
    const name = readNewName(cursor, session);
    const uses = cursor.take(' ') ? readUse(cursor) : [];
    cursor.end();
    return { name, uses };
  },
  async run(session, { name, uses }): Promise<Completion> {
    checkNewName(name);
    if (await findMailbox(session, name)) return TAKEN;
    const [use, second] = uses.map((text) => USES.get(text.toLowerCase()));
    const { name: account, mailboxes } = accountIn(session);
    const taken = [...mailboxes.values()].some(({ specialUse }) => use !== undefined && specialUse === use);
    if (uses.length > 0 && (use === undefined || second !== undefined || uses.length > 1 || taken)) {
      return no('The mailbox cannot have that use', 'USEATTR');
    }
    await session.deps.store.commit([
      ...missingParents(session, name),
      { type: 'mailbox.created', account, mailbox: name, ...(use && { specialUse: use }) },
    ]);
    const made = mailboxes.get(name);
    return made ? ok('Created', `MAILBOXID (${mailboxId(made)})`) : MISSING;
  },
});

export const deleteCommand = command({
  phases: LOGGED_IN,
  parse(cursor, session) {
    cursor.space();
    const name = readNewName(cursor, session);
    cursor.end();
    return name;
  },
  async run(session, name): Promise<Completion> {
    if (name === 'INBOX') return no('INBOX stays', 'CANNOT');
    if (!(await findMailbox(session, name))) {
      return below(session, name).length > 0 ? no('There are mailboxes below it', 'HASCHILDREN') : MISSING;
    }
    await session.deps.store.commit([{ type: 'mailbox.deleted', account: accountIn(session).name, mailbox: name, via: 'imap' }]);
    return ok('Deleted');
  },
});

export const rename = command({
  phases: LOGGED_IN,
  parse(cursor, session) {
    cursor.space();
    const from = readNewName(cursor, session);
    cursor.space();
    const to = readNewName(cursor, session);
    cursor.end();
    return { from, to };
  },
  async run(session, { from, to }): Promise<Completion> {
    checkNewName(to);
    const found = await findMailbox(session, from);
    const account = accountIn(session);
    // What is below INBOX stays below it (RFC 9051 §6.3.6).
    const children = from === 'INBOX' ? [] : below(session, from);
    if (!found && children.length === 0) return MISSING;
    if (to === from || account.mailboxes.has(to)) return TAKEN;
    if (to.startsWith(from + DELIMITER) && from !== 'INBOX') return no('A mailbox cannot go below itself', 'CANNOT');
    const moves = [...(found ? [from] : []), ...children].map((mailbox) => ({ mailbox, to: to + mailbox.slice(from.length) }));
    if (moves.some((move) => account.mailboxes.has(move.to))) return TAKEN;
    for (const move of moves) checkNewName(move.to);
    await session.deps.store.commit([
      ...missingParents(session, to),
      ...moves.map((move): Change => ({ type: 'mailbox.renamed', account: account.name, ...move, at: session.deps.store.clock.now() })),
    ]);
    return ok('Renamed');
  },
});
