// Marking and deleting messages: everywhere, or in one account's mailbox.

import type { z } from '@hono/zod-openapi';
import { Refusal } from '../../base/errors.ts';
import type { Change } from '../../store/changes.ts';
import { parseQuery } from '../../store/query.ts';
import { UNDO_MS } from '../../store/retention.ts';
import { search } from '../../store/search.ts';
import type { Kept, Mailbox } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import type { deleteMessages, markMessages } from '../contract/messages.ts';
import type { Changed, Deleted, Restored } from '../contract/types.ts';
import type { HttpDeps } from '../deps.ts';
import { mailboxNamed } from './list.ts';

export interface Place {
  readonly account?: string | undefined;
  readonly mailbox?: string | undefined;
}

interface Chosen {
  readonly ids?: readonly string[] | undefined;
  readonly q?: string | undefined;
}

const placeOf = (store: Store, { account, mailbox }: Place): Mailbox | undefined =>
  account === undefined ? undefined : mailboxNamed(store.state, account, mailbox);

/** Every message that is meant; unknown ids are passed over. */
export async function chosen(store: Store, { ids, q = '' }: Chosen, mailbox: Mailbox | undefined): Promise<Kept[]> {
  if (ids) return [...new Set(ids)].map((id) => store.state.messages.get(id)).filter((kept) => kept !== undefined);
  const place = mailbox && { account: mailbox.account, mailbox: mailbox.name };
  const { items } = await search(store, parseQuery(q), { limit: Number.MAX_SAFE_INTEGER, ...place });
  return [...items];
}

export const uidsIn = (mailbox: Mailbox, messages: readonly Kept[]): number[] =>
  messages.flatMap((kept) => kept.entries.filter((entry) => entry.mailbox === mailbox).map(({ uid }) => uid));

export async function markMany(store: Store, place: Place, { set, ...choice }: z.output<typeof markMessages>): Promise<Changed> {
  const mailbox = placeOf(store, place);
  const messages = (await chosen(store, choice, mailbox)).filter(({ captured }) => captured || mailbox !== undefined);
  const { read, starred, pinned, tags } = set;
  const changes: Change[] = [];
  const flag = (on: boolean | undefined, name: string): void => {
    if (on === undefined || mailbox === undefined) return;
    changes.push({
      type: 'flags.set',
      account: mailbox.account,
      mailbox: mailbox.name,
      uids: uidsIn(mailbox, messages),
      mode: on ? 'add' : 'remove',
      flags: [name],
      via: 'http',
    });
  };
  flag(read, '\\Seen');
  flag(starred, '\\Flagged');
  const everywhere = {
    ...(mailbox === undefined && read !== undefined && { read }),
    ...(mailbox === undefined && starred !== undefined && { starred }),
    ...(pinned !== undefined && { pinned }),
    ...(tags?.add && { addTags: tags.add }),
    ...(tags?.remove && { removeTags: tags.remove }),
  };
  if (Object.keys(everywhere).length > 0) {
    changes.push({ type: 'messages.marked', ids: messages.map(({ message }) => message.id), ...everywhere });
  }
  if (messages.length > 0 && changes.length > 0) await store.commit(changes);
  return { changed: changes.length > 0 ? messages.length : 0 };
}

type Deleting = Pick<HttpDeps, 'store' | 'ids' | 'now'>;

export async function deleteMany(
  { store, ids: newId, now = Date.now }: Deleting,
  place: Place,
  { ids, q, purge = false }: z.output<typeof deleteMessages>,
): Promise<Deleted> {
  const mailbox = placeOf(store, place);
  const found = await chosen(store, { ids, q }, mailbox);
  // Only one that is named goes although it is pinned.
  const messages = ids ? found : found.filter(({ pinned }) => !pinned);
  if (messages.length === 0) return { deleted: 0, undo: null };
  if (mailbox) {
    const uids = uidsIn(mailbox, messages);
    const [outcome] = await store.commit([{ type: 'entries.removed', account: mailbox.account, mailbox: mailbox.name, uids, via: 'http' }]);
    return { deleted: outcome?.changed ?? 0, undo: null };
  }
  const undo = purge ? null : newId();
  const [outcome] = await store.commit([
    {
      type: 'messages.deleted',
      ids: messages.map(({ message }) => message.id),
      reason: 'deleted',
      ...(undo !== null && { undo: { id: undo, at: now() } }),
    },
  ]);
  const deleted = outcome?.changed ?? 0;
  return { deleted, undo: deleted > 0 ? undo : null };
}

/** @throws Refusal gone */
export async function undoDeletion({ store, now = Date.now }: Deleting, undo: string): Promise<Restored> {
  const [first] = store.state.trash.get(undo) ?? [];
  if (first?.deleted && now() < first.deleted.at + UNDO_MS) {
    const [outcome] = await store.commit([{ type: 'deletion.undone', undo }]);
    if (outcome && outcome.changed > 0) return { restored: outcome.changed };
  }
  throw new Refusal('gone', `nothing is left to bring back of ${undo}: it is undone, or ${UNDO_MS / 60_000} minutes are over`);
}
