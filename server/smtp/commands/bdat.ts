// BDAT: the message in chunks of stated length, without dots (RFC 3030 §2).

import type { Sink } from '../../net/dotted.ts';
import { Body } from '../body.ts';
import { command, reset } from '../dialogue.ts';
import type { Dialogue, In } from '../dialogue.ts';
import { sizeLimit } from '../extensions.ts';
import { decideIn } from '../fault-point.ts';
import { refuse } from '../refuse.ts';
import { HELLO_FIRST, MAIL_FIRST, NO_RECIPIENTS, reply, syntax } from '../replies.ts';
import type { Reply } from '../replies.ts';
import { atEnd, submit } from '../submit.ts';
import { suffer } from '../suffer.ts';

const USAGE = syntax('BDAT octets [LAST]');
const CHUNK = /^(\d{1,15})(?:[ \t]+(LAST))?$/i;
const NOWHERE: Sink = { take: () => undefined };

/** Chunks already on their way are read whatever the answer is, or their octets would be taken for commands. */
async function discard(dialogue: Dialogue, octets: number, answer: Reply): Promise<Reply> {
  await dialogue.connection.readBytes(octets, NOWHERE);
  return answer;
}

/** The transaction fails with the chunk (RFC 3030 §2). */
function giveUp(dialogue: Dialogue, { envelope: { sender, recipients } }: In<'chunks'>, answer: Reply): Reply {
  reset(dialogue);
  return refuse(dialogue, { stage: 'data', sender, recipient: recipients[0]?.address ?? null }, answer);
}

async function take(dialogue: Dialogue, chunks: In<'chunks'>, octets: number, last: boolean): Promise<Reply | null> {
  const { body } = chunks;
  await dialogue.connection.readBytes(octets, body);
  if (last) return submit(dialogue, chunks, body);
  return body.refusal === null ? reply(250, '2.0.0', `${octets} octets received`) : giveUp(dialogue, chunks, body.refusal);
}

async function receive(dialogue: Dialogue, octets: number, last: boolean): Promise<Reply | null> {
  const { deps, state } = dialogue;
  if (state.phase === 'connected') return discard(dialogue, octets, HELLO_FIRST);
  if (state.phase === 'ready') return discard(dialogue, octets, MAIL_FIRST);
  const { sender, recipients } = state.envelope;
  if (recipients.length === 0) {
    return discard(dialogue, octets, refuse(dialogue, { stage: 'data', sender, recipient: null }, NO_RECIPIENTS[deps.protocol]));
  }

  const { peer, envelope, refused } = state;
  const body = state.phase === 'chunks' ? state.body : new Body(sizeLimit(dialogue), deps.inflight);
  const chunks = { phase: 'chunks', peer, envelope, refused, body } as const;
  dialogue.state = chunks;
  const decision = decideIn(dialogue, 'bdat', envelope);
  if (decision === null) return take(dialogue, chunks, octets, last);
  return suffer(dialogue, decision, {
    run: () => take(dialogue, chunks, octets, last),
    said: (answer) => (last ? atEnd(dialogue, chunks, answer) : answer),
    refused: (answer) => discard(dialogue, octets, giveUp(dialogue, chunks, answer)),
  });
}

export const bdat = command<'connected' | 'ready' | 'mail' | 'chunks'>({
  // No login is asked for here, since the octets must be read in any case: without MAIL there is no transaction.
  needs: 'nothing',
  otherwise: {},
  run(dialogue, argument) {
    const [, octets, last] = CHUNK.exec(argument) ?? [];
    return octets === undefined ? USAGE : receive(dialogue, Number(octets), last !== undefined);
  },
});
