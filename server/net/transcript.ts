// The lines of one session: the first ones and the newest ones, so that a long conversation has a beginning and an end.

import type { Side, TranscriptLine } from './session.ts';

/** Lines that always stay when others are dropped. */
const FIRST = 100;

/** What a line costs in memory beside its characters, octets. */
const OVERHEAD = 64;

const NO_BYTES = -1;

/**
 * Lines live in columns that are written over, not in objects: a busy server records some 200,000 lines per second,
 * and as objects they cost more in garbage collection than all the rest of a message.
 */
export class Transcript {
  readonly #at: number[] = [];
  readonly #sides: Side[] = [];
  readonly #texts: string[] = [];
  readonly #bytes: number[] = [];
  readonly #faults: (string | null)[] = [];
  readonly #first: number;
  readonly #newest: number;
  /** Lines before this one have been forgotten. */
  #from = 0;
  /** Lines ever added. */
  count = 0;
  /** Octets, about. */
  size = 0;

  /** At most `maxLines` are kept; 0 = all. */
  constructor(maxLines: number) {
    const most = maxLines === 0 ? Infinity : Math.max(maxLines, 2);
    this.#first = Math.min(FIRST, most - 1);
    this.#newest = most - this.#first;
  }

  get truncated(): boolean {
    return this.#from > 0 || this.count > this.#first + this.#newest;
  }

  #slot(line: number): number {
    return line < this.#first ? line : this.#first + ((line - this.#first) % this.#newest);
  }

  add(at: number, side: Side, text: string, bytes: number | null, faultId: string | null): void {
    const slot = this.#slot(this.count++);
    const dropped = this.#texts[slot];
    if (dropped !== undefined) this.size -= OVERHEAD + dropped.length;
    this.size += OVERHEAD + text.length;
    this.#at[slot] = at;
    this.#sides[slot] = side;
    this.#texts[slot] = text;
    this.#bytes[slot] = bytes ?? NO_BYTES;
    this.#faults[slot] = faultId;
  }

  /** More octets of what the newest line stands for: false where that is a line of another kind. */
  grow(side: Side, bytes: number, faultId: string | null): boolean {
    const slot = this.#slot(this.count - 1);
    const before = this.#bytes[slot] ?? NO_BYTES;
    if (this.count <= this.#from || before === NO_BYTES || this.#sides[slot] !== side) return false;
    if (this.#texts[slot] !== '' || this.#faults[slot] !== faultId) return false;
    this.#bytes[slot] = before + bytes;
    return true;
  }

  /** Nothing before the first one. */
  get last(): TranscriptLine | undefined {
    return this.count > this.#from ? this.#line(this.count - 1) : undefined;
  }

  /** Forgets all lines but not how many there were. */
  clear(): void {
    this.#from = this.count;
    this.size = 0;
    for (const column of [this.#at, this.#sides, this.#texts, this.#bytes, this.#faults]) column.length = 0;
  }

  #line(index: number): TranscriptLine {
    const slot = this.#slot(index);
    const bytes = this.#bytes[slot] ?? NO_BYTES;
    return {
      number: index + 1,
      at: this.#at[slot] ?? 0,
      side: this.#sides[slot] ?? 'rig',
      text: this.#texts[slot] ?? '',
      bytes: bytes === NO_BYTES ? null : bytes,
      faultId: this.#faults[slot] ?? null,
    };
  }

  lines(): TranscriptLine[] {
    const lines: TranscriptLine[] = [];
    for (let line = this.#from; line < Math.min(this.count, this.#first); line++) lines.push(this.#line(line));
    const newest = Math.max(this.#from, this.#first, this.count - this.#newest);
    for (let line = newest; line < this.count; line++) lines.push(this.#line(line));
    return lines;
  }
}
