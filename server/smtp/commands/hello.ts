// HELO, EHLO and LMTP's LHLO: who the client is, and what this server can do (RFC 5321 §4.1.1.1).

import { command } from '../dialogue.ts';
import type { Dialogue } from '../dialogue.ts';
import { extensions } from '../extensions.ts';
import { decideAt } from '../fault-point.ts';
import { NOT_IMPLEMENTED, reply, syntax } from '../replies.ts';
import type { Reply } from '../replies.ts';
import { suffer } from '../suffer.ts';

/** Introduces the client; as RSET, it ends a transaction (RFC 5321 §4.1.4). A login stays. */
function introduce(dialogue: Dialogue, helo: string, extended: boolean): void {
  const { state } = dialogue;
  const user = state.phase === 'connected' ? null : state.peer.user;
  if (state.phase === 'chunks') state.body.release();
  dialogue.state = { phase: 'ready', peer: { helo, extended, user } };
}

const hello = (verb: string, extended: boolean, answer: (dialogue: Dialogue) => Reply) => {
  const usage = syntax(`${verb} hostname`);
  return command<'connected' | 'ready' | 'mail' | 'chunks'>({
    needs: 'nothing',
    otherwise: {},
    run(dialogue, argument) {
      // The name may be odd, it may not be missing: real clients send all kinds of names.
      if (argument === '') return usage;
      dialogue.connection.session.helo = argument;
      dialogue.offer = null;
      const decision = decideAt(dialogue, 'ehlo');
      const welcome = (): Reply => {
        introduce(dialogue, argument, extended);
        return answer(dialogue);
      };
      if (decision === null) return welcome();
      const { capabilities = null } = decision.modifiers;
      if (extended && capabilities?.heloOnly === true) {
        const reason = { ...NOT_IMPLEMENTED, faultId: decision.faultId };
        return suffer(dialogue, decision, { run: () => reason });
      }
      dialogue.offer = capabilities;
      return suffer(dialogue, decision, { run: welcome });
    },
  });
};

export const helo = hello('HELO', false, ({ deps }) => reply(250, null, deps.settings.name));

const greet = (dialogue: Dialogue): Reply => {
  const [last = '', ...others] = [...extensions(dialogue)].reverse();
  const { name } = dialogue.deps.settings;
  return last === '' ? reply(250, null, name) : reply(250, null, last, [name, ...others.reverse()]);
};

export const ehlo = hello('EHLO', true, greet);
export const lhlo = hello('LHLO', true, greet);
