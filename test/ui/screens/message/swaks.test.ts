import { describe, expect, it } from 'vitest';
import type { Listener, SessionDetail, SessionLine } from '../../../../server/http/contract/types.ts';
import { quoted, swaks } from '../../../../ui/screens/message/swaks.ts';

const listeners: Listener[] = [
  { protocol: 'http', address: '127.0.0.1', port: 8025, tls: 'none' },
  { protocol: 'smtp', address: '127.0.0.1', port: 1025, tls: 'starttls' },
  { protocol: 'smtp', address: '127.0.0.1', port: 1465, tls: 'implicit' },
  { protocol: 'lmtp', address: '127.0.0.1', port: 1024, tls: 'starttls' },
];
const said = (...texts: string[]): SessionLine[] =>
  texts.map((text, i) => ({ number: i + 1, at: '2026-01-31T14:02:11.401Z', side: 'client', text, bytes: null, faultId: null }));

interface Given {
  readonly session?: Partial<SessionDetail>;
  readonly sender?: string;
  readonly recipients?: string[];
  readonly refused?: string[];
  readonly server?: string;
}

/** The options in their order. */
function options({ session, sender = 'a@b.test', recipients = ['jo@x.test'], refused = [], server = 'localhost' }: Given): string[] {
  const command = swaks({
    session: { protocol: 'smtp', helo: 'web-1', user: null, tls: null, lines: [], ...session },
    envelope: {
      sender,
      recipients,
      recipientCount: recipients.length,
      refused: refused.map((recipient) => ({ recipient, code: 550, enhanced: null, text: '', faultId: null })),
    },
    listeners,
    server,
  });
  expect(command).toMatch(/^swaks /);
  return command.slice('swaks '.length).split(' \\\n  ');
}

describe('the command line', () => {
  it.each<[string, Given, string[]]>([
    [
      'of a plain conversation',
      {},
      ['--server localhost:1025', '--ehlo web-1', '--from a@b.test', '--to jo@x.test', '--data @message.eml'],
    ],
    [
      'with STARTTLS and a login',
      { session: { tls: 'TLSv1.3 X', user: 'jo smith', lines: said('EHLO web-1', 'STARTTLS', 'AUTH LOGIN') } },
      [
        '--server localhost:1025',
        '--tls',
        '--ehlo web-1',
        `--auth LOGIN --auth-user 'jo smith' --auth-password "$PASS"`,
        '--from a@b.test',
        '--to jo@x.test',
        '--data @message.eml',
      ],
    ],
    [
      'with TLS from the start',
      { session: { tls: 'TLSv1.3 X', helo: null } },
      ['--server localhost:1465', '--tls-on-connect', '--from a@b.test', '--to jo@x.test', '--data @message.eml'],
    ],
    [
      'by LMTP, with the null sender and refused recipients',
      { session: { protocol: 'lmtp' }, sender: '', refused: ['no@x.test'], server: '::1' },
      [`--server '[::1]:1024'`, '--protocol LMTP', '--ehlo web-1', `--from '<>'`, '--to jo@x.test,no@x.test', '--data @message.eml'],
    ],
  ])('%s', (_what, given, expected) => {
    expect(options(given)).toEqual(expected);
  });

  it('lets no address out of its quotes', () => {
    expect(
      options({ session: { helo: '$(reboot)' }, sender: `o'"$(id)"@x.test`, recipients: ['`id`@x.test', '"a b"@x.test'] }).slice(1, 4),
    ).toEqual([`--ehlo '$(reboot)'`, String.raw`--from 'o'\''"$(id)"@x.test'`, `--to '\`id\`@x.test,"a b"@x.test'`]);
  });
});

describe('quoted for a shell', () => {
  it.each([
    ['jo@x.test', 'jo@x.test'],
    ['', `''`],
    ['a b', `'a b'`],
    ['a;b', `'a;b'`],
    ['!x', `'!x'`],
    ["it's", String.raw`'it'\''s'`],
    ['a\nb', String.raw`$'a\x0ab'`],
    ["\u001b]0;'\\", String.raw`$'\x1b]0;\'\\'`],
    ['\u0085', String.raw`$'\xc2\x85'`],
    ['grün@x.test', `'grün@x.test'`],
    ['~root', `'~root'`],
  ])('%j is %s', (word, expected) => {
    expect(quoted(word)).toBe(expected);
  });
});
