// Hands a whole message over, once its last octet is there, and says what became of it.

import { Refusal } from '../base/errors.ts';
import type { Origin } from '../mail/message.ts';
import type { Body } from './body.ts';
import type { Dialogue, In } from './dialogue.ts';
import { decideIn } from './fault-point.ts';
import { replyTo } from './failure.ts';
import { refuse } from './refuse.ts';
import { BARE_LINE_ENDS, OK, reply, replyForEach } from './replies.ts';
import type { Reply } from './replies.ts';
import { suffer } from './suffer.ts';

const CR = 13;
const LF = 10;

/** Whether a CR or LF stands anywhere without the other one. */
export function hasBareLineEnd(raw: Buffer): boolean {
  for (let at = raw.indexOf(LF); at >= 0; at = raw.indexOf(LF, at + 1)) if (raw[at - 1] !== CR) return true;
  for (let at = raw.indexOf(CR); at >= 0; at = raw.indexOf(CR, at + 1)) if (raw[at + 1] !== LF) return true;
  return false;
}

/** `with` of the Received line: RFC 3848, RFC 6531 §4.3. */
function protocolName({ deps, connection }: Dialogue, { peer, envelope }: In<'mail' | 'chunks'>): string {
  if (!peer.extended) return 'SMTP';
  const utf8 = envelope.smtputf8 === true;
  const name = deps.protocol === 'lmtp' ? (utf8 ? 'UTF8LMTP' : 'LMTP') : utf8 ? 'UTF8SMTP' : 'ESMTP';
  return `${name}${connection.secure ? 'S' : ''}${peer.user === null ? '' : 'A'}`;
}

function originOf(dialogue: Dialogue, state: In<'mail' | 'chunks'>): Origin {
  const { deps, connection } = dialogue;
  const { id, client, user, host } = connection.session;
  const { helo } = state.peer;
  const protocol = protocolName(dialogue, state);
  return { source: deps.protocol, sessionId: id, client, user, host, helo, protocol, by: deps.settings.name };
}

async function accept(dialogue: Dialogue, state: In<'mail' | 'chunks'>, raw: Buffer): Promise<Reply> {
  const { deps, connection } = dialogue;
  const { envelope, refused } = state;
  const id = await deps.submit({ envelope, refused, raw, origin: originOf(dialogue, state) });
  connection.session.brought(id);
  return reply(250, '2.0.0', `Ok: queued as ${id}`);
}

async function keep(dialogue: Dialogue, state: In<'mail' | 'chunks'>, body: Body): Promise<Reply | null> {
  const { deps, connection } = dialogue;
  const { envelope } = state;
  const attempt = { stage: 'end-of-data', sender: envelope.sender, recipient: envelope.recipients[0]?.address ?? null } as const;
  try {
    if (body.refusal !== null) return refuse(dialogue, attempt, body.refusal);
    const raw = body.raw();
    // In BINARYMIME any octet is legal (RFC 3030 §3).
    const strict = deps.settings.lineEndings === 'strict' && envelope.body !== 'BINARYMIME';
    if (strict && hasBareLineEnd(raw)) return refuse(dialogue, attempt, BARE_LINE_ENDS);
    const decision = decideIn(dialogue, 'end-of-data', envelope, raw);
    if (decision === null) return await accept(dialogue, state, raw);
    return await suffer(dialogue, decision, {
      run: () => accept(dialogue, state, raw),
      refused: (answer) => refuse(dialogue, attempt, answer),
      discard() {
        connection.session.record('rig', 'message thrown away', null, decision.faultId);
        return OK;
      },
    });
  } catch (error) {
    const answer = replyTo(error, connection);
    return error instanceof Refusal ? refuse(dialogue, attempt, answer) : answer;
  } finally {
    body.release();
    dialogue.state = { phase: 'ready', peer: state.peer };
  }
}

/** What is answered after the final dot or the last BDAT: in LMTP once for each recipient. */
export function atEnd({ deps }: Dialogue, { envelope }: In<'mail' | 'chunks'>, answer: Reply): Reply {
  if (deps.protocol === 'smtp') return answer;
  return replyForEach(
    envelope.recipients.map(({ address }) => address),
    answer,
  );
}

/** Ends the transaction: resolves to the reply. */
export async function submit(dialogue: Dialogue, state: In<'mail' | 'chunks'>, body: Body): Promise<Reply | null> {
  const answer = await keep(dialogue, state, body);
  return answer === null ? null : atEnd(dialogue, state, answer);
}
