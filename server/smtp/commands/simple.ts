// The commands that need no more than a line: NOOP, RSET, QUIT, VRFY, EXPN, HELP, and those of another protocol.

import type { Stage } from '../../faults/stages.ts';
import type { Command, Dialogue } from '../dialogue.ts';
import { command, reset } from '../dialogue.ts';
import { decideAt } from '../fault-point.ts';
import { BYE, CANNOT_VERIFY, NOT_HTTP, NOT_IMPLEMENTED, OK, syntax } from '../replies.ts';
import type { Reply } from '../replies.ts';
import { suffer } from '../suffer.ts';

const plain = (needs: Command['needs'], run: Command['run']): Command =>
  command<'connected' | 'ready' | 'mail' | 'chunks'>({ needs, otherwise: {}, run });

const USER_MISSING = syntax('VRFY address');

const always = (needs: Command['needs'], stage: Stage, run: (dialogue: Dialogue, argument: string) => Reply): Command =>
  plain(needs, (dialogue, argument) => {
    const decision = decideAt(dialogue, stage);
    return decision === null ? run(dialogue, argument) : suffer(dialogue, decision, { run: () => run(dialogue, argument) });
  });

export const noop = always('nothing', 'noop', () => OK);

export const rset = always('nothing', 'rset', (dialogue) => {
  reset(dialogue);
  return OK;
});

export const quit = always('nothing', 'quit', (dialogue) => {
  reset(dialogue);
  return BYE;
});

/** Every user exists here, but none is named as sure (RFC 5321 §7.3). */
export const vrfy = always('login', 'any', (_, argument) => (argument === '' ? USER_MISSING : CANNOT_VERIFY));

export const expn = always('login', 'any', () => NOT_IMPLEMENTED);

/** Known of old, of no use here (RFC 5321 appendix F): not the same as unknown. */
export const obsolete = always('nothing', 'any', () => NOT_IMPLEMENTED);

/** `answer` is the list of all commands. */
export const help = (answer: Reply): Command => always('nothing', 'any', () => answer);

/** A web page can make a browser talk to any port; its request must not become a mail. */
export const http = plain('nothing', () => NOT_HTTP);
