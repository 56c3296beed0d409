// What the server says: every reply with its code and enhanced code (RFC 5321 §4.2, RFC 3463).

import type { RefusalCode } from '../base/errors.ts';
import type { AuthFailure } from '../net/sasl.ts';

export interface Reply {
  readonly code: number;
  readonly enhanced: string | null;
  /** Of the last line, without the codes. */
  readonly text: string;
  /** The last line as it goes over the wire, without its end. */
  readonly line: string;
  /** The lines before it, and in LMTP the replies, with their ends. */
  readonly before: string;
  /** The connection is over after it. */
  readonly parting?: 'close' | 'reset';
  /** Whose words these are. */
  readonly faultId?: string;
  /** Without a line end: what comes next is taken for a part of it. */
  readonly unended?: true;
}

const CLOSING = { parting: 'close' } as const;

/** `before` are the lines before the last one. */
export function reply(code: number, enhanced: string | null, text: string, before: readonly string[] = []): Reply {
  const codes = enhanced === null ? '' : `${enhanced} `;
  return {
    code,
    enhanced,
    text,
    line: `${code} ${codes}${text}`,
    before: before.map((line) => `${code}-${codes}${line}\r\n`).join(''),
    ...((code === 421 || code === 221) && CLOSING),
  };
}

/** The same for each recipient (RFC 2033 §4.2); `text` says it of one of them. */
export function replyForEach(recipients: readonly string[], answer: Reply): Reply {
  const { code, enhanced, text, faultId } = answer;
  // A fault's words are not ours to change.
  if (faultId !== undefined)
    return { ...answer, before: `${answer.before}${answer.line}\r\n`.repeat(Math.max(0, recipients.length - 1)) + answer.before };
  const lines = recipients.map((recipient) => reply(code, enhanced, `<${recipient}> ${text}`));
  const last = lines.pop() ?? reply(code, enhanced, text);
  return { ...answer, line: last.line, text: last.text, before: lines.map(({ line }) => `${line}\r\n`).join('') };
}

const closing = (answer: Reply): Reply => ({ ...answer, ...CLOSING });

export const OK = reply(250, '2.0.0', 'Ok');
export const SENDER_OK = reply(250, '2.1.0', 'Ok');
export const RECIPIENT_OK = reply(250, '2.1.5', 'Ok');
export const BYE = reply(221, '2.0.0', 'Bye');
export const CANNOT_VERIFY = reply(252, '2.0.0', 'Cannot verify the user, but will take mail for it');
export const GO_AHEAD_DATA = reply(354, null, 'End data with <CR><LF>.<CR><LF>');
export const GO_AHEAD_TLS = reply(220, '2.0.0', 'Ready to start TLS');
export const LOGGED_IN = reply(235, '2.7.0', 'Authentication successful');

export const LINE_TOO_LONG = reply(500, '5.5.2', 'Line too long');
export const BARE_LF = reply(500, '5.5.2', 'A command must end in CRLF');
export const CONTROL_CHARACTERS = reply(500, '5.5.2', 'Control characters are not allowed in a command');
export const INVALID_UTF8 = reply(501, '5.5.4', 'Not valid UTF-8');
export const UNKNOWN_COMMAND = reply(500, '5.5.1', 'Command not recognized');
export const NOT_IMPLEMENTED = reply(502, '5.5.1', 'Command not implemented');
export const NOT_HTTP = closing(reply(554, '5.5.1', 'This is an SMTP server'));
export const TOO_MANY_ERRORS = reply(421, '4.7.0', 'Too many errors');

