// LIST, with the selections and returns of RFC 5258, RFC 5819 and RFC 6154; and LSUB.

import { withSpecialMailboxes } from '../../store/accounts.ts';
import { command, ok } from '../command.ts';
import type { Completion } from '../command.ts';
import { nameAttributes } from '../list/attributes.ts';
import { chosen } from '../list/chosen.ts';
import { patternTest } from '../list/pattern.ts';
import { namesOf } from '../list/tree.ts';
import type { Named } from '../list/tree.ts';
import { accountIn } from '../mailboxes.ts';
import { DELIMITER } from '../../store/mailbox-names.ts';
import { nameText, readPattern } from '../names.ts';
import type { ImapSession } from '../session.ts';
import { tell } from '../sync.ts';
import type { Cursor } from '../syntax/cursor.ts';
import { readStatusItems } from '../status-items.ts';
import { statusLine } from './status.ts';
import { LOGGED_IN } from './simple.ts';

type Selection = 'SUBSCRIBED' | 'REMOTE' | 'RECURSIVEMATCH' | 'SPECIAL-USE';

interface Asked {
  readonly reference: string;
  readonly patterns: readonly string[];
  readonly select: ReadonlySet<Selection>;
  /** RETURN was given, or a selection: then attributes are told in the new way. */
  readonly extended: boolean;
  readonly subscribed: boolean;
  readonly status: readonly string[];
}

const SELECTIONS: readonly Selection[] = ['SUBSCRIBED', 'REMOTE', 'RECURSIVEMATCH', 'SPECIAL-USE'];

function readSelections(cursor: Cursor): Set<Selection> {
  const found = new Set(
    cursor.list(() => {
      const word = cursor.atom().toUpperCase();
      return SELECTIONS.find((known) => known === word) ?? cursor.fail(`unknown selection ${word}`);
    }),
  );
  // It says which of the others to follow down (RFC 5258 §3.1).
  if (found.has('RECURSIVEMATCH') && !found.has('SUBSCRIBED') && !found.has('SPECIAL-USE'))
    cursor.fail('RECURSIVEMATCH needs another selection');
  return found;
}

function readReturns(cursor: Cursor): Pick<Asked, 'subscribed' | 'status'> {
  let [subscribed, status]: [boolean, string[]] = [false, []];
  cursor.list(() => {
    const word = cursor.atom().toUpperCase();
    if (word === 'SUBSCRIBED') subscribed = true;
    else if (word === 'STATUS') {
      cursor.space();
      status = readStatusItems(cursor);
    } else if (word !== 'CHILDREN' && word !== 'SPECIAL-USE') cursor.fail(`unknown return option ${word}`);
  });
  return { subscribed, status };
}

function parse(cursor: Cursor, { enabled }: ImapSession): Asked {
  cursor.space();
  let select = new Set<Selection>();
  const selecting = cursor.peek() === '(';
  if (selecting) {
    select = readSelections(cursor);
    cursor.space();
  }
  const reference = readPattern(cursor, enabled);
  cursor.space();
  const several = cursor.peek() === '(';
  const patterns = several ? cursor.list(() => readPattern(cursor, enabled), 1) : [readPattern(cursor, enabled)];
  const returning = cursor.take(' RETURN ');
  const returns = returning ? readReturns(cursor) : { subscribed: false, status: [] };
  cursor.end();
  return { reference, patterns, select, extended: selecting || several || returning, ...returns };
}

function isWanted({ mailbox, subscribed, hasChildren }: Named, select: ReadonlySet<Selection>): boolean {
  if (select.has('SPECIAL-USE') && mailbox?.specialUse == null) return false;
  // A subscription without a mailbox is nobody's but who asks for subscriptions (RFC 5258 §3.1).
  return select.has('SUBSCRIBED') ? subscribed : mailbox !== null || hasChildren;
}

/** What RECURSIVEMATCH follows down, and names in CHILDINFO. */
const FOLLOWED: readonly Selection[] = ['SUBSCRIBED', 'SPECIAL-USE'];

async function run(session: ImapSession, asked: Asked): Promise<Completion> {
  const { enabled, deps } = session;
  // The delimiter is asked for in this way (RFC 9051 §6.3.9).
  if (asked.patterns.length === 1 && asked.patterns[0] === '' && asked.select.size === 0) {
    session.untagged(`LIST (\\Noselect) "${DELIMITER}" ""`);
    return ok('Listed');
  }
  const account = accountIn(session);
  await withSpecialMailboxes(deps.store, account);
  const tests = asked.patterns.map((pattern) => patternTest(asked.reference + pattern, DELIMITER));
  const lines: string[] = [];
  const { select } = asked;
  const followed = FOLLOWED.filter((selection) => select.has(selection)).map((selection) => `"${selection}"`);
  const telling = { extended: asked.extended || enabled.has('IMAP4rev2'), subscribed: asked.subscribed || select.has('SUBSCRIBED') };
  const choice = {
    wanted: (named: Named) => isWanted(named, select),
    fits: (name: string) => tests.some((test) => test(name)),
    recursive: select.has('RECURSIVEMATCH'),
  };
  for (const { named, itself, above } of chosen(namesOf(account), choice)) {
    const words = nameAttributes(named, telling).join(' ');
    const info = above ? ` ("CHILDINFO" (${followed.join(' ')}))` : '';
    lines.push(`LIST (${words}) "${DELIMITER}" ${nameText(named.name, enabled)}${info}`);
    // Of those that match, not of the levels above them (RFC 5819 §2).
    if (asked.status.length > 0 && named.mailbox && itself) lines.push(statusLine(session, named.mailbox, asked.status));
  }
  await tell(session, lines);
  return ok('Listed');
}

export const list = command<Asked>({ phases: LOGGED_IN, parse, run });

export const lsub = command({
  phases: LOGGED_IN,
  parse(cursor, { enabled }) {
    cursor.space();
    const reference = readPattern(cursor, enabled);
    cursor.space();
    const pattern = readPattern(cursor, enabled);
    cursor.end();
    return reference + pattern;
  },
  async run(session, pattern) {
    const fits = patternTest(pattern, DELIMITER);
    // With `%` a level above something subscribed is shown, though it is not subscribed itself (RFC 3501 §6.3.9).
    const levels = pattern.includes('%');
    const lines = namesOf(accountIn(session)).flatMap(({ name, subscribed, subscribedBelow }) => {
      if (!fits(name) || !(subscribed || (levels && subscribedBelow))) return [];
      return `LSUB (${subscribed ? '' : '\\Noselect'}) "${DELIMITER}" ${nameText(name, session.enabled)}`;
    });
    await tell(session, lines);
    return ok('Listed');
  },
});
