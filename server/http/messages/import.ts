// Takes messages in from a file: each goes the way of one that was sent, what cannot be kept is told, and the rest goes on.

import { Refusal } from '../../base/errors.ts';
import { spool } from '../../base/spool.ts';
import { isAddress } from '../../mail/address.ts';
import type { ArchiveFacts } from '../../mail/archive.ts';
import { splitMbox } from '../../mail/mbox.ts';
import type { Envelope, MessageId } from '../../mail/message.ts';
import { unpack } from '../../mail/unpack.ts';
import type { ImportFailure, Imported } from '../contract/types.ts';
import type { HttpContext, HttpDeps, HttpLimits } from '../deps.ts';
import { HttpRefusal } from '../errors.ts';
import { headerEnvelope } from './inject.ts';

/** A message on offer. */
interface Item {
  readonly at: string;
  /** Throws Refusal where it cannot be had. */
  raw(): Buffer | Promise<Buffer>;
  /** Of the envelope; null where only the header names one. */
  readonly sender: string | null;
  /** What an index says of it. */
  readonly facts: ArchiveFacts | null;
}

type Chunks = AsyncIterable<Uint8Array>;

interface ReadLimits extends HttpLimits {
  readonly maxMessageSize: number;
}

const tooLarge = (limit: number): Refusal => new Refusal('too-large', `the message is larger than ${limit} octets`, { limit });

async function* emlItems(chunks: Chunks, { maxMessageSize }: ReadLimits): AsyncGenerator<Item> {
  const pieces: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (maxMessageSize > 0 && size > maxMessageSize) throw tooLarge(maxMessageSize);
    pieces.push(chunk);
  }
  yield { at: 'message 1', raw: () => Buffer.concat(pieces), sender: null, facts: null };
}

async function* mboxItems(chunks: Chunks, { maxMessageSize }: ReadLimits): AsyncGenerator<Item> {
  for await (const { number, offset, sender, raw } of splitMbox(chunks, maxMessageSize)) {
    const at = `message ${number} at octet ${offset}`;
    const had = (): Buffer => {
      if (raw) return raw;
      throw tooLarge(maxMessageSize);
    };
    yield { at, raw: had, sender, facts: null };
  }
}

async function* zipItems(chunks: Chunks, { importZip, importIndex, maxMessageSize }: ReadLimits): AsyncGenerator<Item> {
  const source = await spool(chunks, importZip);
  try {
    for await (const message of unpack(source, { index: importIndex, message: maxMessageSize })) yield { ...message, sender: null };
  } finally {
    await source.close();
  }
}

const READERS = { eml: emlItems, mbox: mboxItems, zip: zipItems } as const;

/** As good as it can be told: addresses that could not stand in an envelope are left out, and there may be no recipient. */
function envelopeFrom(raw: Buffer, sender: string | null): Envelope {
  const { from, to } = headerEnvelope(raw);
  return {
    sender: [sender, from].find((address) => address !== null && isAddress(address)) ?? '',
    recipients: [...new Set(to)].filter(isAddress).map((address) => ({ address })),
  };
}

async function keep({ store, settings, submit }: HttpDeps, { raw: read, sender, facts }: Item, client: string | null): Promise<MessageId> {
  const raw = await read();
  if (raw.length === 0 && !facts) throw new Refusal('unprocessable', 'it is empty');
  const { receivedAt, envelope, refused = [], read: isRead = false, starred = false, pinned = false, tags = [] } = facts ?? {};
  const id = await submit({
    envelope: envelope ?? envelopeFrom(raw, sender),
    refused,
    raw,
    origin: { source: 'import', sessionId: null, client, user: null, host: 'http', helo: null, protocol: 'HTTP', by: settings.name },
    ...(receivedAt !== undefined && { receivedAt }),
  });
  if (isRead || starred || pinned || tags.length > 0) {
    await store.commit([{ type: 'messages.marked', ids: [id], read: isRead, starred, pinned, addTags: tags }]);
  }
  return id;
}

/** The bytes of the request, until they end. */
async function* uploadOf({ req }: HttpContext): AsyncGenerator<Uint8Array> {
  const { body } = req.raw;
  if (body === null) throw new HttpRefusal('malformed', 'body: the file is missing');
  try {
    yield* body as unknown as Chunks;
  } catch {
    throw new HttpRefusal('malformed', 'body: it broke off');
  }
}

export interface ImportParts {
  readonly deps: HttpDeps;
  readonly limits: HttpLimits;
}

/** @throws Refusal where the file as a whole cannot be read */
export async function importMessages({ deps, limits }: ImportParts, format: keyof typeof READERS, context: HttpContext): Promise<Imported> {
  const { client } = context.get('peer');
  const { signal } = context.req.raw;
  const failed: ImportFailure[] = [];
  let imported = 0;
  let untold = 0;
  for await (const item of READERS[format](uploadOf(context), { ...limits, maxMessageSize: deps.settings.maxMessageSize })) {
    if (signal.aborted) throw new HttpRefusal('malformed', 'the caller has left');
    try {
      await keep(deps, item, client);
      imported++;
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      if (failed.length < limits.importFailures) failed.push({ at: item.at, reason: error.message });
      else untold++;
    }
  }
  if (untold > 0) failed.push({ at: 'elsewhere', reason: `${untold} more could not be imported` });
  return { imported, failed };
}
