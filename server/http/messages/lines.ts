// Finds where the lines of a stored message begin, reading it piece by piece.

import { RowCounter } from '../../mail/rows.ts';
import { pause, sliceOver } from '../../store/slices.ts';
import type { Lines } from '../contract/types.ts';

const EVERY = 1000;
/** Octets of a row, at most. */
const WIDTH = 4096;
/** Octets that are read at once. */
const PIECE = 256 * 1024;

export async function linesOf(size: number, read: (start: number, end: number) => Promise<Buffer>): Promise<Lines> {
  const rows = new RowCounter(EVERY, WIDTH);
  for (let start = 0; start < size; start += PIECE) {
    rows.take(await read(start, Math.min(size, start + PIECE)));
    if (sliceOver()) await pause();
  }
  const { total, offsets } = rows.end();
  return { total, every: EVERY, width: WIDTH, offsets: [...offsets] };
}
