// Forgets what tests left behind: everything in one call, or what touches some addresses or one user.

import type { z } from '@hono/zod-openapi';
import { parseQuery } from '../store/query.ts';
import { compile } from '../store/match.ts';
import type { Kept } from '../store/state.ts';
import type { reset } from './contract/info.ts';
import type { HttpDeps } from './deps.ts';

const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** Resolves to how many messages are gone. Mailboxes stay, and their UIDs go on. */
export async function resetAll({ store, refusals, sessions }: HttpDeps, { keep = [], scope }: z.output<typeof reset>): Promise<number> {
  if (!scope && !keep.includes('sessions')) sessions.clear();
  if (keep.includes('messages')) return 0;
  let messages: Kept[] = [...store.state.messages.values()];
  if (scope) {
    const terms = [
      ...(scope.rcpt === undefined ? [] : [`rcpt:${quoted(scope.rcpt)}`]),
      ...(scope.user === undefined ? [] : [`user:${quoted(scope.user)}`]),
    ];
    const matcher = compile(parseQuery(terms.join(' OR ')), { now: store.clock.now() });
    messages = messages.filter((kept) => matcher.facts(kept) === true);
  } else refusals.clear();
  if (messages.length > 0)
    await store.commit([{ type: 'messages.deleted', ids: messages.map(({ message }) => message.id), reason: 'reset' }]);
  return messages.length;
}
