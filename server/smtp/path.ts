// The argument of MAIL and RCPT: a keyword, a path, parameters (RFC 5321 §4.1.1.2, §4.1.1.3).

import { ParseError } from '../base/errors.ts';
import { parsePath } from '../mail/address.ts';
import type { Path } from '../mail/address.ts';
import { reply, syntax } from './replies.ts';
import type { Reply } from './replies.ts';

const KINDS = {
  FROM: { usage: syntax('MAIL FROM:<address>'), bad: '5.1.7', what: 'sender' },
  TO: { usage: syntax('RCPT TO:<address>'), bad: '5.1.3', what: 'recipient' },
} as const;

/** Reads `FROM:<path> parameters`; spaces around the colon are tolerated. Answers the reply that refuses it where it is malformed. */
export function readPath(keyword: keyof typeof KINDS, argument: string): Path | Reply {
  const { usage, bad, what } = KINDS[keyword];
  const colon = argument.indexOf(':');
  const word = argument.slice(0, Math.max(colon, 0));
  if (word !== keyword && word.trimEnd().toUpperCase() !== keyword) return usage;
  try {
    return parsePath(argument.slice(colon + 1));
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return reply(501, bad, `Bad ${what} address: ${error.message}`);
  }
}

export const isAscii = (text: string): boolean => !/[^\x00-\x7f]/.test(text);
