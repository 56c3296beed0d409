// HELO, EHLO and LMTP's LHLO: who the client is, and what this server can do (RFC 5321 §4.1.1.1).

import { mechanismsFor } from '../../net/sasl.ts';
import { command } from '../dialogue.ts';
import type { Dialogue } from '../dialogue.ts';
import { decideAt } from '../fault-point.ts';
import { reply, syntax } from '../replies.ts';
import type { Reply } from '../replies.ts';

/** The keywords of EHLO with their parameters. */
function extensions({ connection, deps: { settings, users } }: Dialogue): string[] {
  const offered: readonly (readonly [keyword: string, offered: boolean])[] = [
    ['PIPELINING', true],
    [`SIZE ${settings.maxMessageSize}`, true],
    ['8BITMIME', true],
    ['SMTPUTF8', true],
    ['ENHANCEDSTATUSCODES', true],
    ['DSN', true],
    ['CHUNKING', true],
    ['BINARYMIME', true],
    ['STARTTLS', connection.canStartTls],
    [`AUTH ${mechanismsFor(users).join(' ')}`, connection.secure || !settings.requireTls],
    [`LIMITS RCPTMAX=${settings.maxRecipients}`, settings.maxRecipients > 0],
    ['HELP', true],
  ];
  return offered.filter(([, here]) => here).map(([keyword]) => keyword);
}

/** Introduces the client; as RSET, it ends a transaction (RFC 5321 §4.1.4). A login stays. */
function introduce(dialogue: Dialogue, helo: string, extended: boolean): void {
  const { state, connection } = dialogue;
  const user = state.phase === 'connected' ? null : state.peer.user;
  if (state.phase === 'chunks') state.body.release();
  dialogue.state = { phase: 'ready', peer: { helo, extended, user } };
  connection.session.helo = helo;
}

const hello = (verb: string, extended: boolean, answer: (dialogue: Dialogue) => Reply) => {
  const usage = syntax(`${verb} hostname`);
  return command<'connected' | 'ready' | 'mail' | 'chunks'>({
    needs: 'nothing',
    otherwise: {},
    run(dialogue, argument) {
      // The name may be odd, it may not be missing: real clients send all kinds of names.
      if (argument === '') return usage;
      decideAt(dialogue, 'ehlo');
      introduce(dialogue, argument, extended);
      return answer(dialogue);
    },
  });
};

export const helo = hello('HELO', false, ({ deps }) => reply(250, null, deps.settings.name));

const greet = (dialogue: Dialogue): Reply => {
  const keywords = extensions(dialogue);
  return reply(250, null, keywords.pop() ?? '', [dialogue.deps.settings.name, ...keywords]);
};

export const ehlo = hello('EHLO', true, greet);
export const lhlo = hello('LHLO', true, greet);
