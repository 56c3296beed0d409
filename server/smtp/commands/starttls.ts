// STARTTLS: everything after it is encrypted, everything before it is forgotten (RFC 3207 §4.2).

import { handshake } from '../../net/begin.ts';
import { ConnectionEnded } from '../../net/ended.ts';
import { command, reset } from '../dialogue.ts';
import type { Dialogue } from '../dialogue.ts';
import { decideAt } from '../fault-point.ts';
import { ALREADY_TLS, GO_AHEAD_TLS, NO_TLS, syntax, TLS_UNAVAILABLE } from '../replies.ts';
import type { Reply } from '../replies.ts';
import { suffer } from '../suffer.ts';

const USAGE = syntax('STARTTLS');

async function startTls(dialogue: Dialogue): Promise<Reply | null> {
  const { connection } = dialogue;
  try {
    dialogue.over = !(await handshake(connection, decideAt(dialogue, 'tls'), GO_AHEAD_TLS.line));
    if (dialogue.over) return null;
  } catch (error) {
    if (error instanceof ConnectionEnded) throw error;
    connection.report(error);
    return TLS_UNAVAILABLE;
  }
  reset(dialogue);
  dialogue.state = { phase: 'connected' };
  connection.session.user = null;
  return null;
}

export const starttls = command<'connected' | 'ready' | 'mail' | 'chunks'>({
  needs: 'nothing',
  otherwise: {},
  run(dialogue, argument) {
    const { connection } = dialogue;
    if (argument !== '') return USAGE;
    if (connection.secure) return ALREADY_TLS;
    if (!connection.canStartTls) return NO_TLS;
    const decision = decideAt(dialogue, 'starttls');
    return decision === null ? startTls(dialogue) : suffer(dialogue, decision, { run: () => startTls(dialogue) });
  },
});
