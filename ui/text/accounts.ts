// What accounts and their mailboxes say; fetched with the filters and with the first mailbox that is shown.

import { text as shared } from '../text.ts';
import { counted, numbers } from './numbers.ts';

export const text = {
  accounts: 'Accounts',
  findAccount: 'Find an account',
  everyone: 'Everyone (*)',
  moreAccounts: (n: number) => `${numbers.format(n)} more: type a part of the name`,
  noAccount: 'No account is called that',
  mailboxesOf: (account: string) => `Mailboxes of ${account}`,
  unreadOf: (name: string, unread: number, all: number) => `${name}: ${numbers.format(unread)} unread of ${numbers.format(all)}`,

  mailboxMenu: 'More for this mailbox',
  leaveMailbox: 'Back to all mail',
  createMailbox: 'New mailbox…',
  renameMailbox: 'Rename this mailbox…',
  deleteMailbox: 'Delete this mailbox…',
  ask: {
    create: 'New mailbox',
    rename: 'Rename the mailbox',
    delete: 'Delete the mailbox?',
  } as const,
  does: { create: 'Create', rename: 'Rename', delete: 'Delete the mailbox' } as const,
  mailboxName: 'Name of the mailbox',
  nameHint: 'A / makes a level: Work/2026',
  deleteReason: (n: number) =>
    n === 0
      ? 'It is empty.'
      : `The ${counted(n, 'message', 'messages')} in it go from this account, and cannot be brought back to it. What was sent here stays in the inbox of all.`,
  created: (name: string) => `Made ${name}.`,
  renamed: (name: string) => `It is called ${name} now.`,
  deletedMailbox: (name: string) => `Deleted ${name}.`,

  moveOrCopy: 'To another mailbox',
  moveItem: 'Move to…',
  copyItem: 'Copy to…',
  moveTitle: { move: 'Move to', copy: 'Copy to' } as const,
  target: 'Mailbox, or a new name',
  newTarget: (name: string) => `New mailbox “${name}”`,
  placed: {
    move: (n: number, to: string) => `Moved ${numbers.format(n)} to ${to}`,
    copy: (n: number, to: string) => `Copied ${numbers.format(n)} to ${to}`,
  } as const,

  emptyMailbox: 'This mailbox is empty',
  emptyReason: 'What arrives, or is put here by a mail program, appears by itself.',
  noMailbox: 'This mailbox is not there',
  noMailboxReason: 'It was deleted or renamed, or nobody has used this account yet.',
  // Last, so that no name of its own can take the place of a shared one.
  ...shared,
} as const;
