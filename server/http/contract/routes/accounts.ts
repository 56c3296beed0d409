// The routes of accounts, their mailboxes and the entries in them.

import { z } from '@hono/zod-openapi';
import {
  accountList,
  entriesChanged,
  entryList,
  flagEntries,
  flagName,
  mailboxList,
  mailboxSummary,
  newMailbox,
  placeEntries,
  removeEntries as removeEntriesBody,
} from '../accounts.ts';
import { changed } from '../messages.ts';
import { endpoint } from '../endpoint.ts';
import { paging } from '../lists.ts';

const tag = 'accounts';
const account = z.object({ account: z.string().min(1) });
const mailbox = z.object({ account: z.string().min(1), mailbox: z.string().min(1) });
const MESSAGES = '/accounts/{account}/mailboxes/{mailbox}/messages';

export const listAccounts = endpoint({
  method: 'get',
  path: '/accounts',
  tag,
  summary: 'List accounts with their mailboxes, by name',
  query: z.strictObject({
    ...paging,
    q: z.string().max(1_000).optional().openapi({ description: 'Only those whose name has this in it.' }),
  }),
  answer: accountList,
  errors: [400],
});

export const listMailboxes = endpoint({
  method: 'get',
  path: '/accounts/{account}/mailboxes',
  tag,
  summary: 'List the mailboxes of an account',
  params: account,
  answer: mailboxList,
  errors: [404],
});

export const createMailbox = endpoint({
  method: 'post',
  path: '/accounts/{account}/mailboxes',
  tag,
  summary: 'Create a mailbox',
  params: account,
  body: newMailbox,
  answer: mailboxSummary,
  status: 201,
  errors: [400, 404, 409, 413, 415, 422],
});

export const renameMailbox = endpoint({
  method: 'patch',
  path: '/accounts/{account}/mailboxes/{mailbox}',
  tag,
  summary: 'Give a mailbox, and those below it, another name; INBOX stays, and its messages move',
  params: mailbox,
  body: newMailbox,
  answer: mailboxSummary,
  errors: [400, 404, 409, 413, 415, 422],
});

export const deleteMailbox = endpoint({
  method: 'delete',
  path: '/accounts/{account}/mailboxes/{mailbox}',
  tag,
  summary: 'Delete a mailbox and the entries in it',
  params: mailbox,
  answer: changed,
  errors: [404, 422],
});

export const listEntries = endpoint({
  method: 'get',
  path: MESSAGES,
  tag,
  summary: 'List the entries of a mailbox, newest first; the cursor is a UID',
  params: mailbox,
  query: z.strictObject(paging),
  answer: entryList,
  errors: [400, 404],
});

export const changeEntries = endpoint({
  method: 'patch',
  path: MESSAGES,
  tag,
  summary: 'Set flags of entries',
  params: mailbox,
  body: flagEntries,
  answer: entriesChanged,
  errors: [400, 404, 413, 415],
});

export const addEntries = endpoint({
  method: 'post',
  path: MESSAGES,
  tag,
  summary: 'Copy or move entries to another mailbox of the account, or append a whole message',
  description:
    'Sent, Drafts, Trash, Junk and Archive are made when they are first used; an account comes into being with a message that is appended to it. ' +
    'An appended message is in that mailbox alone: no `message.added` tells of it, but `mailbox.changed` does.',
  params: mailbox,
  query: z.strictObject({
    flag: z
      .union([flagName, z.array(flagName)])
      .transform((value) => (Array.isArray(value) ? value : [value]))
      .optional()
      .openapi({ type: 'array', items: { type: 'string' }, description: 'Flags of an appended message.' }),
  }),
  body: placeEntries,
  rfc822: true,
  answer: entriesChanged,
  status: 201,
  errors: [400, 404, 413, 415, 422, 507],
});

export const removeEntries = endpoint({
  method: 'delete',
  path: MESSAGES,
  tag,
  summary: 'Remove entries; the message stays where else it is',
  params: mailbox,
  body: removeEntriesBody,
  answer: entriesChanged,
  errors: [400, 404, 413, 415],
});
