// `npm run crash`: kills the server again and again at moments chosen by chance: while it takes mail, and while it delivers.
// `SEED=n` repeats a run, `KILLS=n` is how many of each kind.

import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { seeded } from '../bench/english.ts';
import type { Acknowledged } from './cycle.ts';
import { killCycle } from './cycle.ts';
import { killDeliveries } from './deliveries.ts';

const KILLS = Number(process.env['KILLS'] ?? 20);
const PER_FOLDER = 10; // a new folder every so often, so that a run does not spend its time on reading what it wrote
const LONGEST_MS = 700;
const MESSAGES_PER_KILL = 12.5;

const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const chance = seeded(seed);

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'mailrig-kills-'));
  return work(folder).finally(() => rm(folder, { recursive: true }));
}

/** Whether nothing was lost. */
async function whileTaking(): Promise<boolean> {
  const total = { acknowledged: 0, marked: 0, lost: 0, damaged: 0, wrongMarks: 0 };
  for (let first = 0; first < KILLS; first += PER_FOLDER) {
    await inFolder(async (folder) => {
      const done: Acknowledged = { messages: new Map(), marks: new Map() };
      const sent = new Set<string>();
      for (let kill = first; kill < Math.min(first + PER_FOLDER, KILLS); kill++) {
        const found = await killCycle(folder, kill, 5 + chance() * LONGEST_MS, done, sent);
        total.lost += found.lost.length;
        total.damaged += found.damaged.length;
        total.wrongMarks += found.wrongMarks.length;
        if (found.lost.length + found.damaged.length + found.wrongMarks.length > 0) console.log(`kill ${kill}:`, found);
      }
      total.acknowledged += done.messages.size;
      total.marked += [...done.marks.values()].filter(({ tag }) => tag !== '').length;
    });
  }
  console.log(
    `${KILLS} kills while it takes mail: ${total.acknowledged} messages and ${total.marked} marks acknowledged; ` +
      `${total.lost} lost, ${total.damaged} damaged, ${total.wrongMarks} marks wrong`,
  );
  return total.lost + total.damaged + total.wrongMarks === 0;
}

async function whileDelivering(): Promise<boolean> {
  const found = await inFolder((folder) =>
    killDeliveries({ folder, kills: KILLS, messages: Math.ceil(KILLS * MESSAGES_PER_KILL), chance }),
  );
  const { recipients, unsure, unheard, lost, missing, doubled, undelivered } = found;
  const wrong = lost.length + missing.length + doubled.length + undelivered.length;
  console.log(
    `${KILLS} kills while it delivers: ${recipients} recipients, ${unheard} of them were taken when the process ended, ${unsure} attempts unsure; ` +
      `${lost.length} lost, ${missing.length} without a copy, ${doubled.length} doubled, ${undelivered.length} not delivered`,
  );
  if (wrong > 0) console.log(found);
  return wrong === 0;
}

console.log(`seed ${seed}`);
const whole = [await whileTaking(), await whileDelivering()];
process.exitCode = whole.includes(false) ? 1 : 0;
