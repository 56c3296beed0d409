// What reading a message has told, kept for the next command: where its header ends, its ENVELOPE, its tree.

import { bounded } from '../../base/bounded.ts';
import type { Bounded } from '../../base/bounded.ts';
import { headerEnd, valuesIn } from '../../mail/header.ts';
import type { MessageId } from '../../mail/message.ts';
import { parseMime } from '../../mail/mime.ts';
import type { Kept } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { structures } from './body-structure.ts';
import type { Structures } from './body-structure.ts';
import { envelope } from './envelope.ts';
import { countParts, outlineOf } from './outline.ts';
import type { Outline } from './outline.ts';

export interface Opened extends Structures {
  readonly outline: Outline;
}

interface Memory {
  readonly envelopes: Bounded<MessageId, string>;
  readonly trees: Bounded<MessageId, Opened>;
}

/** Octets that each memory may take: the envelopes, or the trees, of some 40,000 usual messages. */
const LIMIT = 32 * 1024 * 1024;
const PART_WEIGHT = 120;

const memories = new WeakMap<Store, Memory>();

function memoryOf(store: Store): Memory {
  const memory = memories.get(store) ?? { envelopes: bounded(LIMIT), trees: bounded(LIMIT) };
  memories.set(store, memory);
  return memory;
}

/** In one piece: a text that was put together from slices keeps all that they were cut from alive. */
const own = (text: string): string => Buffer.from(text).toString();

/** Octets that are read to find the end of a header; four times as many, when they are not enough. */
const FIRST = 4 * 1024;

const headerSizes = new WeakMap<Kept, number>();

/** The header block of the raw message with its empty line; nothing beyond it is read once its size is known. */
export async function readHeaderBlock(store: Store, kept: Kept): Promise<Buffer> {
  const { id, size } = kept.message;
  const known = headerSizes.get(kept);
  if (known !== undefined) return store.bodyRange(id, 0, known);
  for (let length = Math.min(FIRST, size); ; length = Math.min(length * 4, size)) {
    const start = await store.bodyRange(id, 0, length);
    const end = headerEnd(start);
    if (end === length && length < size) continue;
    headerSizes.set(kept, end);
    return start.subarray(0, end);
  }
}

/** Known, or else a promise of it: waiting costs more than looking. */
export function envelopeOf(store: Store, kept: Kept): string | Promise<string> {
  const { envelopes } = memoryOf(store);
  const known = envelopes.get(kept.message.id);
  if (known !== undefined) return known;
  return readHeaderBlock(store, kept).then((block) => {
    const text = own(envelope(valuesIn(block)));
    envelopes.set(kept.message.id, text, text.length + 100);
    return text;
  });
}

export function treeOf(store: Store, kept: Kept): Opened | Promise<Opened> {
  const { trees } = memoryOf(store);
  const known = trees.get(kept.message.id);
  if (known !== undefined) return known;
  return store.body(kept.message.id).then((raw) => {
    const root = parseMime(raw);
    const { body, extended } = structures(raw, root);
    const opened: Opened = { outline: outlineOf(root), body: own(body), extended: own(extended) };
    const weight = opened.body.length + opened.extended.length + countParts(opened.outline) * PART_WEIGHT;
    trees.set(kept.message.id, opened, weight);
    headerSizes.set(kept, root.headerEnd);
    return opened;
  });
}
