// STLS: everything after it is encrypted, everything before it is forgotten (RFC 2595 §4).

import { handshake } from '../../net/begin.ts';
import { ConnectionEnded } from '../../net/ended.ts';
import { command, without } from '../dialogue.ts';
import type { Dialogue } from '../dialogue.ts';
import { mistake, ok, refused } from '../replies.ts';
import type { Reply } from '../replies.ts';

const GO_AHEAD = ok('Begin TLS negotiation');
const ALREADY_TLS = mistake('TLS is already active');
const NO_TLS = mistake('STLS is not offered here');
const AFTER_LOGIN = mistake('Not after the login');
/** RFC 6856 §2.1. */
const AFTER_UTF8 = mistake('Not after UTF8');
const UNAVAILABLE = refused('TLS is not available now', 'SYS/TEMP');

async function startTls(dialogue: Dialogue): Promise<Reply | null> {
  const { connection, deps, point } = dialogue;
  try {
    dialogue.over = !(await handshake(connection, point.ask(deps.decide, 'tls'), GO_AHEAD.line));
  } catch (error) {
    if (error instanceof ConnectionEnded) throw error;
    connection.report(error);
    return UNAVAILABLE;
  }
  dialogue.state = { phase: 'greeted', user: null, utf8: false };
  return null;
}

const noArgument = without('STLS');

export const stls = command<'greeted'>({
  otherwise: { open: AFTER_LOGIN },
  check(dialogue, argument, { utf8 }) {
    const { secure, canStartTls } = dialogue.connection;
    const refusal = noArgument(dialogue, argument);
    if (refusal !== null) return refusal;
    if (secure) return ALREADY_TLS;
    if (!canStartTls) return NO_TLS;
    return utf8 ? AFTER_UTF8 : null;
  },
  run: startTls,
});
