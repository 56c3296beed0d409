// The signatures of all messages in memory: large blocks that many share, so that 100,000 of them are not 100,000 buffers.

import type { MessageId } from '../../mail/message.ts';
import type { State } from '../state.ts';
import { mayContain } from './signature.ts';

export interface Signatures {
  readonly size: number;
  /** Octets that the blocks take. */
  readonly memory: number;
  has(id: MessageId): boolean;
  /** Takes a copy; one that was there is replaced. */
  set(id: MessageId, signature: Uint32Array): void;
  delete(id: MessageId): void;
  /** False where the message's text cannot have all these trigrams; true also where nothing is known of it. */
  mayContain(id: MessageId, trigrams: readonly number[]): boolean;
}

const BLOCK = (1024 * 1024) / 4; // words of 32 bits
const UNIT = 16; // a place is counted in units of so many words: a small integer reaches 128 GB
const UNITS = BLOCK / UNIT;

/** A block has signatures of one size. */
interface Block {
  readonly number: number;
  readonly words: Uint32Array;
  /** Words of a signature. */
  readonly each: number;
  used: number;
  /** Offsets of signatures that were deleted. */
  readonly free: number[];
}

const isFull = ({ used, each, free }: Block): boolean => free.length === 0 && used + each > BLOCK;
const isEmpty = ({ used, each, free }: Block): boolean => free.length * each === used;

export function createSignatures(): Signatures {
  const blocks: (Block | undefined)[] = [];
  const places = new Map<MessageId, number>();
  /** The blocks that have room, by the size of their signatures. */
  const open = new Map<number, Set<Block>>();

  const blockAt = (place: number): Block => blocks[Math.floor(place / UNITS)] as Block;
  const offsetOf = (place: number): number => (place % UNITS) * UNIT;

  function openFor(size: number): Set<Block> {
    const known = open.get(size) ?? new Set<Block>();
    open.set(size, known);
    return known;
  }

  function addBlock(each: number): Block {
    const gap = blocks.indexOf(undefined);
    const number = gap < 0 ? blocks.length : gap;
    const block: Block = { number, words: new Uint32Array(BLOCK), each, used: 0, free: [] };
    blocks[number] = block;
    openFor(each).add(block);
    return block;
  }

  function remove(id: MessageId): void {
    const place = places.get(id);
    if (place === undefined) return;
    places.delete(id);
    const block = blockAt(place);
    block.free.push(offsetOf(place));
    openFor(block.each).add(block);
    if (!isEmpty(block)) return;
    openFor(block.each).delete(block);
    blocks[block.number] = undefined;
  }

  return {
    get size() {
      return places.size;
    },
    get memory() {
      return blocks.filter((block) => block !== undefined).length * BLOCK * 4;
    },
    has: (id) => places.has(id),
    set(id, signature) {
      remove(id);
      const [first] = openFor(signature.length);
      const block = first ?? addBlock(signature.length);
      const offset = block.free.pop() ?? block.used;
      if (offset === block.used) block.used += block.each;
      block.words.set(signature, offset);
      places.set(id, block.number * UNITS + offset / UNIT);
      if (isFull(block)) openFor(block.each).delete(block);
    },
    delete: remove,
    mayContain(id, trigrams) {
      const place = places.get(id);
      if (place === undefined) return true;
      const block = blockAt(place);
      return mayContain(block.words, offsetOf(place), block.each, trigrams);
    },
  };
}

const known = new WeakMap<State, Signatures>();

/** The signatures of a state's messages: they follow from it and are no part of it. */
export function signaturesOf(state: State): Signatures {
  const signatures = known.get(state) ?? createSignatures();
  known.set(state, signatures);
  return signatures;
}
