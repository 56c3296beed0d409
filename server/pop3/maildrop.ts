// A maildrop: an account's INBOX as it was at the login, and what this session has done with it (RFC 1939 §4, §6).

import { account, placeOf } from '../store/accounts.ts';
import { pause, sliceOver } from '../store/slices.ts';
import type { Entry, Mailbox } from '../store/state.ts';
import { EVERYONE } from '../store/state.ts';
import type { Change } from '../store/changes.ts';
import type { Store } from '../store/store.ts';
import type { Pop3Deps } from './deps.ts';
import { createReadAhead } from './read-ahead.ts';
import type { ReadAhead } from './read-ahead.ts';
import { knownWireSize, wireSize } from './wire-size.ts';

export interface Maildrop {
  readonly mailbox: Mailbox;
  /** Message 1 comes first; none goes and none comes while the session lasts. */
  readonly entries: readonly Entry[];
  readonly ahead: ReadAhead;
  /** Places in `entries`, from 0, of the messages that QUIT removes. */
  readonly deleted: Set<number>;
  /** UIDs of messages that were sent and not yet marked as seen. */
  read: number[];
  /** Sizes of all entries, once somebody has asked for them. */
  sizes: readonly number[] | null;
  /** Others may have it now; again does nothing. */
  release(): void;
}

/** Maildrops that a session has for itself, and which one. */
const holders = new WeakMap<Mailbox, Maildrop>();

/** Opens the maildrop of who has logged in; null where another session has it. */
export async function openMaildrop(deps: Pop3Deps, login: string): Promise<Maildrop | null> {
  const { store, settings } = deps;
  const mailbox = (await account(store, login)).mailboxes.get('INBOX');
  if (!mailbox) throw new Error('an account without INBOX');
  if (settings.popLock && holders.has(mailbox)) return null;
  const entries = mailbox.entries.slice();
  const maildrop: Maildrop = {
    mailbox,
    entries,
    ahead: createReadAhead(deps, entries),
    deleted: new Set(),
    read: [],
    sizes: null,
    release: () => {
      if (holders.get(mailbox) === maildrop) holders.delete(mailbox);
    },
  };
  if (settings.popLock) holders.set(mailbox, maildrop);
  return maildrop;
}

/** The sizes of all messages; each is read once to find out. */
export async function sizesOf({ store, settings }: Pop3Deps, maildrop: Maildrop): Promise<readonly number[]> {
  if (maildrop.sizes !== null) return maildrop.sizes;
  const sizes: number[] = [];
  for (const entry of maildrop.entries) {
    sizes.push(knownWireSize(entry, settings.traceHeaders) ?? (await wireSize(store, entry, settings.traceHeaders)));
    if (sliceOver()) await pause();
  }
  maildrop.sizes = sizes;
  return sizes;
}

export interface Total {
  readonly messages: number;
  readonly octets: number;
}

/** Of what is not marked as deleted. */
export async function totalOf(deps: Pop3Deps, maildrop: Maildrop): Promise<Total> {
  const sizes = await sizesOf(deps, maildrop);
  const octets = sizes.reduce((sum, size, place) => (maildrop.deleted.has(place) ? sum : sum + size), 0);
  return { messages: sizes.length - maildrop.deleted.size, octets };
}

/** Stays the same in all sessions, and after a restart; no other message of the account ever has it (RFC 1939 §7). */
export const uniqueId = ({ mailbox, uid }: Entry): string => `${mailbox.uidValidity}.${uid}`;

/** Marks as seen what was sent since the last time. */
export async function noteRead(store: Store, maildrop: Maildrop): Promise<void> {
  const uids = maildrop.read;
  if (uids.length === 0) return;
  maildrop.read = [];
  await store.commit([{ ...placeOf(maildrop.mailbox), type: 'flags.set', uids, mode: 'add', flags: ['\\Seen'], via: 'pop3' }]);
}

/** Messages that are removed in one commit. */
const AT_ONCE = 1_000;

function removal(mailbox: Mailbox, uids: readonly number[], at: number): Change[] {
  const where = placeOf(mailbox);
  const { account: name } = mailbox;
  // A client that empties its maildrop must not empty the inbox that everybody looks at for good.
  if (name === EVERYONE) {
    return [
      { type: 'mailbox.created', account: name, mailbox: 'Trash' },
      { ...where, type: 'entries.copied', uids, to: 'Trash', move: true, at, via: 'pop3' },
    ];
  }
  return [{ ...where, type: 'entries.removed', uids, via: 'pop3' }];
}

/** RFC 1939's UPDATE: removes what is marked. Answers how many messages have to stay. */
export async function removeDeleted(store: Store, { mailbox, entries, deleted }: Maildrop): Promise<number> {
  // Its messages have other UIDs by now: what was marked cannot be found again.
  if (store.state.accounts.get(mailbox.account)?.mailboxes.get(mailbox.name) !== mailbox) return deleted.size;
  const uids = entries.filter((_, place) => deleted.has(place)).map(({ uid }) => uid);
  let kept = 0;
  for (let at = 0; at < uids.length; at += AT_ONCE) {
    const outcomes = await store.commit(removal(mailbox, uids.slice(at, at + AT_ONCE), store.clock.now()));
    for (const { modified = [] } of outcomes) kept += modified.length;
    if (sliceOver()) await pause();
  }
  deleted.clear();
  return kept;
}