export const HELLO_FIRST = reply(503, '5.5.1', 'Send EHLO or HELO first');
export const NESTED_MAIL = reply(503, '5.5.1', 'Nested MAIL command');
export const MAIL_FIRST = reply(503, '5.5.1', 'Send MAIL first');
export const BDAT_BEGUN = reply(503, '5.5.1', 'Message is already being sent by BDAT');
export const BDAT_NEEDED = reply(503, '5.5.1', 'BODY=BINARYMIME needs BDAT');
export const IN_TRANSACTION = reply(503, '5.5.1', 'Not allowed during a mail transaction');
export const ALREADY_LOGGED_IN = reply(503, '5.5.1', 'Already authenticated');
export const ALREADY_TLS = reply(503, '5.5.1', 'TLS is already active');
/** SMTP's (RFC 5321 §4.1.1.4) and LMTP's (RFC 2033 §4.2). */
export const NO_RECIPIENTS = { smtp: reply(554, '5.5.1', 'No valid recipients'), lmtp: reply(503, '5.5.1', 'No valid recipients') };

export const NO_TLS = reply(502, '5.5.1', 'STARTTLS is not offered here');
export const TLS_UNAVAILABLE = reply(454, '4.7.0', 'TLS not available due to a temporary reason');
export const TLS_FIRST = reply(530, '5.7.0', 'Must issue a STARTTLS command first');
export const LOGIN_FIRST = reply(530, '5.7.0', 'Authentication required');

/** After a greeting that turns everybody away (RFC 5321 §3.1). */
export const NO_SERVICE = reply(503, '5.5.1', 'No SMTP service here');

export const NO_SUCH_ACCOUNT = reply(550, '5.1.1', 'No such user here');
export const NOT_RELAYED = reply(550, '5.7.1', 'Relaying denied');
export const NOT_OWN_SENDER = reply(553, '5.7.1', 'Sender address is not owned by the login');
export const TOO_MANY_RECIPIENTS = reply(452, '4.5.3', 'Too many recipients');
export const TOO_LARGE = reply(552, '5.3.4', 'Message is larger than this server takes');
export const NO_ROOM = reply(452, '4.3.1', 'Too many messages are being received, try again later');
export const BARE_LINE_ENDS = reply(550, '5.6.11', 'Message contains a bare CR or LF');
export const LOCAL_ERROR = reply(451, '4.3.0', 'Local error in processing');

export const syntax = (text: string): Reply => reply(501, '5.5.4', `Syntax: ${text}`);
export const badParameter = (text: string): Reply => reply(501, '5.5.4', text);

export const AUTH_FAILURES: Readonly<Record<AuthFailure, Reply>> = {
  'unknown-mechanism': reply(504, '5.5.4', 'Unrecognized authentication mechanism'),
  cancelled: reply(501, '5.7.0', 'Authentication cancelled'),
  'bad-base64': reply(501, '5.5.2', 'Cannot decode the response as base64'),
  rejected: reply(535, '5.7.8', 'Authentication credentials invalid'),
  unauthorized: reply(535, '5.7.8', 'Acting for somebody else is not offered'),
};

/** The codes with which a refusal from below is answered; the text is the refusal's own. */
const REFUSALS: Readonly<Record<RefusalCode, readonly [code: number, enhanced: string]>> = {
  malformed: [501, '5.5.4'],
  'not-found': [550, '5.1.1'],
  gone: [550, '5.1.1'],
  conflict: [503, '5.5.1'],
  'too-large': [552, '5.3.4'],
  unprocessable: [554, '5.6.0'],
  'storage-full': [452, '4.3.1'],
  busy: [451, '4.3.2'],
  unavailable: [421, '4.3.2'],
  'auth-required': [530, '5.7.0'],
  'auth-failed': [535, '5.7.8'],
  forbidden: [550, '5.7.1'],
};

/** Control characters in a text from below must not make a second line of it. */
const oneLine = (text: string): string => text.replace(/[\x00-\x1f\x7f]+/g, ' ').slice(0, 400);

export function refusalReply(code: RefusalCode, text: string): Reply {
  const [number, enhanced] = REFUSALS[code];
  return reply(number, enhanced, oneLine(text));
}

/** Mistakes of the client count against `maxErrors`; a refused recipient or message is none. */
export const isMistake = ({ code, faultId }: Reply): boolean =>
  faultId === undefined && ((code >= 500 && code <= 504) || code === 530 || code === 535 || code === 555);
