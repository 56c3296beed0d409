// The signature of a text: bits of its hashed trigrams, by which a search rejects a text without reading it.

import { endianness } from 'node:os';

/**
 * Words of 32 bits in a signature: a power of two between these. A text of 5 kB has some 1,400 different trigrams and gets
 * 1 kB, of which 16 % is set: a word of five letters then lets one foreign text in 250 pass, one of four letters one in 40.
 */
const LEAST = 64 / 4;
/** Enough for 7,200 trigrams at that rate, those of several MB of prose. */
const MOST = 4096 / 4;
/** The size is doubled until there are so many bits for each trigram: less than 20 % are set then. */
const BITS_EACH = 4.5;

/** Of three UTF-16 units; the low bits are as good as the high ones. */
function hash(a: number, b: number, c: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca77) ^ Math.imul(c, 0xc2b2ae3d);
  h = Math.imul(h ^ (h >>> 15), 0x2c1b3c6d);
  return h ^ (h >>> 13);
}

/** Hashes of the trigrams of a folded text, each once; none for a text of less than three UTF-16 units. */
export function trigramsOf(text: string): number[] {
  const found = new Set<number>();
  for (let i = 2; i < text.length; i++) found.add(hash(text.charCodeAt(i - 2), text.charCodeAt(i - 1), text.charCodeAt(i)));
  return [...found];
}

/** Sets the bits of the trigrams of `text[from, end)`. */
function mark(bits: Uint32Array, text: string, from: number, end: number): void {
  let a = text.charCodeAt(from);
  let b = text.charCodeAt(from + 1);
  for (let i = from + 2; i < end; i++) {
    const c = text.charCodeAt(i);
    const bit = hash(a, b, c) & (MOST * 32 - 1);
    bits[bit >>> 5] = (bits[bit >>> 5] as number) | (1 << (bit & 31));
    a = b;
    b = c;
  }
}

function countOnes(bits: Uint32Array): number {
  let ones = 0;
  for (let word of bits) for (; word !== 0; word &= word - 1) ones++;
  return ones;
}

/** Hashes are cut to the size of a signature, so that a smaller one is the larger one folded. */
function fold(bits: Uint32Array, size: number): Uint32Array {
  const folded = new Uint32Array(size);
  for (let start = 0; start < bits.length; start += size) {
    for (let i = 0; i < size; i++) folded[i] = (folded[i] as number) | (bits[start + i] as number);
  }
  return folded;
}

/** UTF-16 units that are looked at in one step: 2 ms. */
const STEP = 512 * 1024;

/** Makes the signature of a folded text in steps. */
export function* signing(text: string): Generator<void, Uint32Array> {
  const bits = new Uint32Array(MOST);
  for (let at = 0; at < text.length; at += STEP) {
    if (at > 0) yield;
    mark(bits, text, at, Math.min(at + STEP + 2, text.length));
  }
  const ones = countOnes(bits);
  let size = LEAST;
  while (size < MOST && ones * BITS_EACH > size * 32) size *= 2;
  return fold(bits, size);
}

/** The signature of a folded text at once. */
export function signatureOf(text: string): Uint32Array {
  const steps = signing(text);
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** False where the text of the signature in `words[start, start + size)` cannot have all these trigrams. */
export function mayContain(words: Uint32Array, start: number, size: number, trigrams: readonly number[]): boolean {
  const mask = size * 32 - 1;
  for (let i = 0; i < trigrams.length; i++) {
    const bit = (trigrams[i] as number) & mask;
    if (((words[start + (bit >>> 5)] as number) & (1 << (bit & 31))) === 0) return false;
  }
  return true;
}

/** Says how the bits lie, and changes with everything else by which equal texts get other signatures: one kept before is not used then. */
const FORMAT = endianness() === 'LE' ? 1 : 2;

export const toStored = (signature: Uint32Array): Buffer => Buffer.concat([Buffer.of(FORMAT), new Uint8Array(signature.buffer)]);

/** Null for what is no signature as they are made now. */
export function fromStored(stored: Buffer): Uint32Array | null {
  const size = (stored.length - 1) / 4;
  if (stored[0] !== FORMAT || !(size >= LEAST && size <= MOST) || (size & (size - 1)) !== 0 || !Number.isInteger(size)) return null;
  const signature = new Uint32Array(size);
  new Uint8Array(signature.buffer).set(stored.subarray(1));
  return signature;
}
