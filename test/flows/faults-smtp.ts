// What goes wrong in SMTP, with what two clients make of it: nodemailer and Python's smtplib (the catalogue of faults).

import type { Rule } from '../../server/faults/fault.ts';

export interface Row {
  readonly id: string;
  readonly faults: readonly Rule[];
  /** What each client reports, and how many messages are here afterwards. */
  readonly nodemailer: string;
  readonly smtplib: string;
  readonly kept: readonly [nodemailer: number, smtplib: number];
  readonly recipients?: readonly string[];
  /** The client is to begin TLS, to log in, or to send 8-bit text. */
  readonly tls?: true;
  readonly login?: true;
  readonly eightBit?: true;
  /** It is to end with QUIT: nodemailer does so from a pool only. */
  readonly goodbye?: true;
  /** It waits in vain: only then is its patience short. */
  readonly silent?: true;
}

type Do = NonNullable<Rule['do']>;

const at = (stage: Rule['on']['stage'], ...acts: Do): Rule => ({ on: { stage }, do: acts });
const answer = (stage: Rule['on']['stage'], reply: string): Rule => at(stage, { reply });

const row = (
  id: string,
  faults: Rule | readonly Rule[],
  nodemailer: string,
  smtplib: string,
  kept: Row['kept'] = [0, 0],
  more: Partial<Row> = {},
): Row => ({ id, faults: Array.isArray(faults) ? (faults as readonly Rule[]) : [faults as Rule], nodemailer, smtplib, kept, ...more });

const BOTH = [1, 1] as const;

