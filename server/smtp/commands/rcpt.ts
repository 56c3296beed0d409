// RCPT: one more recipient of the transaction (RFC 5321 §4.1.1.3).

import { command } from '../dialogue.ts';
import type { Dialogue, In } from '../dialogue.ts';
import { decideOn } from '../fault-point.ts';
import { readRcptParameters } from '../parameters.ts';
import type { RecipientDraft } from '../parameters.ts';
import { isAscii, readPath } from '../path.ts';
import { recipientRefusal } from '../policy.ts';
import { refuse } from '../refuse.ts';
import { BDAT_BEGUN, HELLO_FIRST, MAIL_FIRST, RECIPIENT_OK, reply, TOO_MANY_RECIPIENTS } from '../replies.ts';
import type { Reply } from '../replies.ts';
import { suffer } from '../suffer.ts';

const NULL_RECIPIENT = reply(501, '5.1.3', 'The null path is no recipient');

/** The transaction goes on without this recipient, and the message will say so. */
function refuseRecipient(dialogue: Dialogue, { envelope, refused }: In<'mail'>, recipient: string, answer: Reply): Reply {
  const { code, enhanced, text, faultId = null } = answer;
  refused.push({ recipient, code, enhanced, text, faultId });
  return refuse(dialogue, { stage: 'rcpt', sender: envelope.sender, recipient }, answer);
}

function take(dialogue: Dialogue, state: In<'mail'>, recipient: RecipientDraft): Reply {
  const refusal = recipientRefusal(dialogue, recipient.address);
  if (refusal !== null) return refuseRecipient(dialogue, state, recipient.address, refusal);
  state.envelope.recipients.push(recipient);
  return RECIPIENT_OK;
}

export const rcpt = command<'mail'>({
  needs: 'login',
  otherwise: { connected: HELLO_FIRST, ready: MAIL_FIRST, chunks: BDAT_BEGUN },
  run(dialogue, argument, state) {
    const { envelope, refused } = state;
    const { maxRecipients } = dialogue.deps.settings;
    // Also the refused ones count: the list of them must have an end.
    if (maxRecipients > 0 && envelope.recipients.length + refused.length >= maxRecipients) {
      return refuse(dialogue, { stage: 'rcpt', sender: envelope.sender, recipient: argument }, TOO_MANY_RECIPIENTS);
    }
    const path = readPath('TO', argument);
    if ('code' in path) return refuseRecipient(dialogue, state, argument, path);
    const { address, rest } = path;
    if (address === '') return refuseRecipient(dialogue, state, '<>', NULL_RECIPIENT);

    const recipient: RecipientDraft = { address };
    const bad = readRcptParameters(recipient, rest);
    if (bad !== null) return refuseRecipient(dialogue, state, address, bad);
    if (!isAscii(address) && envelope.smtputf8 !== true) dialogue.connection.session.note('non-ASCII address without SMTPUTF8');
    const decision = decideOn(dialogue, 'rcpt', envelope.sender, address);
    if (decision === null) return take(dialogue, state, recipient);
    const refuseIt = (answer: Reply): Reply => refuseRecipient(dialogue, state, address, answer);
    return suffer(dialogue, decision, { run: () => take(dialogue, state, recipient), refused: refuseIt });
  },
});
