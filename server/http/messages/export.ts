// Messages as one file, sent as quickly as the reader takes it: one message at a time is in memory.

import { Refusal } from '../../base/errors.ts';
import { archiveName, INDEX_SIZE, indexLine, indexName } from '../../mail/archive.ts';
import { mboxEntry } from '../../mail/mbox.ts';
import { zip } from '../../mail/zip.ts';
import type { ZipFile } from '../../mail/zip.ts';
import type { Query } from '../../store/query.ts';
import { search } from '../../store/search.ts';
import { isRead, isStarred } from '../../store/state.ts';
import type { Kept, Mailbox } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { MAIL_BYTES } from '../guard/headers.ts';
import { attachmentDisposition } from './bytes.ts';

/** Octets of a piece that is worth sending: messages are small, and each write has its price. */
const PIECE = 64 * 1024;

type Found = AsyncIterable<readonly [kept: Kept, raw: Buffer]>;

/** With their bytes; one that is deleted meanwhile is left out. */
async function* withBytes(store: Store, found: readonly Kept[]): Found {
  for (const kept of found) {
    const raw = await store.body(kept.message.id).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === 'not-found') return null;
      throw error;
    });
    if (raw) yield [kept, raw];
  }
}

async function* mbox(found: Found): AsyncGenerator<Buffer> {
  for await (const [{ message }, raw] of found) yield mboxEntry(message.envelope.sender, message.receivedAt, raw);
}

async function* archive(found: Found, now: number): AsyncGenerator<ZipFile> {
  let lines: Buffer[] = [];
  let size = 0;
  let number = 0;
  const index = (): ZipFile => {
    const data = Buffer.concat(lines);
    lines = [];
    size = 0;
    return { name: indexName(++number), data, at: now };
  };
  for await (const [kept, raw] of found) {
    const { message, pinned, tags } = kept;
    const { receivedAt, envelope, refused } = message;
    const name = archiveName(message);
    yield { name, data: raw, at: receivedAt };
    const facts = { receivedAt, envelope, refused, read: isRead(kept), starred: isStarred(kept), pinned, tags };
    const line = Buffer.from(indexLine(name, facts));
    lines.push(line);
    size += line.length;
    if (size >= INDEX_SIZE) yield index();
  }
  if (size > 0 || number === 0) yield index();
}

/** A stream that makes its next piece when the reader asks for it. */
function streamOf(pieces: AsyncIterator<Buffer>): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const held: Buffer[] = [];
        let size = 0;
        let ended = false;
        while (size < PIECE && !ended) {
          const next = await pieces.next();
          ended = next.done === true;
          if (next.done) break;
          held.push(next.value);
          size += next.value.length;
        }
        if (size > 0) controller.enqueue(new Uint8Array(Buffer.concat(held)));
        if (ended) controller.close();
      },
      async cancel() {
        await pieces.return?.();
      },
    },
    { highWaterMark: 0 },
  );
}

const FORMATS = {
  mbox: { type: 'application/mbox', pieces: (found: Found) => mbox(found) },
  zip: { type: 'application/zip', pieces: (found: Found, now: number) => zip(archive(found, now)) },
} as const;

/** All that match, of everything or of one mailbox, oldest first. */
export const everyMatch = async (store: Store, query: Query, mailbox?: Mailbox): Promise<readonly Kept[]> => {
  const place = mailbox && { account: mailbox.account, mailbox: mailbox.name };
  return (await search(store, query, { limit: Number.MAX_SAFE_INTEGER, sort: 'received', ...place })).items;
};

export function exportMessages(store: Store, messages: readonly Kept[], format: keyof typeof FORMATS): Response {
  const { type, pieces } = FORMATS[format];
  return new Response(streamOf(pieces(withBytes(store, messages), store.clock.now())), {
    headers: { ...MAIL_BYTES, 'Content-Type': type, 'Content-Disposition': attachmentDisposition(`mailrig.${format}`) },
  });
}
