// HELO, EHLO and LMTP's LHLO: who the client is, and what this server can do (RFC 5321 §4.1.1.1).

import type { Decision } from '../../faults/decide.ts';
import type { Offer } from '../../net/offered.ts';
import { command } from '../dialogue.ts';
import type { Dialogue } from '../dialogue.ts';
import { extensions } from '../extensions.ts';
import { decideAt } from '../fault-point.ts';
import { NOT_IMPLEMENTED, reply, syntax } from '../replies.ts';
import type { Reply } from '../replies.ts';
import { suffer } from '../suffer.ts';
import type { Suffering } from '../suffer.ts';

/** Introduces the client; as RSET, it ends a transaction (RFC 5321 §4.1.4). A login stays. */
function introduce(dialogue: Dialogue, helo: string, extended: boolean): void {
  const { state } = dialogue;
  const user = state.phase === 'connected' ? null : state.peer.user;
  if (state.phase === 'chunks') state.body.release();
  dialogue.state = { phase: 'ready', peer: { helo, extended, user } };
}

type Welcome = (dialogue: Dialogue) => Reply;

function suffering(decision: Decision, extended: boolean, welcome: (offer: Offer) => Reply): Suffering {
  const { capabilities = null } = decision.modifiers;
  const refusal = { ...NOT_IMPLEMENTED, faultId: decision.faultId };
  return { run: () => (extended && capabilities?.heloOnly === true ? refusal : welcome(capabilities)) };
}

const hello = (verb: string, extended: boolean, answer: Welcome) => {
  const usage = syntax(`${verb} hostname`);
  const welcome = (dialogue: Dialogue, helo: string, offer: Offer): Reply => {
    introduce(dialogue, helo, extended);
    dialogue.offer = offer;
    return answer(dialogue);
  };
  return command<'connected' | 'ready' | 'mail' | 'chunks'>({
    needs: 'nothing',
    otherwise: {},
    run(dialogue, argument) {
      // The name may be odd, it may not be missing: real clients send all kinds of names.
      if (argument === '') return usage;
      dialogue.connection.session.helo = argument;
      const decision = decideAt(dialogue, 'ehlo');
      if (decision === null) return welcome(dialogue, argument, null);
      return suffer(
        dialogue,
        decision,
        suffering(decision, extended, (offer) => welcome(dialogue, argument, offer)),
      );
    },
  });
};

export const helo = hello('HELO', false, ({ deps }) => reply(250, null, deps.settings.name));

const greet: Welcome = (dialogue) => {
  const [last = '', ...others] = [...extensions(dialogue)].reverse();
  const { name } = dialogue.deps.settings;
  return last === '' ? reply(250, null, name) : reply(250, null, last, [name, ...others.reverse()]);
};

export const ehlo = hello('EHLO', true, greet);
export const lhlo = hello('LHLO', true, greet);
