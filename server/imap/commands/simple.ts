// The commands that only say something: CAPABILITY, NOOP, LOGOUT, ID, NAMESPACE, CHECK.

import { command, ok } from '../command.ts';
import type { Phase } from '../session.ts';
import { capabilities } from '../capabilities.ts';
import { DELIMITER } from '../../store/mailbox-names.ts';
import type { Cursor } from '../syntax/cursor.ts';

export const ANY: readonly Phase[] = ['greeted', 'authenticated', 'selected'];
export const LOGGED_IN: readonly Phase[] = ['authenticated', 'selected'];
export const SELECTED: readonly Phase[] = ['selected'];

/** Nothing follows the verb; clients that leave a space behind it are forgiven. */
export function nothing(cursor: Cursor): void {
  cursor.take(' ');
  cursor.end();
}

export const capability = command({
  phases: ANY,
  parse: nothing,
  run(session) {
    session.untagged(`CAPABILITY ${capabilities(session)}`);
    return ok('Capability completed');
  },
});

/** What has happened is told before every completion. */
export const noop = command({ phases: ANY, parse: nothing, run: () => ok('Nothing done') });

export const check = command({ phases: SELECTED, parse: nothing, run: () => ok('Checked') });

export const logout = command({
  phases: ANY,
  parse: nothing,
  run(session) {
    session.untagged('BYE Goodbye');
    session.state = { phase: 'leaving' };
    return ok('Logged out');
  },
});

export const namespace = command({
  phases: LOGGED_IN,
  parse: nothing,
  run(session) {
    session.untagged(`NAMESPACE (("" "${DELIMITER}")) NIL NIL`);
    return ok('Namespace completed');
  },
});

/** Fields as pairs; a client that says nothing of itself sends NIL (RFC 2971 §3.1). */
function readId(cursor: Cursor): readonly (readonly [string, string | null])[] {
  cursor.space();
  if (!cursor.nextIsString() && cursor.take('NIL')) {
    cursor.end();
    return [];
  }
  const fields = cursor.list((): readonly [string, string | null] => {
    const name = cursor.string();
    cursor.space();
    return [name, cursor.nstring()];
  });
  cursor.end();
  return fields;
}

export const id = command({
  phases: ANY,
  parse: readId,
  run({ connection, deps, untagged }, fields) {
    const client = fields.flatMap(([name, value]) => (/^(name|version)$/i.test(name) && value !== null ? value : []));
    if (client.length > 0) connection.session.note(`the client says that it is ${client.join(' ')}`);
    untagged(`ID ("name" "Mailrig" "version" "${deps.version}")`);
    return ok('ID completed');
  },
});
