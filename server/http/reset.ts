// Forgets what tests left behind: everything in one call, or what touches some addresses or one user.

import type { z } from '@hono/zod-openapi';
import { textTest } from '../base/glob.ts';
import type { TextMatch } from '../faults/fault.ts';
import { parseQuery } from '../store/query.ts';
import { compile } from '../store/match.ts';
import type { Change } from '../store/changes.ts';
import type { Kept } from '../store/state.ts';
import type { reset } from './contract/info.ts';
import type { HttpDeps } from './deps.ts';

const quoted = (value: string): string => `"${value.replace(/["\\]/g, '\\$&')}"`;

/** No fault is left, whoever is held goes on, and every host comes up; resolves to how many faults are gone. */
export async function stopAll({ faults, hosts }: Pick<HttpDeps, 'faults' | 'hosts'>): Promise<number> {
  const count = faults.list().length;
  faults.clear();
  await hosts.reset();
  return count;
}

/** Those that are made for these addresses, or for this user. */
function clearFaults({ faults }: Pick<HttpDeps, 'faults'>, { rcpt, user }: NonNullable<z.output<typeof reset>['scope']>): void {
  const means = (scope: string | undefined, wanted: TextMatch | undefined, at = ''): boolean => {
    if (scope === undefined || wanted === undefined) return false;
    const text = typeof wanted === 'string' ? wanted : 'equals' in wanted ? wanted.equals : null;
    return text !== null && textTest(scope)(`${at}${text}`.toLowerCase());
  };
  for (const { id, match } of faults.list())
    if (means(rcpt, match?.recipient) || means(rcpt, match?.domain, '*@') || means(user, match?.user)) faults.remove(id);
}

/** Resolves to how many messages are gone. Mailboxes stay, and their UIDs go on. */
export async function resetAll(deps: HttpDeps, { keep = [], scope }: z.output<typeof reset>): Promise<number> {
  const { store, refusals, sessions, clock } = deps;
  if (!keep.includes('faults')) {
    if (scope) clearFaults(deps, scope);
    else await stopAll(deps);
  }
  if (!scope && !keep.includes('clock')) clock.reset();
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
