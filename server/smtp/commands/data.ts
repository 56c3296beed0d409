// DATA: the message, up to the line with nothing but a dot (RFC 5321 §4.1.1.4).

import { Body } from '../body.ts';
import { command } from '../dialogue.ts';
import type { Dialogue, In } from '../dialogue.ts';
import { decideAt } from '../fault-point.ts';
import { refuse } from '../refuse.ts';
import { BDAT_BEGUN, BDAT_NEEDED, GO_AHEAD_DATA, HELLO_FIRST, MAIL_FIRST, NO_RECIPIENTS, syntax } from '../replies.ts';
import type { Reply } from '../replies.ts';
import { submit } from '../submit.ts';

const USAGE = syntax('DATA');

async function receive(dialogue: Dialogue, state: In<'mail'>): Promise<Reply> {
  const { connection, deps } = dialogue;
  const body = new Body(deps.settings.maxMessageSize, deps.inflight);
  connection.writeLine(GO_AHEAD_DATA.line);
  decideAt(dialogue, 'body', state.envelope.sender);
  try {
    await connection.readDotted(body);
  } catch (error) {
    body.release();
    throw error;
  }
  return submit(dialogue, state, body);
}

export const data = command<'mail'>({
  needs: 'login',
  otherwise: { connected: HELLO_FIRST, ready: MAIL_FIRST, chunks: BDAT_BEGUN },
  run(dialogue, argument, state) {
    const { sender, recipients, body } = state.envelope;
    if (argument !== '') return USAGE;
    if (body === 'BINARYMIME') return BDAT_NEEDED;
    if (recipients.length === 0) return refuse(dialogue, { stage: 'data', sender, recipient: null }, NO_RECIPIENTS[dialogue.deps.protocol]);
    decideAt(dialogue, 'data', sender);
    return receive(dialogue, state);
  },
});
