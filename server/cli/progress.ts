// How far a long work is: a bar where somebody looks, else a line now and then.

import type { Terminal } from './terminal.ts';

const BAR_EVERY = 100;
const LINE_EVERY = 5000;
const WIDTH = 24;

export interface Progress {
  add(octets: number): void;
  /** Leaves the line to what comes next. */
  end(): void;
}

const megabytes = (octets: number): string => (octets / 1e6).toFixed(1);

/** `total` in octets, null where nobody knows it; `now` in ms. */
export function showProgress({ redraw, complain }: Terminal, total: number | null, now: () => number = Date.now): Progress {
  let done = 0;
  let shown = now();
  function text(): string {
    if (total === null) return `${megabytes(done)} MB`;
    const share = total === 0 ? 1 : Math.min(1, done / total);
    const bar = redraw ? `[${'#'.repeat(Math.round(share * WIDTH)).padEnd(WIDTH, '-')}] ` : '';
    return `${bar}${Math.floor(share * 100)} %, ${megabytes(done)} of ${megabytes(total)} MB`;
  }
  return {
    add(octets) {
      done += octets;
      if (now() - shown < (redraw ? BAR_EVERY : LINE_EVERY)) return;
      shown = now();
      (redraw ?? complain)(text());
    },
    end: () => redraw?.(''),
  };
}
