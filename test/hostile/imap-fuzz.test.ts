// IMAP commands as no client would write them: whatever they are, the server answers in its grammar and goes on.

import { describe, expect, it } from 'vitest';
import { Client } from '../conversations/client.ts';
import { ask } from '../conversations/imap-reply.ts';
import { startImap } from '../conversations/imap-server.ts';
import { fuzz, SEED } from './fuzz.ts';

const OPEN = 'o1 LOGIN jo@shop.test x\r\no2 SELECT INBOX\r\n';

const CORPUS = [
  ...[
    'a CAPABILITY',
    'a NOOP',
    'a ID ("name" "x" "version" NIL)',
    'a ENABLE CONDSTORE QRESYNC UTF8=ACCEPT IMAP4rev2',
    'a NAMESPACE',
    'a IDLE',
    'DONE',
  ],
  ...['a SELECT INBOX', 'a SELECT INBOX (CONDSTORE)', 'a EXAMINE "INBOX" (QRESYNC (1 1 1:3 (1 1)))', 'a UNSELECT', 'a CLOSE', 'a CHECK'],
  ...['a CREATE "x/y"', 'a CREATE z (USE (\\Sent))', 'a DELETE x', 'a RENAME x z', 'a SUBSCRIBE x', 'a UNSUBSCRIBE x', 'a LSUB "" *'],
  ...['a LIST "" "%"', 'a LIST (SUBSCRIBED RECURSIVEMATCH) "" ("*" "%") RETURN (CHILDREN SPECIAL-USE STATUS (MESSAGES UIDNEXT))'],
  ...[
    'a STATUS INBOX (MESSAGES UNSEEN SIZE HIGHESTMODSEQ)',
    'a APPEND INBOX (\\Seen k) "24-Nov-2026 12:00:00 +0000" {5+}',
    'a APPEND x {3}',
  ],
  ...[
    'a FETCH 1:* (UID FLAGS ENVELOPE BODYSTRUCTURE)',
    'a FETCH 1 BODY[1.2.HEADER.FIELDS (Subject "To")]<0.10>',
    'a FETCH 2 (BINARY.SIZE[1] BINARY[1])',
  ],
  ...[
    'a UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)',
    'a FETCH 1:3 ALL',
    'a FETCH * (PREVIEW (LAZY) EMAILID THREADID SAVEDATE)',
    'a FETCH 1 RFC822',
  ],
  ...[
    'a SEARCH OR (NOT SEEN SUBJECT "x") (BEFORE 1-Jan-2026 LARGER 5)',
    'a UID SEARCH RETURN (MIN MAX COUNT ALL SAVE) UID $',
    'a SEARCH CHARSET UTF-8 BODY {3+}',
  ],
  ...[
    'a SORT (REVERSE DATE SUBJECT) UTF-8 ALL',
    'a THREAD REFERENCES UTF-8 ALL',
    'a SEARCH MODSEQ "/flags/\\\\Seen" all 5 HEADER X "" KEYWORD k',
  ],
  ...[
    'a STORE 1:* +FLAGS.SILENT (\\Deleted k)',
    'a STORE 1 (UNCHANGEDSINCE 5) FLAGS ()',
    'a UID STORE 2 -FLAGS \\Seen',
    'a COPY 1 x',
    'a UID MOVE 1:2 Trash',
  ],
  ...[
    'a EXPUNGE',
    'a UID EXPUNGE 1:*',
    'a GETQUOTA ""',
    'a GETQUOTAROOT INBOX',
    'a LOGIN "jo" {1+}',
    'a AUTHENTICATE PLAIN AGpvAHg=',
    'a LOGOUT',
  ],
];

const ANSWER = /^(\* |\+ |[^\x00-\x20\x7f-\xff(){%*"\\+]+ (OK|NO|BAD) )[^\r\n\0]*$/;

/** Every line begins as an answer does, but for those that go on after a literal. The last one may be cut off. */
function check(answers: string): void {
  let begins = true;
  for (let at = 0; at < answers.length;) {
    const end = answers.indexOf('\r\n', at);
    if (end < 0) return;
    const line = answers.slice(at, end);
    if (begins) expect(line).toMatch(ANSWER);
    const size = /\{(\d+)\}$/.exec(line)?.[1];
    begins = size === undefined;
    at = end + 2 + Number(size ?? 0);
  }
}

describe(`mutated commands (seed ${SEED})`, () => {
  it.each([
    ['before the login', ''],
    ['in a mailbox', OPEN],
  ])(
    '%s are answered, and nothing breaks',
    async (_, opening) => {
      await using server = await startImap({ settings: { maxErrors: 0 } });
      const prepare = (): Promise<string> => server.sample.send({ header: { Subject: 'a message' }, text: 'of some\r\n lines' });
      for (let i = 0; i < 5; i++) await prepare();
      await fuzz({ port: server.port, opening, corpus: CORPUS, check, prepare });
      expect(server.errors).toEqual([]);
      expect(server.inflight()).toBe(0);
      expect(await ask(await Client.connect(server.port), 'NOOP')).toContain('* OK [CAPABILITY');
    },
    600_000,
  );
});
