// A search through the source of a message: counts as it reads on, and goes from one find to the next.

import { Failure } from '../../api/client.ts';
import { scan } from './scan.ts';
import type { Source } from './source.svelte.ts';

/** Finds beyond this are not counted. */
const MOST = 100_000;

export class SourceSearch {
  readonly #source: Source;
  readonly #size: number;
  /** Octets at which finds begin. */
  #hits: number[] = [];
  #aborter: AbortController | undefined;
  wanted = $state('');
  count = $state(0);
  /** The find that is shown; -1 before the first. */
  at = $state(-1);
  complete = $state(true);

  constructor(source: Source, size: number) {
    this.#source = source;
    this.#size = size;
  }

  /** The octet of the find that is shown. */
  get octet(): number | undefined {
    return this.#hits[this.at];
  }

  /** Begins anew, and goes to the first find. */
  async find(wanted: string): Promise<void> {
    this.stop();
    Object.assign(this, { wanted, count: 0, at: -1, complete: wanted === '' });
    this.#hits = [];
    if (wanted === '') return;
    const aborter = new AbortController();
    this.#aborter = aborter;
    const read = (start: number, end: number): Promise<Uint8Array> => this.#source.octets(start, end, aborter.signal);
    try {
      for await (const { hits } of scan(read, this.#size, wanted)) {
        if (aborter.signal.aborted) return;
        for (const hit of hits) this.#hits.push(hit);
        this.count = this.#hits.length;
        if (this.at < 0 && this.count > 0) this.at = 0;
        if (this.count >= MOST) return;
      }
      this.complete = true;
    } catch (error) {
      if (!aborter.signal.aborted && !(error instanceof Failure)) throw error;
    }
  }

  step(by: 1 | -1): void {
    if (this.count > 0) this.at = (this.at + by + this.count) % this.count;
  }

  stop(): void {
    this.#aborter?.abort();
  }
}
