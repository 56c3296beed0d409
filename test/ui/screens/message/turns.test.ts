import { describe, expect, it } from 'vitest';
import type { SessionDetail, SessionLine } from '../../../../server/http/contract/types.ts';
import { asText, closing, lostNotes, turns } from '../../../../ui/screens/message/turns.ts';

const START = Date.parse('2026-01-31T14:02:11.401Z');
const after = (ms: number): string => new Date(START + ms).toISOString();

/** `ms C text`, `S` the server, `R` Mailrig; `!` at the end is an injected reply, `#9` stands for nine octets. */
function conversation(lines: string[], more: Partial<SessionDetail> = {}): SessionDetail {
  const sides = { C: 'client', S: 'server', R: 'rig' } as const;
  return {
    id: 's1',
    protocol: 'smtp',
    host: 'submission',
    client: '127.0.0.1:51234',
    user: null,
    tls: null,
    helo: 'web',
    openedAt: after(0),
    closedAt: null,
    messageIds: [],
    messageCount: more.messageIds?.length ?? 0,
    command: null,
    commands: 0,
    mailbox: null,
    failure: null,
    faultId: null,
    truncated: false,
    notes: [],
    lines: lines.map((line, i): SessionLine => {
      const [, ms = '', side = '', text = '', bytes, injected] = /^(\d+) ([CSR]) (.*?)(?:#(\d+))?(!?)$/.exec(line) ?? [];
      return {
        number: i + 1,
        at: after(Number(ms)),
        side: sides[side as 'C'],
        text,
        bytes: bytes === undefined ? null : Number(bytes),
        faultId: injected ? 'f1' : null,
      };
    }),
    ...more,
  };
}
const shown = (lines: string[]): string[] =>
  turns(conversation(lines)).map((turn) => `${turn.time} ${turn.side} ${turn.lines.join(' | ')}`);

it('counts the time from turn to turn and folds a reply of many lines', () => {
  const [first, ...rest] = shown([
    '0 S 220 ready',
    '3 C EHLO web',
    '5 S 250-mailrig.test',
    '5 S 250-SIZE 1',
    '5 S 250 STARTTLS',
    '1505 C QUIT',
  ]);
  expect(first).toMatch(/^\d\d:\d\d:11\.401 server 220 ready$/);
  expect(rest).toEqual(['+3 ms client EHLO web', '+2 ms server 250-mailrig.test | 250-SIZE 1 | 250 STARTTLS', '+1.5 s client QUIT']);
});

it('ends a reply that breaks off where the client speaks again', () => {
  expect(turns(conversation(['0 S 250-a', '1 C NOOP'])).map(({ lines }) => lines)).toEqual([['250-a'], ['NOOP']]);
});

it('marks what was injected and what is about TLS', () => {
  const [injected, secure, plain] = turns(conversation(['0 S 451 4.3.2 busy!', '1 R TLS established: TLSv1.3 TLS_AES_128', '2 C TLS']));
  expect([injected?.faultId, secure?.secure, plain?.faultId, plain?.secure]).toEqual(['f1', true, null, false]);
  expect(secure?.lines).toEqual(['TLS 1.3, TLS_AES_128']);
});

it('knows which message each body became', () => {
  const lines = [
    '0 C DATA',
    '0 S 354 go',
    '1 C #9',
    '2 S 250 queued as m1',
    '3 C BDAT 5 LAST',
    '3 C #5',
    '4 S 552 too big',
    '5 C #7',
    '6 S 250 m2',
  ];
  expect(
    turns(conversation(lines, { messageIds: ['m1', 'm2'] })).flatMap(({ bytes, messageId }) =>
      bytes === null ? [] : [[bytes, messageId]],
    ),
  ).toEqual([
    [9, 'm1'],
    [5, null],
    [7, 'm2'],
  ]);
});

describe('notes', () => {
  const lines = ['0 S 250-a', '0 S 250 b', '1 C NOOP'];
  const note = (line: number) => ({ line, text: `note ${line}` });

  it('stand at the turn that holds their line', () => {
    const session = conversation(lines, { notes: [note(2), note(3), note(9)] });
    expect(turns(session).map(({ notes }) => notes)).toEqual([['note 2'], ['note 3']]);
    expect(lostNotes(session)).toEqual(['note 9']);
  });

  it('stand apart where theirs was dropped', () => {
    const session = conversation(lines, { truncated: true, notes: [note(2), note(3)] });
    const some = { ...session, lines: session.lines.filter(({ number }) => number !== 3) };
    expect(turns(some).flatMap(({ notes }) => notes)).toEqual(['note 2']);
    expect(lostNotes(some)).toEqual(['note 3']);
  });
});

it('tells how many lines had to make room before a turn', () => {
  const session = conversation(['0 S 250-a', '0 S 250-b', '0 S 250 c', '1 C NOOP', '1 S 250 d']);
  const some = { ...session, lines: session.lines.filter(({ number }) => ![2, 4].includes(number)) };
  expect(turns(some).map(({ number, skipped, lines }) => [number, skipped, lines.join(' | ')])).toEqual([
    [1, 0, '250-a'],
    [3, 1, '250 c'],
    [5, 1, '250 d'],
  ]);
});

describe('answers of many lines', () => {
  const shown = (protocol: 'imap' | 'pop3', lines: string[]): string[] =>
    turns(conversation(lines, { protocol })).map(({ lines }) => lines.join(' | '));

  it.each([
    [
      'imap',
      ['0 S * FLAGS', '0 S * 1 EXISTS', '0 S * OK', '0 S * OK [X]', '0 S a OK Selected'],
      ['* FLAGS | * 1 EXISTS | * OK | * OK [X]', 'a OK Selected'],
    ],
    [
      'imap',
      ['0 S * 1 FETCH (BODY[] {9}', '0 S #9', '0 S )', '0 S * 2 FETCH (BODY[] {1234}', '0 S #1234', '0 S )', '0 S a OK Fetched'],
      ['* 1 FETCH (BODY[] {9} | (9 bytes) | ) | * 2 FETCH (BODY[] {1234} | (1,234 bytes) | )', 'a OK Fetched'],
    ],
    ['imap', ['0 S * 1 FETCH (BODY[] {9}', '0 S #9', '0 S )', '0 S a OK'], ['* 1 FETCH (BODY[] {9}', '', ')', 'a OK']],
    // What is told while a client idles answers nothing.
    [
      'imap',
      ['0 S + idling', '900 S * 1 EXISTS', '1800 S * 2 EXISTS', '2700 S * 3 EXISTS'],
      ['+ idling', '* 1 EXISTS', '* 2 EXISTS', '* 3 EXISTS'],
    ],
    ['pop3', ['0 S +OK 3', '0 S 1 10', '0 S 2 10', '0 S 3 10', '0 S .', '0 S +OK'], ['+OK 3 | 1 10 | 2 10 | 3 10 | .', '+OK']],
    ['pop3', ['0 S +OK', '0 S +OK', '0 S -ERR', '0 S +OK'], ['+OK', '+OK', '-ERR', '+OK']],
  ] as const)('of %s %j are folded into %j', (protocol, lines, expected) => {
    expect(shown(protocol, [...lines])).toEqual(expected);
  });
});

describe('the end', () => {
  it.each([
    [['0 C QUIT', '1 S 221 bye'], 'client'],
    [['0 C NOOP', '1 S 421 4.4.2 idle too long'], 'server'],
    [['0 C NOOP', '1 S 250 Ok'], null],
    [[], null],
    [['0 C a LOGOUT', '1 S * BYE', '1 S a OK'], 'client'],
    [['0 C a IDLE', '1 S * BYE Autologout'], 'server'],
  ] as const)('of %j came by %s', (lines, by) => {
    expect(closing(conversation([...lines], { closedAt: after(1500), messageIds: ['m1'] }))).toMatchObject({ by, after: 1500, taken: 1 });
  });

  it('takes no message where none can be', () => {
    expect(closing(conversation([], { protocol: 'imap', closedAt: after(1) }))?.taken).toBeNull();
  });

  it('is none while it goes on', () => {
    expect(closing(conversation(['0 C QUIT']))).toBeNull();
  });
});

it('is copied with who said what', () => {
  expect(asText(conversation(['0 S 220 ready', '1 R TLS on', '2 C #12']))).toBe('S: 220 ready\nTLS on\nC: (12 bytes)');
});
