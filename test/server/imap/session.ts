// A client of one mailbox without a socket: commands are parsed and run as the server does, replies are collected.

import { ParseError } from '../../../server/base/errors.ts';
import { pass } from '../../../server/faults/decide.ts';
import type { Command, Completion } from '../../../server/imap/command.ts';
import type { Recents } from '../../../server/imap/recent.ts';
import { SelectedView } from '../../../server/imap/selected-view.ts';
import type { ImapSession } from '../../../server/imap/session.ts';
import { fetchCommand } from '../../../server/imap/fetch/fetch.ts';
import { searchCommand } from '../../../server/imap/search/search.ts';
import { sortCommand } from '../../../server/imap/search/sort.ts';
import { threadCommand } from '../../../server/imap/search/thread.ts';
import { Cursor } from '../../../server/imap/syntax/cursor.ts';
import type { Piece } from '../../../server/imap/syntax/cursor.ts';
import type { Connection } from '../../../server/net/connection.ts';
import type { Mailbox } from '../../../server/store/state.ts';
import type { Store } from '../../../server/store/store.ts';

/** Somebody else has been told of everything. */
const RECENTS: Recents = { from: ({ uidNext }) => uidNext };

/** What the mailbox had when it was selected, and has been told. */
const viewOf = (mailbox: Mailbox, readOnly: boolean): SelectedView => new SelectedView(mailbox, readOnly, RECENTS);

export interface TestClient {
  readonly session: ImapSession;
  /** Everything that was answered to the last command, as text of one character for each octet, and its completion. */
  send(...pieces: readonly Piece[]): Promise<{ text: string; lines: string[]; completion: Completion }>;
  /** The text alone, without the last line end. */
  say(...pieces: readonly Piece[]): Promise<string>;
}

const COMMANDS: Record<string, Command> = { FETCH: fetchCommand, SEARCH: searchCommand, SORT: sortCommand, THREAD: threadCommand };

export interface ClientOptions {
  readonly account?: string;
  readonly readOnly?: boolean;
  readonly traceHeaders?: boolean;
  readonly commands?: Readonly<Record<string, Command>>;
}

export function openClient(store: Store, options: ClientOptions = {}): TestClient {
  const { account: name = '*', readOnly = false, traceHeaders = true } = options;
  const account = store.state.accounts.get(name);
  const mailbox = account?.mailboxes.get('INBOX');
  if (!account || !mailbox) throw new Error(`no account ${name}`);
  let out: Buffer[] = [];
  const connection = {
    full: false,
    write: (text: string) => void out.push(Buffer.from(text)),
    writeOctets: (octets: Buffer) => void out.push(octets),
    flush: () => Promise.resolve(),
    destroy: () => undefined,
  };
  const session: ImapSession = {
    connection: connection as unknown as Connection,
    deps: {
      host: 'imap',
      version: '0',
      limits: { maxMessages: 0, maxSize: 0, maxAge: 0 },
      inflight: { reserve: () => true, release: () => undefined },
      settings: {
        name: 'mailrig.test',
        requireTls: false,
        traceHeaders,
        maxMessageSize: 0,
        maxCommandLine: 65536,
        maxLiteral: 65536,
        maxErrors: 10,
      },
      store,
      users: { check: () => true } as never,
      ids: () => 'x',
      decide: pass,
    },
    recents: RECENTS,
    enabled: new Set(),
    state: { phase: 'selected', account, view: viewOf(mailbox, readOnly) },
    saved: [],
    watch: null,
    point: null as never,
    offer: null,
    silence: [],
    due: false,
    untagged: (line) => connection.write(`* ${line}\r\n`),
  };
  const commands = { ...COMMANDS, ...options.commands };
  async function send(...pieces: readonly Piece[]) {
    out = [];
    const [first, ...rest] = pieces;
    const [, uid, verb = '', argument = ''] = /^(UID )?(\S+)(.*)$/s.exec(String(first)) ?? [];
    const command = commands[verb.toUpperCase()];
    if (!command) throw new Error(`no command ${verb}`);
    let completion: Completion;
    try {
      const given = command.parse(new Cursor([argument, ...rest]), session);
      const done = await command.run(session, given, { byUid: uid !== undefined, tag: 'a1' });
      if (done === null) throw new Error('no completion');
      completion = done;
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      completion = { status: 'BAD', text: error.message };
    }
    const text = Buffer.concat(out).toString('latin1');
    return { text, lines: text.split('\r\n').slice(0, -1), completion };
  }
  return { session, send, say: async (...pieces) => (await send(...pieces)).text.replace(/\r\n$/, '') };
}
