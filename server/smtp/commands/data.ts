// DATA: the message, up to the line with nothing but a dot (RFC 5321 §4.1.1.4).

import { Body } from '../body.ts';
import { command } from '../dialogue.ts';
import type { Dialogue, In } from '../dialogue.ts';
import { sizeLimit } from '../extensions.ts';
import { decideIn } from '../fault-point.ts';
import { refuse } from '../refuse.ts';
import { BDAT_BEGUN, BDAT_NEEDED, GO_AHEAD_DATA, HELLO_FIRST, MAIL_FIRST, NO_RECIPIENTS, syntax } from '../replies.ts';
import type { Reply } from '../replies.ts';
import { submit } from '../submit.ts';
import { suffer, sufferReading } from '../suffer.ts';

const USAGE = syntax('DATA');

async function receive(dialogue: Dialogue, state: In<'mail'>, unended?: true): Promise<Reply | null> {
  const { connection, deps } = dialogue;
  const body = new Body(sizeLimit(dialogue), deps.inflight);
  if (unended === true) connection.write(GO_AHEAD_DATA.line);
  else connection.writeLine(GO_AHEAD_DATA.line);
  const decision = decideIn(dialogue, 'body', state.envelope);
  try {
    if (decision === null) await connection.readDotted(body);
    else await sufferReading(dialogue, decision, () => connection.readDotted(body));
  } catch (error) {
    body.release();
    throw error;
  }
  if (!dialogue.over) return submit(dialogue, state, body);
  body.release();
  return null;
}

export const data = command<'mail'>({
  needs: 'login',
  otherwise: { connected: HELLO_FIRST, ready: MAIL_FIRST, chunks: BDAT_BEGUN },
  run(dialogue, argument, state) {
    const { sender, recipients, body } = state.envelope;
    if (argument !== '') return USAGE;
    if (body === 'BINARYMIME') return BDAT_NEEDED;
    if (recipients.length === 0) return refuse(dialogue, { stage: 'data', sender, recipient: null }, NO_RECIPIENTS[dialogue.deps.protocol]);
    const decision = decideIn(dialogue, 'data', state.envelope);
    if (decision === null) return receive(dialogue, state);
    return suffer(dialogue, decision, {
      run: (unended) => receive(dialogue, state, unended),
      speaks: true,
      refused: (answer) => refuse(dialogue, { stage: 'data', sender, recipient: recipients[0]?.address ?? null }, answer),
    });
  },
});
