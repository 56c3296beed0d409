// Forgets what tests left behind: everything in one call, or what touches some addresses or one user.

import type { z } from '@hono/zod-openapi';
import { parseQuery } from '../store/query.ts';
import { compile } from '../store/match.ts';
import type { Change } from '../store/changes.ts';
import type { Kept } from '../store/state.ts';
import type { reset } from './contract/info.ts';
import type { HttpDeps } from './deps.ts';

const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** Resolves to how many messages are gone. Mailboxes stay, and their UIDs go on. */
export async function resetAll({ store, refusals, sessions }: HttpDeps, { keep = [], scope }: z.output<typeof reset>): Promise<number> {
  if (!scope && !keep.includes('sessions')) sessions.clear();
  if (keep.includes('messages')) return 0;
  let meant = (_kept: Kept): boolean => true;
  if (scope) {
    const terms = [
      ...(scope.rcpt === undefined ? [] : [`rcpt:${quoted(scope.rcpt)}`]),
      ...(scope.user === undefined ? [] : [`user:${quoted(scope.user)}`]),
    ];
    const matcher = compile(parseQuery(terms.join(' OR ')), { now: store.clock.now() });
    meant = (kept) => matcher.facts(kept) === true;
  } else refusals.clear();
  const messages = [...store.state.messages.values()].filter(meant);
  // What was deleted before is gone for good too, unless it was deleted together with what stays.
  const deletions = [...store.state.trash].filter(([, trashed]) => trashed.every(meant));
  const changes: Change[] = deletions.map(([undo]) => ({ type: 'deletion.expired', undo }));
  if (messages.length > 0) changes.push({ type: 'messages.deleted', ids: messages.map(({ message }) => message.id), reason: 'reset' });
  if (changes.length > 0) await store.commit(changes);
  return messages.length;
}
