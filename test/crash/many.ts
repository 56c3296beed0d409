// `npm run crash`: kills the server a hundred times under load, at moments chosen by chance. `SEED=n` repeats a run.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Acknowledged } from './cycle.ts';
import { killCycle } from './cycle.ts';

const KILLS = Number(process.env['KILLS'] ?? 100);
const FOLDERS = 10; // a new folder every so often, so that a run does not spend its time on reading what it wrote
const LONGEST_MS = 700;
let seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

/** A small generator (mulberry32): the moments of a run can be had again. */
function chance(): number {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
}

console.log(`seed ${seed}`);
const total = { acknowledged: 0, marked: 0, lost: 0, damaged: 0, wrongMarks: 0 };
for (let i = 0; i < FOLDERS; i++) {
  const folder = await mkdtemp(join(tmpdir(), 'mailrig-kills-'));
  const done: Acknowledged = { messages: new Map(), marks: new Map() };
  const sent = new Set<string>();
  for (let cycle = 0; cycle < KILLS / FOLDERS; cycle++) {
    const found = await killCycle(folder, cycle, 5 + chance() * LONGEST_MS, done, sent);
    total.lost += found.lost.length;
    total.damaged += found.damaged.length;
    total.wrongMarks += found.wrongMarks.length;
    if (found.lost.length + found.damaged.length + found.wrongMarks.length > 0) console.log(`kill ${i}.${cycle}:`, found);
  }
  total.acknowledged += done.messages.size;
  total.marked += [...done.marks.values()].filter(({ tag }) => tag !== '').length;
  await rm(folder, { recursive: true });
}
console.log(
  `${KILLS} kills: ${total.acknowledged} messages and ${total.marked} marks acknowledged; ` +
    `${total.lost} lost, ${total.damaged} damaged, ${total.wrongMarks} marks wrong`,
);
process.exitCode = total.lost + total.damaged + total.wrongMarks > 0 ? 1 : 0;
