// Every command in every phase: where it may not be given it is BAD, and the session goes on.

import { describe, expect, it } from 'vitest';
import { COMMANDS } from '../../../server/imap/commands/table.ts';
import { Client } from '../../conversations/client.ts';
import { startImap } from '../../conversations/imap-server.ts';

/** A command as it may be given, and its status before a login, after it, and with a mailbox selected. */
const EXPECTED: Readonly<Record<string, readonly [argument: string, greeted: string, authenticated: string, selected: string]>> = {
  CAPABILITY: ['', 'OK', 'OK', 'OK'],
  NOOP: ['', 'OK', 'OK', 'OK'],
  LOGOUT: ['', 'OK', 'OK', 'OK'],
  ID: [' NIL', 'OK', 'OK', 'OK'],
  STARTTLS: ['', 'NO', 'BAD', 'BAD'],
  AUTHENTICATE: [' PLAIN AGpvAHg=', 'OK', 'BAD', 'BAD'],
  LOGIN: [' jo x', 'OK', 'BAD', 'BAD'],
  ENABLE: [' CONDSTORE', 'BAD', 'OK', 'OK'],
  COMPRESS: [' NONE', 'BAD', 'NO', 'NO'],
  NAMESPACE: ['', 'BAD', 'OK', 'OK'],
  SELECT: [' INBOX', 'BAD', 'OK', 'OK'],
  EXAMINE: [' INBOX', 'BAD', 'OK', 'OK'],
  UNSELECT: ['', 'BAD', 'BAD', 'OK'],
  CLOSE: ['', 'BAD', 'BAD', 'OK'],
  CHECK: ['', 'BAD', 'BAD', 'OK'],
  CREATE: [' a', 'BAD', 'OK', 'OK'],
  DELETE: [' a', 'BAD', 'NO', 'NO'],
  RENAME: [' a b', 'BAD', 'NO', 'NO'],
  SUBSCRIBE: [' a', 'BAD', 'OK', 'OK'],
  UNSUBSCRIBE: [' a', 'BAD', 'OK', 'OK'],
  LIST: [' "" *', 'BAD', 'OK', 'OK'],
  LSUB: [' "" *', 'BAD', 'OK', 'OK'],
  STATUS: [' INBOX (MESSAGES)', 'BAD', 'OK', 'OK'],
  APPEND: [' INBOX {1+}\r\nx', 'BAD', 'OK', 'OK'],
  NOTIFY: [' NONE', 'BAD', 'OK', 'OK'],
  IDLE: ['\r\nDONE', 'BAD', 'OK', 'OK'],
  FETCH: [' 1 FLAGS', 'BAD', 'BAD', 'OK'],
  SEARCH: [' ALL', 'BAD', 'BAD', 'OK'],
  SORT: [' (DATE) UTF-8 ALL', 'BAD', 'BAD', 'OK'],
  THREAD: [' REFERENCES UTF-8 ALL', 'BAD', 'BAD', 'OK'],
  STORE: [' 1 FLAGS (\\Seen)', 'BAD', 'BAD', 'OK'],
  COPY: [' 1 Trash', 'BAD', 'BAD', 'OK'],
  MOVE: [' 1 Trash', 'BAD', 'BAD', 'OK'],
  EXPUNGE: ['', 'BAD', 'BAD', 'OK'],
  GETQUOTA: [' ""', 'BAD', 'OK', 'OK'],
  GETQUOTAROOT: [' INBOX', 'BAD', 'OK', 'OK'],
};

const PHASES = [[], ['LOGIN jo@shop.test x'], ['LOGIN jo@shop.test x', 'SELECT INBOX']] as const;

/** The status of a command: of the tagged line that completes it. */
async function status(client: Client, tag: string, command: string): Promise<string> {
  client.send(`${tag} ${command}\r\n`);
  for (let line = await client.line(); line !== null; line = await client.line()) {
    const [, found] = new RegExp(`^${tag} (OK|NO|BAD) `).exec(line) ?? [];
    if (found !== undefined) return found;
  }
  return 'closed';
}

async function outcomes(name: string, argument: string): Promise<string[]> {
  return Promise.all(
    PHASES.map(async (before) => {
      await using server = await startImap({ tls: 'none' });
      await server.sample.send();
      const client = await Client.connect(server.port);
      for (const command of before) await status(client, 'before', command);
      const outcome = await status(client, 'it', name + argument);
      if (name !== 'LOGOUT') expect(await status(client, 'after', 'NOOP'), `NOOP after ${name}`).toBe('OK');
      client.end();
      expect(server.errors).toEqual([]);
      return outcome;
    }),
  );
}

describe('commands and phases', () => {
  it('has a row for every command', () => {
    expect([...COMMANDS.keys()].filter((name) => !(name in EXPECTED))).toEqual([]);
  });

  for (const [name, command] of COMMANDS) {
    const [argument = '', ...expected] = EXPECTED[name] ?? [];
    it(`${name}: ${expected.join(' ')}`, async () => {
      // After IDLE is refused its DONE is a command of its own, and none.
      expect(await outcomes(name, argument)).toEqual(expected);
    });
    if (command.uid !== true)
      it(`UID ${name} is none`, async () => expect(await outcomes(`UID ${name}`, argument)).toEqual(['BAD', 'BAD', 'BAD']));
  }
});
