// How messages travel in a folder or a zip: a file for each with exactly its bytes, and an index of what those do not say.

import * as z from 'zod';
import { isAddress } from './address.ts';
import type { Envelope, Message, RefusedRecipient } from './message.ts';

/** What the index says of a message; what it leaves out is found as for any other file. */
export interface ArchiveFacts {
  /** ms since 1970. */
  readonly receivedAt?: number | undefined;
  readonly envelope?: Envelope | undefined;
  readonly refused?: readonly RefusedRecipient[] | undefined;
  readonly read?: boolean | undefined;
  readonly starred?: boolean | undefined;
  readonly pinned?: boolean | undefined;
  readonly tags?: readonly string[] | undefined;
}

/** Octets from which the index goes on in another file, so that no more of it is held. */
export const INDEX_SIZE = 4 * 1024 * 1024;

/** `index.jsonl`, then `index-2.jsonl` … */
export const indexName = (number: number): string => (number === 1 ? 'index.jsonl' : `index-${number}.jsonl`);

/** The folder (with its `/`) that a file is the index of; null where it is none. */
export const indexedFolder = (name: string): string | null => /^((?:.*\/)?)index(?:-\d+)?\.jsonl$/s.exec(name)?.[1] ?? null;

const SLUG = 40;

/** The id, and words of the subject for whoever looks: letters and digits of any script, nothing that means something to a file system. */
export function archiveName({ id, header }: Message): string {
  const words = header.subject.normalize('NFC').match(/[\p{L}\p{M}\p{N}]+/gu) ?? [];
  const slug = [...words.join('-').toLowerCase()].slice(0, SLUG).join('').replace(/-$/, '');
  return `${id}${slug && `-${slug}`}.eml`;
}

export function indexLine(file: string, { receivedAt, ...facts }: ArchiveFacts): string {
  const time = receivedAt === undefined ? {} : { receivedAt: new Date(receivedAt).toISOString() };
  return `${JSON.stringify({ file, ...time, ...facts })}\n`;
}

const address = z.string().refine(isAddress);
const envelope = z.object({
  sender: address,
  recipients: z.array(
    z.object({
      address,
      notify: z.array(z.enum(['NEVER', 'SUCCESS', 'FAILURE', 'DELAY'])).optional(),
      orcpt: z.string().optional(),
    }),
  ),
  body: z.enum(['7BIT', '8BITMIME', 'BINARYMIME']).optional(),
  smtputf8: z.boolean().optional(),
  size: z.number().optional(),
  ret: z.enum(['FULL', 'HDRS']).optional(),
  envid: z.string().optional(),
  auth: z.string().optional(),
});
const refused = z.object({
  recipient: z.string(),
  code: z.number(),
  enhanced: z.string().nullable(),
  text: z.string(),
  faultId: z.string().nullable(),
});
const line = z.object({
  file: z.string().min(1),
  receivedAt: z.iso
    .datetime()
    .transform((text) => Date.parse(text))
    .optional(),
  // Of JSON: a field is there or not, never undefined.
  envelope: (envelope as z.ZodType<Envelope>).optional(),
  refused: z.array(refused).optional(),
  read: z.boolean().optional(),
  starred: z.boolean().optional(),
  pinned: z.boolean().optional(),
  tags: z.array(z.string().min(1).max(100)).max(1000).optional(),
});

/** The file that a line of an index tells of, as named from the index's own folder; null where it is no such line. */
export function readIndexLine(text: string): { file: string; facts: ArchiveFacts } | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  const { data } = line.safeParse(value);
  if (!data) return null;
  const { file, ...facts } = data;
  return { file, facts };
}
