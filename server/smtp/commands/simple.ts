// The commands that need no more than a line: NOOP, RSET, QUIT, VRFY, EXPN, HELP, and those of another protocol.

import type { Command, Dialogue } from '../dialogue.ts';
import { command, reset } from '../dialogue.ts';
import { decideAt } from '../fault-point.ts';
import { BYE, CANNOT_VERIFY, NOT_HTTP, NOT_IMPLEMENTED, OK, syntax } from '../replies.ts';
import type { Reply } from '../replies.ts';

const always = (needs: Command['needs'], run: (dialogue: Dialogue, argument: string) => Reply): Command =>
  command<'connected' | 'ready' | 'mail' | 'chunks'>({ needs, otherwise: {}, run });

const USER_MISSING = syntax('VRFY address');

export const noop = always('nothing', (dialogue) => {
  decideAt(dialogue, 'noop');
  return OK;
});

export const rset = always('nothing', (dialogue) => {
  decideAt(dialogue, 'rset');
  reset(dialogue);
  return OK;
});

export const quit = always('nothing', (dialogue) => {
  decideAt(dialogue, 'quit');
  reset(dialogue);
  return BYE;
});

/** Every user exists here, but none is named as sure (RFC 5321 §7.3). */
export const vrfy = always('login', (_, argument) => (argument === '' ? USER_MISSING : CANNOT_VERIFY));

export const expn = always('login', () => NOT_IMPLEMENTED);

/** Known of old, of no use here (RFC 5321 appendix F): not the same as unknown. */
export const obsolete = always('nothing', () => NOT_IMPLEMENTED);

/** A web page can make a browser talk to any port; its request must not become a mail. */
export const http = always('nothing', () => NOT_HTTP);
