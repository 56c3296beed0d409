// Lists: how a page is asked for and how it is answered, the same for every resource.

import { z } from '@hono/zod-openapi';
import { parseDuration } from '../../base/duration.ts';

const LIMIT = 500;

/** A whole number written in a query. */
export function wholeNumber(min: number, max: number) {
  const expected = max === Number.MAX_SAFE_INTEGER ? `a whole number of at least ${min}` : `a whole number from ${min} to ${max}`;
  return z
    .string()
    .refine((text) => /^\d{1,16}$/.test(text) && Number(text) >= min && Number(text) <= max, `expected ${expected}`)
    .transform(Number)
    .openapi({ type: 'integer', minimum: min, maximum: max });
}

/** `true` or `false` written in a query. */
export const flag = z
  .enum(['true', 'false'], 'expected true or false')
  .transform((text) => text === 'true')
  .openapi({ type: 'boolean' });

/** A length of time written in a request; becomes milliseconds. */
export const duration = z
  .string()
  .refine((text) => parseDuration(text) !== null, 'expected a length of time such as 10s')
  .transform((text) => parseDuration(text) ?? 0)
  .openapi({ type: 'string', example: '10s' });

export const paging = {
  limit: wholeNumber(1, LIMIT).default(50).openapi({ type: 'integer', minimum: 1, maximum: LIMIT, default: 50 }),
  cursor: z.string().optional().openapi({ description: 'Answer what comes after this id: the `next` of the page before.' }),
};

export const q = z
  .string()
  .max(10_000)
  .optional()
  .openapi({ description: 'A query: words, from: to: subject: is:unread … (AND, OR, NOT).' });

/** Whose messages, and whose marks. */
export const place = {
  account: z.string().min(1).optional().openapi({ description: 'List, marks and deletion are those of this account.' }),
  mailbox: z.string().min(1).optional().openapi({ description: 'A mailbox of that account, INBOX unless named.' }),
};

/** A mailbox is one of an account. */
export const isPlace = ({ account, mailbox }: { account?: string | undefined; mailbox?: string | undefined }): boolean =>
  mailbox === undefined || account !== undefined;
export const NO_PLACE = { message: 'expected account with it', path: ['mailbox'] };

export const time = z.string().openapi({ format: 'date-time' });

/** As zod reads it: a field that may be missing may also be undefined. */
export type Read<T> = T extends object
  ? { [K in keyof T]: Record<never, never> extends Pick<T, K> ? Read<T[K]> | undefined : Read<T[K]> }
  : T;

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    next: z.string().nullable(),
    total: z.number().nullable(),
    totalAtLeast: z.number().optional(),
  });

/** The body of an answer in JSON. */
export const json = <T extends z.ZodType>(schema: T, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