export const ROWS: readonly Row[] = [
  row('accept-close', at('connect', { close: true }), 'ECONNECTION at CONN', 'SMTPServerDisconnected at connect'),
  row('accept-reset', at('connect', { delay: 20 }, { reset: true }), 'ESOCKET at CONN', 'SMTPServerDisconnected at connect'),
  row('silent-banner', at('connect', { stall: true }), 'ETIMEDOUT at CONN', 'SMTPServerDisconnected at connect', [0, 0], { silent: true }),
  row('tarpit', at('banner', { trickle: { bytes: 2, every: 120 } }), 'ETIMEDOUT at CONN', 'sent', [0, 1], { silent: true }),
  row('busy', answer('banner', '421 4.3.2 Service not available'), 'EPROTOCOL 421 at CONN', 'SMTPConnectError 421 at connect'),
  row('no-service', answer('banner', '554 5.3.2 No SMTP service here'), 'EPROTOCOL 554 at CONN', 'SMTPConnectError 554 at connect'),
  row(
    'ehlo-busy',
    answer('ehlo', '421 4.3.2 System not accepting network messages'),
    'ECONNECTION 421 at EHLO',
    'SMTPServerDisconnected at send',
  ),
  row('helo-only', at('ehlo', { capabilities: { heloOnly: true } }), 'sent', 'sent', BOTH),
  row(
    'starttls-unavailable',
    answer('starttls', '454 4.7.0 TLS not available'),
    'ETLS 454 at STARTTLS',
    'SMTPResponseException 454 at starttls',
    [0, 0],
    { tls: true },
  ),
  row('tls-garbage', at('tls', { tls: 'garbage' }), 'ESOCKET at CONN', 'SSLError at starttls', [0, 0], { tls: true }),
  row('tls-alert', at('tls', { tls: 'alert' }), 'ESOCKET at CONN', 'SSLError at starttls', [0, 0], { tls: true }),
  row('tls-reset', at('tls', { delay: 20 }, { reset: true }), 'ESOCKET at CONN', 'ConnectionResetError at starttls', [0, 0], { tls: true }),
  row('tls-expired', at('tls', { certificate: 'expired' }), 'ESOCKET at CONN', 'SSLCertVerificationError 10 at starttls', [0, 0], {
    tls: true,
  }),
  row('tls-wrong-host', at('tls', { certificate: 'wrong-host' }), 'ESOCKET at CONN', 'SSLCertVerificationError 62 at starttls', [0, 0], {
    tls: true,
  }),
  row('tls-self-signed', at('tls', { certificate: 'self-signed' }), 'ESOCKET at CONN', 'SSLCertVerificationError 18 at starttls', [0, 0], {
    tls: true,
  }),
  row('tls-late', at('tls', { delay: 30 }), 'sent', 'sent', BOTH, { tls: true }),
  row(
    'auth-fail',
    answer('auth', '535 5.7.8 Authentication failed'),
    'EAUTH 535 at AUTH PLAIN',
    'SMTPAuthenticationError 535 at login',
    [0, 0],
    { login: true },
  ),
  row(
    'auth-temp',
    answer('auth', '454 4.7.0 Temporary authentication failure'),
    'EAUTH 454 at AUTH PLAIN',
    'SMTPAuthenticationError 454 at login',
    [0, 0],
    { login: true },
  ),
  row('mail-temp', answer('mail', '451 4.3.0 Try again later'), 'EENVELOPE 451 at MAIL FROM', 'SMTPSenderRefused 451 at send'),
  row('mail-rate', answer('mail', '421 4.7.28 Unusual rate of mail'), 'EENVELOPE 421 at MAIL FROM', 'SMTPSenderRefused 421 at send'),
  row('mail-reject', answer('mail', '550 5.7.1 Not from you'), 'EENVELOPE 550 at MAIL FROM', 'SMTPSenderRefused 550 at send'),
  row(
    'greylist',
    { on: { stage: 'rcpt' }, when: { firstSeen: { under: '300s' } }, do: [{ reply: '450 4.2.0 Greylisted' }] },
    'EENVELOPE 450 at RCPT TO',
    'SMTPRecipientsRefused 450 at send',
  ),
  row('mailbox-full', answer('rcpt', '552 5.2.2 Mailbox full'), 'EENVELOPE 552 at RCPT TO', 'SMTPRecipientsRefused 552 at send'),
  row(
    'too-many-rcpts',
    { on: { stage: 'rcpt' }, match: { recipient: 'c@*' }, do: [{ reply: '452 4.5.3 Too many recipients' }] },
    'sent c@shop.test 452',
    'sent c@shop.test 452',
    BOTH,
    {
      recipients: ['b@shop.test', 'c@shop.test'],
    },
  ),
  row(
    'unknown-user',
    at('rcpt', { reply: { code: 550, enhanced: '5.1.1', lines: ['No such user', 'See the help'] } }),
    'EENVELOPE 550 at RCPT TO',
    'SMTPRecipientsRefused 550 at send',
  ),
  row(
    'partial',
    [
      { on: { stage: 'rcpt' }, match: { recipient: 'tmp@*' }, do: [{ reply: '450 4.2.1 Later' }] },
      { on: { stage: 'rcpt' }, match: { recipient: 'bad@*' }, do: [{ reply: '550 5.1.1 Unknown' }] },
    ],
    'sent tmp@shop.test 450 bad@shop.test 550',
    'sent tmp@shop.test 450 bad@shop.test 550',
    BOTH,
    { recipients: ['good@shop.test', 'tmp@shop.test', 'bad@shop.test'] },
  ),
  row('data-temp', answer('data', '451 4.3.0 Not now'), 'EENVELOPE 451 at DATA', 'SMTPDataError 451 at send'),
  row('data-reject', answer('data', '554 5.5.1 Not ever'), 'EENVELOPE 554 at DATA', 'SMTPDataError 554 at send'),
  row('drop-in-data', at('body', { truncate: { bytes: 20, then: 'reset' } }), 'ESOCKET at CONN', 'SMTPServerDisconnected at send'),
  row('close-in-data', at('body', { truncate: { bytes: 20, then: 'close' } }), 'ECONNECTION at CONN', 'SMTPServerDisconnected at send'),
  row('stall-read', at('body', { stall: true }), 'ETIMEDOUT at CONN', 'SMTPServerDisconnected at send', [0, 0], { silent: true }),
  row('slow-body', at('body', { throttle: { bytesPerSecond: 2_000, direction: 'in' } }), 'sent', 'sent', BOTH),
  row(
    'size-limit',
    at('ehlo', { capabilities: { remove: ['SIZE'], add: ['SIZE 10'] } }),
    'EMESSAGE 552 at DATA',
    'SMTPSenderRefused 552 at send',
  ),
  row('no-8bitmime', at('ehlo', { capabilities: { remove: ['8BITMIME'] } }), 'sent', 'sent', BOTH, { eightBit: true }),
  row('dot-temp', answer('end-of-data', '451 4.7.1 Try again later'), 'EMESSAGE 451 at DATA', 'SMTPDataError 451 at send'),
  row('dot-busy', answer('end-of-data', '421 4.3.2 Going down'), 'EMESSAGE 421 at DATA', 'SMTPDataError 421 at send'),
  row('dot-reject', answer('end-of-data', '554 5.7.1 Spam'), 'EMESSAGE 554 at DATA', 'SMTPDataError 554 at send'),
  row('lost-reply', at('end-of-data', { acceptThen: 'reset' }), 'ESOCKET at CONN', 'SMTPServerDisconnected at send', BOTH),
  row('lost-reply-close', at('end-of-data', { acceptThen: 'close' }), 'ECONNECTION at CONN', 'SMTPServerDisconnected at send', BOTH),
  row('lost-reply-silent', at('end-of-data', { acceptThen: 'stall' }), 'ETIMEDOUT at CONN', 'SMTPServerDisconnected at send', BOTH, {
    silent: true,
  }),
  row('cut-reply', at('end-of-data', { truncate: { bytes: 2, then: 'close' } }), 'ECONNECTION at CONN', 'SMTPDataError 25 at send', BOTH),
  row(
    'phantom-accept',
    at('end-of-data', { acceptThen: { reply: '451 4.3.0 Error' } }),
    'EMESSAGE 451 at DATA',
    'SMTPDataError 451 at send',
    BOTH,
  ),
  row('discard', at('end-of-data', { discard: true }), 'sent', 'sent'),
  row('quit-drop', at('quit', { reset: true }), 'sent', 'SMTPServerDisconnected at quit', BOTH, { goodbye: true }),
  row('quit-refused', answer('quit', '451 4.3.0 Stay'), 'sent', 'sent', BOTH, { goodbye: true }),
  row(
    'rset-fail',
    [answer('rcpt', '550 5.1.1 Unknown'), at('rset', { close: true })],
    'EENVELOPE 550 at RCPT TO',
    'SMTPRecipientsRefused 550 at send',
  ),
  row('slow', at('any', { delay: 30 }), 'sent', 'sent', BOTH),
  row('trickle', at('rcpt', { trickle: { bytes: 2, every: 5 } }), 'sent', 'sent', BOTH),
  row('malformed', at('rcpt', { corrupt: 'malformed' }), 'EENVELOPE at RCPT TO', 'SMTPRecipientsRefused -1 at send'),
  row('bad-code', at('rcpt', { corrupt: 'bad-code' }), 'EENVELOPE 999 at RCPT TO', 'SMTPRecipientsRefused 999 at send'),
  row('class-mismatch', at('rcpt', { corrupt: 'class-mismatch' }), 'EENVELOPE 450 at RCPT TO', 'SMTPRecipientsRefused 450 at send'),
  row('missing-crlf', at('rcpt', { corrupt: 'missing-crlf' }), 'ETIMEDOUT at CONN', 'SMTPServerDisconnected at send', [0, 0], {
    silent: true,
  }),
  row('stall', at('rcpt', { stall: true }), 'ETIMEDOUT at CONN', 'SMTPServerDisconnected at send', [0, 0], { silent: true }),
  row('other words', answer('end-of-data', '250 2.0.0 Kept with other words'), 'sent', 'sent', BOTH),
];
