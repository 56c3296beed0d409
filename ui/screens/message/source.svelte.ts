// The source of a message as rows of octets, fetched in blocks as they come into view; few of them are kept.

import type { Lines } from '../../../server/http/contract/types.ts';
import { Failure, getLines, getOctets, rawUrl } from '../../api/client.ts';
import { cutRows } from './rows.ts';

const MOST_BLOCKS = 16;

type Rows = readonly Uint8Array[];
type Block = readonly [number: number, rows: Rows];

export class Source {
  readonly #id: string;
  readonly #size: number;
  readonly #signal: AbortSignal;
  lines: Lines | undefined = $state.raw();
  failure: Failure | undefined = $state.raw();
  /** Block → its rows, in the order in which they came. */
  #blocks: readonly Block[] = $state.raw([]);
  readonly #fetching: Record<number, Promise<Rows>> = {};

  /** Rows. */
  #view: readonly [first: number, last: number] = [0, 0];

  constructor(id: string, size: number, signal: AbortSignal) {
    this.#id = id;
    this.#size = size;
    this.#signal = signal;
  }

  async open(): Promise<void> {
    this.failure = undefined;
    try {
      this.lines = await getLines(this.#id, this.#signal);
    } catch (error) {
      if (error instanceof Failure) this.failure = error;
    }
  }

  /** Undefined until it is there. */
  row(index: number): Uint8Array | undefined {
    const every = this.lines?.every ?? 1;
    return this.#known(Math.floor(index / every))?.[index % every];
  }

  /** Brings what these rows need, once. */
  look(first: number, last: number): void {
    const { lines } = this;
    if (!lines || lines.total === 0 || last < 0) return;
    this.#view = [first, last];
    for (let block = Math.floor(first / lines.every); block <= Math.floor(last / lines.every); block++) {
      this.#block(block).catch((error: unknown) => {
        if (error instanceof Failure) this.failure = error;
      });
    }
  }

  /** The octets from `start` to before `end`, not kept. */
  octets(start: number, end: number, signal: AbortSignal): Promise<Uint8Array> {
    return getOctets(rawUrl(this.#id), start, end, signal);
  }

  /** The row in which an octet lies. */
  async rowOf(octet: number): Promise<number> {
    const { lines } = this;
    if (!lines) return 0;
    const after = lines.offsets.findIndex((offset) => offset > octet);
    const block = (after < 0 ? lines.offsets.length : after) - 1;
    let at = lines.offsets[block] ?? 0;
    const rows = await this.#block(block);
    const within = rows.findIndex((row) => (at += row.length) > octet);
    return block * lines.every + Math.max(0, within);
  }

  #known(block: number): Rows | undefined {
    return this.#blocks.find(([number]) => number === block)?.[1];
  }

  async #block(block: number): Promise<Rows> {
    const known = this.#known(block);
    if (known) return known;
    try {
      const rows = await (this.#fetching[block] ??= this.#fetch(block));
      this.#blocks = this.#forgotten([...this.#blocks, [block, rows]]);
      return rows;
    } finally {
      delete this.#fetching[block];
    }
  }

  #inView(block: number): boolean {
    const every = this.lines?.every ?? 1;
    return this.#view.some((row) => Math.floor(row / every) === block);
  }

  /** The block that came first goes first, unless it is in view. */
  #forgotten(blocks: readonly Block[]): readonly Block[] {
    let over = blocks.length - MOST_BLOCKS;
    return blocks.filter(([block]) => over <= 0 || this.#inView(block) || over-- <= 0);
  }

  async #fetch(block: number): Promise<Rows> {
    const { offsets = [], width = 1 } = this.lines ?? {};
    return cutRows(await this.octets(offsets[block] ?? 0, offsets[block + 1] ?? this.#size, this.#signal), width);
  }
}
