// How each data item is answered for one message.

import { contentOf } from '../../mail/content.ts';
import { snippet, SNIPPET_LENGTH } from '../../mail/snippet.ts';
import { servedSize } from '../../store/served.ts';
import type { Entry } from '../../store/state.ts';
import { formatDateTime } from './date.ts';
import type { Attribute, Item } from './items.ts';
import { cut, decodedOf, lengthOf, sectionOf } from './octets.ts';
import type { Octets, Source } from './octets.ts';
import { envelopeOf, treeOf } from './reading.ts';
import { imapString } from './string.ts';
import { emailId, threadIdOf } from './thread-id.ts';

/** What is asked of, and in what. */
export interface Asked extends Source {
  /** With what the session alone knows, `\Recent`. */
  readonly flagsOf: (entry: Entry) => string;
}

/** Text as it stands in the reply, or the name of the item and its octets. */
export type Answer = string | { readonly label: string; readonly octets: Exclude<Octets, null>; readonly binary: boolean };

/** Thrown where a transfer encoding is not known: the whole command fails (RFC 3516 §4.3). */
export class UnknownEncoding extends Error {
  override readonly name = 'UnknownEncoding';
}

/** Waiting costs more than most answers: a promise only where something must be read. */
type Answerer = (asked: Asked, entry: Entry) => Answer | Promise<Answer>;

function later<T>(value: T | Promise<T>, use: (value: T) => string): string | Promise<string> {
  return value instanceof Promise ? value.then(use) : use(value);
}

const ATTRIBUTES: Readonly<Record<Attribute, Answerer>> = {
  UID: (_, { uid }) => `UID ${uid}`,
  FLAGS: ({ flagsOf }, entry) => `FLAGS (${flagsOf(entry)})`,
  INTERNALDATE: (_, { internalDate }) => `INTERNALDATE "${formatDateTime(internalDate)}"`,
  'RFC822.SIZE': ({ traceHeaders }, entry) => `RFC822.SIZE ${servedSize(entry, traceHeaders)}`,
  ENVELOPE: ({ store }, { kept }) => later(envelopeOf(store, kept), (text) => `ENVELOPE ${text}`),
  BODY: ({ store }, { kept }) => later(treeOf(store, kept), ({ body }) => `BODY ${body}`),
  BODYSTRUCTURE: ({ store }, { kept }) => later(treeOf(store, kept), ({ extended }) => `BODYSTRUCTURE ${extended}`),
  MODSEQ: (_, { modseq }) => `MODSEQ (${modseq})`,
  EMAILID: (_, { kept }) => `EMAILID (${emailId(kept.message.id)})`,
  THREADID: async ({ store }, { kept }) => `THREADID (${await threadIdOf(store, kept)})`,
  SAVEDATE: (_, { savedAt }) => `SAVEDATE "${formatDateTime(savedAt)}"`,
};

async function readSnippet({ store }: Asked, { kept }: Entry): Promise<string> {
  const { opening } = contentOf(await store.body(kept.message.id));
  return `PREVIEW ${imapString(snippet(opening, null, SNIPPET_LENGTH))}`;
}

/** With LAZY nothing is read for it (RFC 8970 §3.2). */
function preview(lazy: boolean): Answerer {
  return (asked, entry) => {
    const { indexed } = entry.kept;
    if (indexed) return `PREVIEW ${imapString(indexed.snippet)}`;
    return lazy ? 'PREVIEW NIL' : readSnippet(asked, entry);
  };
}

function known(octets: Octets | 'unknown'): Octets {
  if (octets === 'unknown') throw new UnknownEncoding();
  return octets;
}

export function answererFor(item: Item): Answerer {
  switch (item.kind) {
    case 'attribute':
      return ATTRIBUTES[item.label];
    case 'preview':
      return preview(item.lazy);
    case 'binary.size':
      return async (asked, entry) => {
        const octets = known(await decodedOf(asked, entry, item.part));
        return `${item.label} ${octets === null ? 0 : lengthOf(octets)}`;
      };
    default: {
      const { kind, label, section, partial } = item;
      const answer = (octets: Octets): Answer =>
        octets === null ? `${label} NIL` : { label, octets: cut(octets, partial), binary: kind === 'binary' };
      if (kind === 'binary') return async (asked, entry) => answer(known(await decodedOf(asked, entry, section.part)));
      return (asked, entry) => {
        const octets = sectionOf(asked, entry, section);
        return octets instanceof Promise ? octets.then(answer) : answer(octets);
      };
    }
  }
}
