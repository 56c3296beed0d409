// What the API does with accounts, their mailboxes and the entries in them.

import type { z } from '@hono/zod-openapi';
import { Refusal } from '../base/errors.ts';
import { accountOf } from '../mail/address.ts';
import { headerFacts } from '../mail/facts.ts';
import type { Message } from '../mail/message.ts';
import type { Change, Outcome } from '../store/changes.ts';
import { account as openAccount, mailboxForUse } from '../store/accounts.ts';
import { canonicalName } from '../store/mailbox.ts';
import { checkNewName, missingParents, renaming } from '../store/mailbox-names.ts';
import type { Account, Mailbox, State } from '../store/state.ts';
import type { flagEntries, placeEntries } from './contract/accounts.ts';
import type { AccountSummary, Changed, EntriesChanged, Entry, ListOf, MailboxSummary } from './contract/types.ts';
import type { HttpDeps } from './deps.ts';
import { chosen, uidsIn } from './messages/change.ts';

export interface Paging {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

const byName = (a: { name: string }, b: { name: string }): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);

function unreadOf(entries: Mailbox['entries']): number {
  let unread = 0;
  for (const { flags } of entries) if (!flags.includes('\\Seen')) unread++;
  return unread;
}

export const mailboxSummary = ({
  name,
  specialUse,
  subscribed,
  entries,
  uidValidity,
  uidNext,
  highestModseq,
}: Mailbox): MailboxSummary => ({
  name,
  specialUse,
  subscribed,
  messages: entries.length,
  unread: unreadOf(entries),
  uidValidity,
  uidNext,
  highestModseq,
});

export function accountNamed(state: State, name: string): Account {
  const account = state.accounts.get(accountOf(name));
  if (!account) throw new Refusal('not-found', `no account ${name}`);
  return account;
}

export const mailboxesOf = (account: Account): MailboxSummary[] => [...account.mailboxes.values()].map(mailboxSummary).sort(byName);

/** Only those whose name has `q` in it. */
export function accountPage({ accounts }: State, { limit, cursor, q = '' }: Paging & { q?: string | undefined }): ListOf<AccountSummary> {
  const wanted = q.trim().toLowerCase();
  const all = [...accounts.values()].filter(({ name }) => name.includes(wanted)).sort(byName);
  const rest = cursor === undefined ? all : all.filter(({ name }) => name > cursor);
  const shown = rest.slice(0, limit);
  return {
    items: shown.map((account) => ({ name: account.name, mailboxes: mailboxesOf(account) })),
    next: rest.length > limit ? (shown.at(-1)?.name ?? null) : null,
    total: all.length,
  };
}

const taken = (name: string): Refusal => new Refusal('conflict', `there is a mailbox ${name} already`);

export async function createMailbox({ store }: HttpDeps, accountName: string, mailboxName: string): Promise<MailboxSummary> {
  const account = accountNamed(store.state, accountName);
  const name = canonicalName(mailboxName);
  checkNewName(name);
  if (account.mailboxes.has(name)) throw taken(name);
  await store.commit([...missingParents(account, name), { type: 'mailbox.created', account: account.name, mailbox: name }]);
  return mailboxSummary(account.mailboxes.get(name) as Mailbox);
}

export async function renameMailbox({ store }: HttpDeps, { account: owner, name }: Mailbox, wanted: string): Promise<MailboxSummary> {
  const account = accountNamed(store.state, owner);
  const to = canonicalName(wanted);
  const changes = renaming(account, name, to, store.clock.now());
  if (changes === 'missing') throw new Refusal('not-found', `no mailbox ${name} in account ${owner}`);
  if (changes === 'taken') throw taken(to);
  if (changes === 'inside') throw new Refusal('unprocessable', 'a mailbox cannot go below itself');
  await store.commit(changes);
  return mailboxSummary(account.mailboxes.get(to) as Mailbox);
}

