// Refused attempts are told upwards: no message comes of them, but people look for them.

import type { RefusedAttempt } from './deps.ts';
import type { Dialogue } from './dialogue.ts';
import type { Reply } from './replies.ts';

interface Attempt {
  readonly stage: RefusedAttempt['stage'];
  readonly sender: string;
  readonly recipient: string | null;
}

/** Tells of the refusal and answers its reply. */
export function refuse({ deps, connection }: Dialogue, { stage, sender, recipient }: Attempt, answer: Reply): Reply {
  const { code, enhanced, text, faultId = null } = answer;
  deps.refused({ sessionId: connection.session.id, at: deps.clock.now(), sender, recipient, stage, code, enhanced, text, faultId });
  return answer;
}
