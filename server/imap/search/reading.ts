// What a search reads of one message when the state does not decide: its header as text, its content.

import { bounded } from '../../base/bounded.ts';
import type { Bounded } from '../../base/bounded.ts';
import { contentOf, foldText, isAttachment } from '../../mail/content.ts';
import type { Content } from '../../mail/content.ts';
import type { MessageId } from '../../mail/message.ts';
import { allParts, parseMime } from '../../mail/mime.ts';
import { cutAt, piecesOf } from '../../mail/pieces.ts';
import { decodeWords } from '../../mail/words.ts';
import { splitFields, textOf, unfold } from '../../mail/header.ts';
import { servedPrefix } from '../../store/served.ts';
import { pause, sliceOver } from '../../store/slices.ts';
import type { Entry } from '../../store/state.ts';
import type { Store } from '../../store/store.ts';
import { readHeaderBlock } from '../fetch/reading.ts';
import { standsIn } from './plain-text.ts';

/** Octets that the headers of messages may take in memory: those of some 20,000. */
const LIMIT = 32 * 1024 * 1024;

const memories = new WeakMap<Store, Bounded<MessageId, string>>();

function memoryOf(store: Store): Bounded<MessageId, string> {
  const memory = memories.get(store) ?? bounded<MessageId, string>(LIMIT);
  memories.set(store, memory);
  return memory;
}

/** Every field as `\nname: value`, decoded and folded. */
function foldedHeader(block: Buffer): string {
  let folded = '';
  for (const { start, colon, end } of splitFields(block.toString('latin1'))) {
    if (colon < 0) continue;
    const name = block.toString('latin1', start, colon).trimEnd();
    folded += `\n${foldText(`${name}: ${decodeWords(unfold(textOf(block.subarray(colon + 1, end))))}`)}`;
  }
  return folded;
}

/** Octets of attached text that are looked at. */
const ATTACHED = 4 * 1024 * 1024;

function* attachedTexts(raw: Buffer): Generator<string> {
  const attached = [...allParts(parseMime(raw))].filter((part) => part.type === 'text' && isAttachment(part));
  for (const part of cutAt(attached, ATTACHED)) for (const piece of piecesOf(raw, part)) yield foldText(piece);
}

/** One message of the view. */
export interface Candidate {
  readonly number: number;
  readonly entry: Entry;
}

/** One message in one search; what was read for one key is there for the next. */
export class Reading implements Candidate {
  readonly number: number;
  readonly entry: Entry;
  readonly #store: Store;
  readonly #traceHeaders: boolean;
  #raw: Promise<Buffer> | null = null;
  #content: Content | null = null;

  constructor(store: Store, { number, entry }: Candidate, traceHeaders: boolean) {
    this.#store = store;
    this.number = number;
    this.entry = entry;
    this.#traceHeaders = traceHeaders;
  }

  /** Fields as `\nname: value`; with `trace` also those that were put before the message for this account. */
  async header(trace: boolean): Promise<string> {
    const { kept } = this.entry;
    const memory = memoryOf(this.#store);
    let folded = memory.get(kept.message.id);
    if (folded === undefined) {
      folded = foldedHeader(await readHeaderBlock(this.#store, kept));
      memory.set(kept.message.id, folded, folded.length * 2 + 100);
    }
    const prefix = trace ? servedPrefix(this.entry, this.#traceHeaders) : null;
    return prefix && prefix.length > 0 ? foldedHeader(prefix) + folded : folded;
  }

  /** Whether a text part has that text; attached ones too. */
  async bodyHas(text: string): Promise<boolean> {
    const { id } = this.entry.kept.message;
    const raw = await (this.#raw ??= this.#store.body(id));
    if (standsIn(this.#store, id, raw, text)) return true;
    const content = (this.#content ??= contentOf(raw));
    for (const _ of content.decoding) if (sliceOver()) await pause();
    // White space is evened out only where it matters: that takes ten times as long as looking for a word.
    if ((text.includes(' ') ? content.words : content.lowered).includes(text)) return true;
    if (content.attachments === 0) return false;
    for (const piece of attachedTexts(raw)) {
      if (piece.includes(text)) return true;
      if (sliceOver()) await pause();
    }
    return false;
  }
}