export async function deleteMailbox({ store }: HttpDeps, { account, name }: Mailbox): Promise<Changed> {
  if (name === 'INBOX') throw new Refusal('unprocessable', 'INBOX cannot be deleted');
  const [outcome] = await store.commit([{ type: 'mailbox.deleted', account, mailbox: name, via: 'http' }]);
  return { changed: outcome?.changed ?? 0 };
}

export function entryPage({ entries }: Mailbox, { limit, cursor }: Paging): ListOf<Entry> {
  const before = cursor === undefined ? Infinity : Number(cursor);
  const end = entries.lowerBound(Number.isNaN(before) ? Infinity : before);
  const shown = entries.slice(Math.max(0, end - limit), end).reverse();
  return {
    items: shown.map(({ uid, flags, kept }) => ({ uid, flags: [...flags], messageId: kept.message.id })),
    next: end > limit ? String(shown.at(-1)?.uid) : null,
    total: entries.length,
  };
}

const summed = (outcomes: readonly Outcome[]): EntriesChanged => ({
  changed: Math.max(0, ...outcomes.map(({ changed }) => changed)),
  uids: outcomes.flatMap(({ uids = [] }) => [...uids]),
});

export async function setFlags(
  { store }: HttpDeps,
  { account, name }: Mailbox,
  { uids, ...flags }: z.output<typeof flagEntries>,
): Promise<EntriesChanged> {
  const modes = (['add', 'remove', 'replace'] as const).flatMap((mode): Change[] => {
    const list = flags[mode];
    return list === undefined ? [] : [{ type: 'flags.set', account, mailbox: name, uids, mode, flags: [...new Set(list)], via: 'http' }];
  });
  return summed(await store.commit(modes));
}

/** Copies or moves. */
export async function place(
  { store }: HttpDeps,
  mailbox: Mailbox,
  { uids: named, to, move, ...choice }: z.output<typeof placeEntries>,
): Promise<EntriesChanged> {
  const { account, name } = mailbox;
  const target = await mailboxForUse(store, accountNamed(store.state, account), to);
  if (!target) throw new Refusal('not-found', `no mailbox ${to} in account ${account}`);
  if (move && target === mailbox) throw new Refusal('unprocessable', 'they are there already');
  const uids = named ?? uidsIn(mailbox, await chosen(store, choice, mailbox));
  const at = store.clock.now();
  return summed(await store.commit([{ type: 'entries.copied', account, mailbox: name, uids, to: target.name, move, at, via: 'http' }]));
}

export async function removeEntries({ store }: HttpDeps, { account, name }: Mailbox, uids: readonly number[]): Promise<EntriesChanged> {
  return summed(await store.commit([{ type: 'entries.removed', account, mailbox: name, uids, via: 'http' }]));
}

/** The mailbox that something is to be appended to; an account comes into being with it, as with mail. */
export async function mailboxToFill({ store }: HttpDeps, accountName: string, name: string): Promise<Mailbox> {
  const owner = await openAccount(store, accountName);
  const mailbox = await mailboxForUse(store, owner, name);
  if (!mailbox) throw new Refusal('not-found', `no mailbox ${name} in account ${owner.name}`);
  return mailbox;
}

/** A message that is only in this mailbox: neither in account `*` nor in the list of messages. */
export async function append(
  { store, ids, settings }: HttpDeps,
  { account, name }: Mailbox,
  raw: Buffer,
  flags: readonly string[],
  client: string | null,
): Promise<EntriesChanged> {
  const { header, defects } = headerFacts(raw);
  const body = await store.put(raw);
  const message: Message = {
    id: ids(),
    receivedAt: store.clock.now(),
    size: raw.length,
    envelope: { sender: '', recipients: [] },
    refused: [],
    header,
    origin: { source: 'append', sessionId: null, client, user: null, host: 'http', helo: null, protocol: 'HTTP', by: settings.name },
    defects,
  };
  const entries = [{ account, mailbox: name, deliveredTo: [], flags }];
  return summed(await store.commit([{ type: 'message.added', message, body, captured: false, entries }]));
}
