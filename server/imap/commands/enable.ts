// ENABLE: what the client can bear from now on (RFC 5161); and COMPRESS (RFC 4978).

import { cannot } from '../capabilities.ts';
import { command, no, ok } from '../command.ts';
import { switchOnCondstore } from '../selected.ts';
import type { Extension } from '../session.ts';
import { settle } from '../../net/pace.ts';
import { completionLine } from '../completion.ts';
import { LOGGED_IN } from './simple.ts';

/** What is switched on by each name, the name itself among it (RFC 7162 §3.2.3). */
const EXTENSIONS: ReadonlyMap<string, readonly Extension[]> = new Map<string, readonly Extension[]>([
  ['CONDSTORE', ['CONDSTORE']],
  ['QRESYNC', ['QRESYNC', 'CONDSTORE']],
  ['UTF8=ACCEPT', ['UTF8=ACCEPT']],
  ['IMAP4REV2', ['IMAP4rev2']],
]);

export const enable = command({
  phases: LOGGED_IN,
  parse(cursor) {
    const names: string[] = [];
    do {
      cursor.space();
      names.push(cursor.atom().toUpperCase());
    } while (!cursor.done);
    return names;
  },
  run(session, names) {
    const { enabled, untagged } = session;
    const before = new Set(enabled);
    const asked = names.flatMap((name) => (cannot(session, name) ? [] : (EXTENSIONS.get(name) ?? [])));
    if (asked.includes('CONDSTORE')) switchOnCondstore(session);
    for (const extension of asked) enabled.add(extension);
    // Only what is new is told, and what is not known is passed over.
    untagged(['ENABLED', ...[...enabled].filter((extension) => !before.has(extension))].join(' '));
    return ok('Enabled');
  },
});

export const compress = command({
  phases: LOGGED_IN,
  parse(cursor) {
    cursor.space();
    const mechanism = cursor.atom().toUpperCase();
    cursor.end();
    return mechanism;
  },
  async run({ connection }, mechanism, { tag }) {
    if (mechanism !== 'DEFLATE') return no('Only DEFLATE', 'CANNOT');
    if (connection.compressed) return no('It is compressed already', 'COMPRESSIONACTIVE');
    connection.writeLine(completionLine(tag, ok('DEFLATE begins')));
    await settle(connection);
    connection.compress();
    return null;
  },
});
