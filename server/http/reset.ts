// Forgets what tests left behind: everything in one call, or what touches some addresses or one user.

import type { z } from '@hono/zod-openapi';
import { globTest } from '../base/glob.ts';
import type { TextMatch } from '../faults/fault.ts';
import type { Change } from '../store/changes.ts';
import { foldedAddresses } from '../store/folded.ts';
import type { Refused } from '../store/refusals.ts';
import type { Kept } from '../store/state.ts';
import type { reset } from './contract/info.ts';
import { refuseWhileOpen } from './deliveries/list.ts';
import type { HttpDeps } from './deps.ts';

/** No fault is left, whoever is held goes on, and every host comes up; resolves to how many faults are gone. */
export async function stopAll({ faults, hosts }: Pick<HttpDeps, 'faults' | 'hosts'>): Promise<number> {
  const count = faults.list().length;
  faults.clear();
  await hosts.reset();
  return count;
}

type Test = (text: string) => boolean;

/** Whose things are meant. One test of many has to leave those of `w33` alone that are not of `w3`: no part of a name will do. */
interface Meant {
  readonly rcpt: Test;
  readonly user: Test;
}

const testOf = (scope: string | undefined): Test => (scope === undefined ? () => false : globTest(scope));

const meantBy = ({ rcpt, user }: NonNullable<z.output<typeof reset>['scope']>): Meant => ({ rcpt: testOf(rcpt), user: testOf(user) });

const ofUser = ({ user }: Meant, name: string | null | undefined): boolean => name !== null && name !== undefined && user(name);

/** Those that are made for these addresses, or for this user. */
function clearFaults({ faults }: Pick<HttpDeps, 'faults'>, { rcpt, user }: Meant): void {
  const means = (test: Test, wanted: TextMatch | undefined, at = ''): boolean => {
    if (wanted === undefined) return false;
    const text = typeof wanted === 'string' ? wanted : 'equals' in wanted ? wanted.equals : null;
    return text !== null && test(`${at}${text}`);
  };
  for (const { id, match } of faults.list())
    if (means(rcpt, match?.recipient) || means(rcpt, match?.domain, '*@') || means(user, match?.user)) faults.remove(id);
}

/** Those whose domain is meant. What is on its way to them goes with its messages; where those stay, it is dropped. */
async function clearReceivers(
  { receivers, waiting }: Pick<HttpDeps, 'receivers' | 'waiting'>,
  meant: Meant | null,
  drop: boolean,
): Promise<void> {
  for (const { domain } of receivers.list()) {
    if (meant !== null && !meant.rcpt(`*@${domain}`)) continue;
    await receivers.remove(domain);
    // Conversations under way have ended with their hosts.
    if (drop) await waiting?.drop(domain);
  }
}

/** Resolves to how many messages are gone. Mailboxes stay, and their UIDs go on. */
export async function resetAll(deps: HttpDeps, { keep = [], scope }: z.output<typeof reset>): Promise<number> {
  const { store, refusals, sessions, clock, queue } = deps;
  const meant = scope === undefined ? null : meantBy(scope);
  const movesClock = !scope && !keep.includes('clock');
  if (movesClock && keep.includes('messages') && keep.includes('receivers')) refuseWhileOpen(queue);
  if (!keep.includes('receivers')) await clearReceivers(deps, meant, keep.includes('messages'));
  if (!keep.includes('faults')) {
    if (meant) clearFaults(deps, meant);
    else await stopAll(deps);
  }
  if (movesClock) clock.reset();
  if (!scope && !keep.includes('sessions')) sessions.clear();
  if (keep.includes('messages')) return 0;
  const isMeant = (kept: Kept): boolean =>
    meant === null || foldedAddresses(kept, 'rcpt').some(meant.rcpt) || ofUser(meant, kept.message.origin.user);
  const wasMeant = ({ recipient, sessionId }: Refused): boolean =>
    meant === null || (recipient !== null && meant.rcpt(recipient)) || ofUser(meant, sessions.get(sessionId)?.user);
  refusals.clear(wasMeant);
  const messages = [...store.state.messages.values()].filter(isMeant);
  // What was deleted before is gone for good too, unless it was deleted together with what stays.
  const deletions = [...store.state.trash].filter(([, trashed]) => trashed.every(isMeant));
  const changes: Change[] = deletions.map(([undo]) => ({ type: 'deletion.expired', undo }));
  if (messages.length > 0) changes.push({ type: 'messages.deleted', ids: messages.map(({ message }) => message.id), reason: 'reset' });
  if (changes.length > 0) await store.commit(changes);
  return messages.length;
}
