// Accounts, their mailboxes and entries: the schemas.

import { z } from '@hono/zod-openapi';
import { listOf } from './lists.ts';
import type { AccountSummary, EntriesChanged, Entry, ListOf, MailboxSummary } from './types.ts';

export const mailboxSummary = z
  .object({
    name: z.string(),
    specialUse: z.string().nullable(),
    subscribed: z.boolean(),
    messages: z.number(),
    unread: z.number(),
    uidValidity: z.number(),
    uidNext: z.number(),
    highestModseq: z.number(),
  })
  .openapi('Mailbox') satisfies z.ZodType<MailboxSummary>;

const accountSummary = z
  .object({ name: z.string(), mailboxes: z.array(mailboxSummary) })
  .openapi('Account') satisfies z.ZodType<AccountSummary>;

export const accountList = listOf(accountSummary).openapi('AccountList') satisfies z.ZodType<ListOf<AccountSummary>>;
export const mailboxList = listOf(mailboxSummary).openapi('MailboxList') satisfies z.ZodType<ListOf<MailboxSummary>>;

const entry = z.object({ uid: z.number(), flags: z.array(z.string()), messageId: z.string() }).openapi('Entry') satisfies z.ZodType<Entry>;

export const entryList = listOf(entry).openapi('EntryList') satisfies z.ZodType<ListOf<Entry>>;

export const entriesChanged = z
  .object({ changed: z.number(), uids: z.array(z.number()) })
  .openapi('EntriesChanged') satisfies z.ZodType<EntriesChanged>;

// RFC 3501 §9: a flag is an atom, with a backslash before those that the protocol defines; \Recent is nobody's to set.
export const flagName = z
  .string()
  .regex(
    /^(\\(Seen|Answered|Flagged|Deleted|Draft)|[^\s\\(){%*"\]\p{Cc}]{1,200})$/u,
    'expected \\Seen, \\Answered, \\Flagged, \\Deleted, \\Draft or a keyword',
  );

const uids = z.array(z.int().min(1)).min(1).max(10_000);

/** Flags to add, to take away, or to have instead of all others. */
export const flagEntries = z
  .strictObject({
    uids,
    add: z.array(flagName).optional(),
    remove: z.array(flagName).optional(),
    replace: z.array(flagName).optional(),
  })
  .refine(({ add, remove, replace }) => (add ?? remove ?? replace) !== undefined, 'expected add, remove or replace')
  .refine(({ add, remove, replace }) => replace === undefined || (add ?? remove) === undefined, 'expected replace alone')
  .openapi('FlagEntries');

export const placeEntries = z
  .strictObject({
    uids: uids.optional(),
    ids: z.array(z.string()).max(10_000).optional(),
    q: z.string().optional(),
    to: z.string().min(1),
    move: z.boolean().default(false),
  })
  .refine(({ uids, ids, q }) => [uids, ids, q].filter((choice) => choice !== undefined).length === 1, 'expected uids, ids or q')
  .openapi('PlaceEntries', {
    description: 'Copies entries to another mailbox of the account, or moves them: those UIDs, those messages, or all that a query finds.',
  });

export const removeEntries = z.strictObject({ uids }).openapi('RemoveEntries');

// RFC 3501 §5.1: no control characters; `%` and `*` would be patterns in LIST.
export const newMailbox = z
  .strictObject({ name: z.string().regex(/^[^%*\p{Cc}]{1,255}$/u, 'expected a name without control characters, % and *') })
  .openapi('NewMailbox');
