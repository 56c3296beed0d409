// Hands a whole message over, once its last octet is there, and says what became of it.

import { Refusal } from '../base/errors.ts';
import type { Origin } from '../mail/message.ts';
import type { Body } from './body.ts';
import type { Dialogue, In } from './dialogue.ts';
import { decideAt } from './fault-point.ts';
import { refuse } from './refuse.ts';
import { BARE_LINE_ENDS, refusalReply, reply } from './replies.ts';
import type { Reply } from './replies.ts';

const CR = 13;
const LF = 10;

/** Whether a CR or LF stands anywhere without the other one. */
export function hasBareLineEnd(raw: Buffer): boolean {
  for (let at = raw.indexOf(LF); at >= 0; at = raw.indexOf(LF, at + 1)) if (raw[at - 1] !== CR) return true;
  for (let at = raw.indexOf(CR); at >= 0; at = raw.indexOf(CR, at + 1)) if (raw[at + 1] !== LF) return true;
  return false;
}

/** `with` of the Received line: RFC 3848, RFC 6531 §4.3. */
function protocolName(dialogue: Dialogue, { peer, envelope }: In<'mail' | 'chunks'>): string {
  if (!peer.extended) return 'SMTP';
  const secure = dialogue.connection.secure ? 'S' : '';
  const login = peer.user === null ? '' : 'A';
  return `${envelope.smtputf8 === true ? 'UTF8SMTP' : 'ESMTP'}${secure}${login}`;
}

function originOf(dialogue: Dialogue, state: In<'mail' | 'chunks'>): Origin {
  const { deps, connection } = dialogue;
  const { id, client, user, host } = connection.session;
  const { helo } = state.peer;
  return { source: 'smtp', sessionId: id, client, user, host, helo, protocol: protocolName(dialogue, state), by: deps.settings.name };
}

/** Ends the transaction: resolves to the reply after the final dot or the last BDAT. */
export async function submit(dialogue: Dialogue, state: In<'mail' | 'chunks'>, body: Body): Promise<Reply> {
  const { deps, connection } = dialogue;
  const { envelope, refused } = state;
  const attempt = { stage: 'end-of-data', sender: envelope.sender, recipient: envelope.recipients[0]?.address ?? null } as const;
  try {
    if (body.refusal !== null) return refuse(dialogue, attempt, body.refusal);
    const raw = body.raw();
    // In BINARYMIME any octet is legal (RFC 3030 §3).
    const strict = deps.settings.lineEndings === 'strict' && envelope.body !== 'BINARYMIME';
    if (strict && hasBareLineEnd(raw)) return refuse(dialogue, attempt, BARE_LINE_ENDS);
    decideAt(dialogue, 'end-of-data', envelope.sender, null, raw);
    const id = await deps.submit({ envelope, refused, raw, origin: originOf(dialogue, state) });
    connection.session.brought(id);
    return reply(250, '2.0.0', `Ok: queued as ${id}`);
  } catch (error) {
    if (error instanceof Refusal) return refuse(dialogue, attempt, refusalReply(error.code, error.message));
    throw error;
  } finally {
    body.release();
    dialogue.state = { phase: 'ready', peer: state.peer };
  }
}
