// Refused attempts as a query sees them: found by what finds messages.

import { contentOf } from '../../mail/content.ts';
import type { Message } from '../../mail/message.ts';
import type { Session } from '../../net/session.ts';
import { compile } from '../../store/match.ts';
import type { Matcher } from '../../store/match.ts';
import type { Query } from '../../store/query.ts';
import type { Refused } from '../../store/refusals.ts';
import { newKept } from '../../store/state.ts';
import type { Kept } from '../../store/state.ts';
import type { HttpDeps } from '../deps.ts';

/** There is no body: what only that could tell is not so. */
const NO_CONTENT = contentOf(Buffer.alloc(0));

/** A refusal in the form of a message, so that the same query finds both: its subject is the reply, its size 0. */
function asMessage(refused: Refused, session: Session | null): Kept {
  const { id, at, sessionId, sender, recipient, code, enhanced, text, faultId } = refused;
  const to = recipient === null ? [] : [{ name: '', address: recipient }];
  const message: Message = {
    id,
    receivedAt: at,
    size: 0,
    envelope: { sender, recipients: to },
    refused: recipient === null ? [] : [{ recipient, code, enhanced, text, faultId }],
    header: {
      from: [{ name: '', address: sender }],
      to,
      cc: [],
      bcc: [],
      toCount: to.length,
      subject: `${code} ${enhanced ?? ''} ${text}`,
      messageId: null,
      date: null,
    },
    origin: {
      source: 'smtp',
      sessionId,
      client: session?.client ?? null,
      user: session?.user ?? null,
      host: session?.host ?? '',
      helo: session?.helo ?? null,
      protocol: '',
      by: '',
    },
    defects: [],
  };
  const body = { segment: 0, offset: 0, length: 0 };
  return newKept({ message, body, captured: false });
}

/** A refusal and the message that stands for it. */
export interface Found {
  readonly refused: Refused;
  readonly kept: Kept;
}

type Finding = Pick<HttpDeps, 'sessions'>;

/** Null where it does not match. */
export function refusalMatching({ sessions }: Finding, matcher: Matcher, refused: Refused): Found | null {
  const kept = asMessage(refused, sessions.get(refused.sessionId));
  return (matcher.facts(kept) ?? matcher.content(kept, NO_CONTENT)) ? { refused, kept } : null;
}

/** Newest first. */
export function matchingRefusals(deps: Finding & Pick<HttpDeps, 'refusals' | 'store'>, query: Query): Found[] {
  const matcher = compile(query, { now: deps.store.clock.now() });
  return deps.refusals
    .list()
    .map((refused) => refusalMatching(deps, matcher, refused))
    .filter((found) => found !== null);
}
