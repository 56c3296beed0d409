// MAIL: begins a transaction (RFC 5321 §4.1.1.2).

import type { RefusedRecipient } from '../../mail/message.ts';
import { command } from '../dialogue.ts';
import type { Dialogue, Peer } from '../dialogue.ts';
import { notOffered, sizeLimit } from '../extensions.ts';
import { decideOn } from '../fault-point.ts';
import { readMailParameters } from '../parameters.ts';
import type { EnvelopeDraft } from '../parameters.ts';
import { isAscii, readPath } from '../path.ts';
import { senderRefusal } from '../policy.ts';
import { refuse } from '../refuse.ts';
import { HELLO_FIRST, NESTED_MAIL, SENDER_OK, TOO_LARGE } from '../replies.ts';
import type { Reply } from '../replies.ts';
import { suffer } from '../suffer.ts';

function begin(dialogue: Dialogue, peer: Peer, envelope: EnvelopeDraft): Reply {
  const { sender } = envelope;
  const attempt = { stage: 'mail', sender, recipient: null } as const;
  const limit = sizeLimit(dialogue);
  const refusal = senderRefusal(dialogue, sender);
  if (refusal !== null) return refuse(dialogue, attempt, refusal);
  if (limit > 0 && (envelope.size ?? 0) > limit) return refuse(dialogue, attempt, TOO_LARGE);
  const refused: RefusedRecipient[] = [];
  dialogue.state = { phase: 'mail', peer, envelope, refused };
  return SENDER_OK;
}

export const mail = command<'ready'>({
  needs: 'login',
  otherwise: { connected: HELLO_FIRST, mail: NESTED_MAIL, chunks: NESTED_MAIL },
  run(dialogue, argument, { peer }) {
    const path = readPath('FROM', argument);
    if ('code' in path) return refuse(dialogue, { stage: 'mail', sender: argument, recipient: null }, path);
    const { address: sender, rest } = path;
    const attempt = { stage: 'mail', sender, recipient: null } as const;

    const recipients: EnvelopeDraft['recipients'] = [];
    const envelope: EnvelopeDraft = { sender, recipients };
    const bad = readMailParameters(envelope, rest);
    if (bad !== null) return refuse(dialogue, attempt, bad);
    if (!isAscii(sender) && envelope.smtputf8 !== true) dialogue.connection.session.note('non-ASCII address without SMTPUTF8');
    const unknown = notOffered(dialogue.offer, envelope);
    if (unknown !== null) return refuse(dialogue, attempt, unknown);
    const decision = decideOn(dialogue, 'mail', sender);
    if (decision === null) return begin(dialogue, peer, envelope);
    const refused = (answer: Reply): Reply => refuse(dialogue, attempt, answer);
    return suffer(dialogue, decision, { run: () => begin(dialogue, peer, envelope), refused });
  },
});
