// Accounts on their first use.

import { expect, it } from 'vitest';
import { account, withSpecialMailboxes } from '../../../server/store/accounts.ts';
import { inMemory, openStore } from '../../../server/store/store.ts';
import type { Store } from '../../../server/store/store.ts';

const open = (): Promise<Store> =>
  openStore({
    ...inMemory(),
    clock: { now: () => 1 },
    openedAt: 1,
    report: (error) => {
      throw error;
    },
  });

it('an account comes into being when somebody logs in, one for all forms of its name', async () => {
  const store = await open();
  const made = await account(store, 'Jo+tag@SHOP.test');
  expect(made.name).toBe('jo@shop.test');
  expect([...made.mailboxes.keys()]).toEqual(['INBOX']);
  expect(await account(store, 'jo@shop.test')).toBe(made);
  expect((await account(store, '*')).name).toBe('*');
});

it('has its special mailboxes once, and those that a client deletes stay away', async () => {
  const store = await open();
  const made = await account(store, 'jo');
  await withSpecialMailboxes(store, made);
  expect(Array.from(made.mailboxes.values(), ({ name, specialUse }) => [name, specialUse])).toEqual([
    ['INBOX', null],
    ['Sent', '\\Sent'],
    ['Drafts', '\\Drafts'],
    ['Trash', '\\Trash'],
    ['Junk', '\\Junk'],
    ['Archive', '\\Archive'],
  ]);
  await store.commit([{ type: 'mailbox.deleted', account: 'jo', mailbox: 'Junk', via: 'imap' }]);
  await withSpecialMailboxes(store, made);
  expect([...made.mailboxes.keys()]).toEqual(['INBOX', 'Sent', 'Drafts', 'Trash', 'Archive']);
});
