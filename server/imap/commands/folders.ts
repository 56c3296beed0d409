// CREATE, DELETE and RENAME (RFC 9051 §6.3.4 to §6.3.6, RFC 6154 §3).

import { SPECIAL_USE } from '../../store/mailbox.ts';
import { below, checkNewName, DELIMITER, missingParents, renaming } from '../../store/mailbox-names.ts';
import type { SpecialUse } from '../../store/state.ts';
import { command, no, ok } from '../command.ts';
import type { Completion } from '../command.ts';
import { accountIn, findMailbox, mailboxId } from '../mailboxes.ts';
import { nameLine, readNameGiven } from '../names.ts';
import type { NameGiven } from '../names.ts';
import type { ImapSession } from '../session.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { LOGGED_IN } from './simple.ts';

const MISSING = no('There is no such mailbox', 'NONEXISTENT');
const TAKEN = no('There is such a mailbox already', 'ALREADYEXISTS');
const NOT_RENAMED = { missing: MISSING, taken: TAKEN, inside: no('A mailbox cannot go below itself', 'CANNOT') } as const;

const USES: ReadonlyMap<string, SpecialUse> = new Map(Array.from(SPECIAL_USE.values(), (use) => [use.toLowerCase(), use]));

/** A separator at the end says that mailboxes will come below: it is no part of the name (RFC 9051 §6.3.4). */
function readNewName(cursor: Cursor, { enabled }: ImapSession): NameGiven {
  const { name, given } = readNameGiven(cursor, enabled);
  return name.length > 1 && name.endsWith(DELIMITER) ? { name: name.slice(0, -1), given: given.slice(0, -1) } : { name, given };
}

/** A name that is kept in another form than it was given is told (RFC 9051 §6.3.4, §6.3.6). */
function tellName({ enabled, untagged }: ImapSession, made: NameGiven): void {
  if (enabled.has('IMAP4rev2') && made.given !== made.name) untagged(nameLine(made, enabled));
}

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
    const asked = readNewName(cursor, session);
    const uses = cursor.take(' ') ? readUse(cursor) : [];
    cursor.end();
    return { asked, uses };
  },
  async run(session, { asked, uses }): Promise<Completion> {
    const { name } = asked;
    checkNewName(name);
    if (await findMailbox(session, name)) return TAKEN;
    const [use, second] = uses.map((text) => USES.get(text.toLowerCase()));
    const owner = accountIn(session);
    const { name: account, mailboxes } = owner;
    const taken = [...mailboxes.values()].some(({ specialUse }) => use !== undefined && specialUse === use);
    if (uses.length > 0 && (use === undefined || second !== undefined || uses.length > 1 || taken)) {
      return no('The mailbox cannot have that use', 'USEATTR');
    }
    await session.deps.store.commit([
      ...missingParents(owner, name),
      { type: 'mailbox.created', account, mailbox: name, ...(use && { specialUse: use }) },
    ]);
    tellName(session, asked);
    const made = mailboxes.get(name);
    return made ? ok('Created', `MAILBOXID (${mailboxId(made)})`) : MISSING;
  },
});

export const deleteCommand = command({
  phases: LOGGED_IN,
  parse(cursor, session) {
    cursor.space();
    const { name } = readNewName(cursor, session);
    cursor.end();
    return name;
  },
  async run(session, name): Promise<Completion> {
    if (name === 'INBOX') return no('INBOX stays', 'CANNOT');
    if (!(await findMailbox(session, name))) {
      return below(accountIn(session), name).length > 0 ? no('There are mailboxes below it', 'HASCHILDREN') : MISSING;
    }
    await session.deps.store.commit([{ type: 'mailbox.deleted', account: accountIn(session).name, mailbox: name, via: 'imap' }]);
    return ok('Deleted');
  },
});

export const rename = command({
  phases: LOGGED_IN,
  parse(cursor, session) {
    cursor.space();
    const { name: from } = readNewName(cursor, session);
    cursor.space();
    const to = readNewName(cursor, session);
    cursor.end();
    return { from, to };
  },
  async run(session, { from, to }): Promise<Completion> {
    // Sent and the like may only now have to be made.
    await findMailbox(session, from);
    const { store } = session.deps;
    const changes = renaming(accountIn(session), from, to.name, store.clock.now());
    if (typeof changes === 'string') return NOT_RENAMED[changes];
    await store.commit(changes);
    tellName(session, to);
    return ok('Renamed');
  },
});
